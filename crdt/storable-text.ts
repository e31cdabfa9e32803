/**
 * Which texts every server can hold (STO1). A change may carry any text; PostgreSQL has no U+0000 in text and
 * jsonb, UTF-8 no half of a surrogate pair, and an index no row of more than 2,704 bytes.
 */

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Lengths are in UTF-16 code units, as `String.length` has them; each takes at most three bytes. */
export function isStorableText(text: string, lengthMax: number): boolean {
  return text.length <= lengthMax && !text.includes("\0") && !LONE_SURROGATE.test(text);
}
