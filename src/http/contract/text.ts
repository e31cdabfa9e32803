/**
 * The texts that requests are made of. Control characters and lone surrogates never come this far: the body's
 * and the query's guard refuse them everywhere.
 */
import { z } from "zod";
import { LABEL_LENGTH_MAX } from "./limits.ts";

/** Something that leaves a mark on a screen. */
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{C}\p{Z}\p{M}]/u;
/** They turn the text around them about, so that one name can be shown as another. */
const BIDIRECTIONAL = /\p{Bidi_Control}/u;

/** Text of `min` to `max` code points. */
export function text(min: 0 | 1, max: number): z.ZodString {
  const error = min === 0 ? `must have at most ${max} characters` : `must have ${min} to ${max} characters`;
  return z
    .string()
    .refine((value) => lengthIsWithin(value, min, max), { error })
    .meta({ minLength: min, maxLength: max });
}

/** A name that people read: visible, without space around it. */
export function visibleName(max: number): z.ZodString {
  return text(1, max)
    .refine((value) => value.length === 0 || VISIBLE.test(value), { error: "must have a visible character" })
    .refine((value) => value === value.trim(), { error: "must not begin or end with white space" })
    .refine((value) => !BIDIRECTIONAL.test(value), { error: "must not have bidirectional controls" });
}

/** A short word of a game's own choice: a region, a platform. */
export const label = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, {
    error: "must have letters, digits, _ and - only, and begin with a letter or digit",
  })
  .max(LABEL_LENGTH_MAX);

/** Any UUID; answered and stored in lower case. */
export const uuid = z.guid({ error: "must be a UUID" }).toLowerCase();

/** A time in RFC 3339, UTC. */
export const time = z.iso.datetime();

/** A code point has one or two units, so most texts need not be counted. */
function lengthIsWithin(value: string, min: 0 | 1, max: number): boolean {
  if (value.length < min || value.length > 2 * max) return false;
  return value.length <= max || codePoints(value) <= max;
}

function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}
