/**
 * Registers as every server can store them (STO1): what is missing, of a wrong type or unstorable reads as unset,
 * so that no record can halt the others.
 */
import type { Scalar } from "./document.ts";
import { FOLLOWED_MS_MAX, isStamp, type Stamp, stampMs } from "./hybrid-clock.ts";
import { isStorableText } from "./storable-text.ts";

/**
 * What is longer reads as unset, in UTF-16 code units. Generous: several times what clients may write, so that
 * these may be allowed more one day without a change of meaning.
 */
export const TEXT_LENGTH_MAX = 256;

/** A text, or null for unset. */
export function readText(value: Scalar | undefined, lengthMax = TEXT_LENGTH_MAX): string | null {
  return typeof value === "string" && isStorableText(value, lengthMax) ? value : null;
}

/** A time in milliseconds since 1970, to the end of 9999; 0 for unset. */
export function readTime(value: Scalar | undefined): number {
  if (typeof value !== "number" || !Number.isInteger(value)) return 0;
  return value >= 0 && value <= FOLLOWED_MS_MAX ? value : 0;
}

/** A stamp up to the end of 9999, or null for unset. */
export function readStamp(value: Scalar | undefined): Stamp | null {
  return isStamp(value) && stampMs(value) <= FOLLOWED_MS_MAX ? value : null;
}
