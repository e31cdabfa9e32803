/** The free-form fields of a record, as far as every server can store them (STO1). */
import { emptyRegisters, type Registers, type Scalar } from "./document.ts";
import { TEXT_LENGTH_MAX } from "./storable-register.ts";
import { isStorableText } from "./storable-text.ts";

/** Generous, like `TEXT_LENGTH_MAX`. */
const METADATA_TEXT_LENGTH_MAX = 4_096;

/** Without the keys and values that some server could not store; keys sorted. */
export function storableMetadata(metadata: Readonly<Registers>): Registers {
  const storable = emptyRegisters();
  for (const key of Object.keys(metadata).sort()) {
    const value = metadata[key] as Scalar;
    if (isStorableKey(key) && isStorableValue(value)) storable[key] = value;
  }
  return storable;
}

/** `__proto__` would set the prototype of whatever object a client copies the metadata to. */
function isStorableKey(key: string): boolean {
  return key !== "__proto__" && isStorableText(key, TEXT_LENGTH_MAX);
}

function isStorableValue(value: Scalar): boolean {
  return typeof value !== "string" || isStorableText(value, METADATA_TEXT_LENGTH_MAX);
}
