/**
 * The texts that requests are made of. Control characters and lone surrogates never come this far: the guards of
 * body, query and path refuse them everywhere.
 */
import { z } from "zod";
import { ADDRESS_LENGTH_MAX, LABEL_LENGTH_MAX, REASON_LENGTH_MAX, TIME_MS_MAX } from "./limits.ts";

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

/** A sentence for those who ask why something was done. */
export const reason = text(1, REASON_LENGTH_MAX).refine((value) => value === "" || VISIBLE.test(value), {
  error: "must have a visible character",
});

/** Where to connect, in whatever form the game gives it. */
export const address = z
  .string()
  .regex(/^[\x21-\x7e]+$/, { error: "must have visible ASCII characters only" })
  .max(ADDRESS_LENGTH_MAX);

/** A short word of a game's own choice: a region, a platform, a mode. */
export const label = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, {
    error: "must have letters, digits, _ and - only, and begin with a letter or digit",
  })
  .max(LABEL_LENGTH_MAX);

/** Any UUID; answered and stored in lower case. */
export const uuid = z.guid({ error: "must be a UUID" }).toLowerCase();

/** What a server may be called. */
export const serverName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: "must be the name of a server" });

/** A time in RFC 3339, UTC. */
export const time = z.iso.datetime();

/** A time that a request gives: RFC 3339 with any offset, up to the year 9999; in milliseconds since 1970. */
export const moment = z.iso
  .datetime({ offset: true, error: "must be a time like 2030-01-31T12:00:00Z" })
  .transform((value) => Date.parse(value))
  .refine((ms) => ms <= TIME_MS_MAX, { error: "must not be after the year 9999" })
  .meta({ type: "string", format: "date-time" });

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
