/** Which of the values that Automerge knows are values of registers (DOC2). */
import type { Scalar } from "./document.ts";

/**
 * The types that registers hold: as `getWithType` names them and as `decodeChange` does, which names none for
 * texts and booleans. Of all others, a counter and a timestamp would pass for numbers, an object for its id.
 */
const SCALAR_TYPES: ReadonlySet<string | undefined> = new Set([
  "str",
  "boolean",
  "int",
  "uint",
  "f64",
  "float64",
  undefined,
]);

/** Values of types that this version does not know are left alone in the document and not read (UNK1). */
export function toScalar(type: string | undefined, value: unknown): Scalar | undefined {
  if (!SCALAR_TYPES.has(type)) return undefined;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  const number = Number(value);
  const isFloat = type === "f64" || type === "float64";
  const isExact = isFloat ? Number.isFinite(number) : Number.isSafeInteger(number);
  return isExact ? withoutNegativeZero(number) : undefined;
}

/** JSON and Automerge's integers have one zero. */
export function withoutNegativeZero(value: Scalar): Scalar {
  return value === 0 ? 0 : value;
}
