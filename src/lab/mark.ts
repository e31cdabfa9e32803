/** A text that one write alone puts into a record, so that the write is found again wherever it went. */
import type { Random } from "./random.ts";

export const MARK = /mark-[0-9]{7}-[0-9a-f]{8}/g;

/** Gives another one at each call. */
export function marks(random: Random): () => string {
  let number = 0;
  return () => `mark-${String(++number).padStart(7, "0")}-${random.hex(8)}`;
}
