/**
 * Hybrid logical clock (CLK1), after Kulkarni et al., "Logical Physical Clocks" (2014).
 *
 * A stamp is 64 bits written as 16 hexadecimal digits: 48 bits of milliseconds since 1970 and a counter of
 * 16 bits, so that stamps compare as strings. Pure: the wall clock is a parameter, the last stamp is the state.
 */
import { MalformedTextError } from "./errors.ts";

/** 16 lower-case hexadecimal digits; the order of strings is the order of time. */
export type Stamp = string;

/** Earlier than every stamp that a clock gives. */
export const STAMP_ZERO: Stamp = "0000000000000000";

const COUNTER_MAX = 0xffff;
/**
 * The end of the year 9999, the last that RFC 3339 can write. No wall clock and no stamp that was received takes
 * a clock past it, so that a faulty one leaves room for every stamp that will ever be given.
 */
export const FOLLOWED_MS_MAX = Date.UTC(10_000, 0) - 1;
const MS_DIGITS = 12;
const PATTERN = /^[0-9a-f]{16}$/;

/** The stamp of an event now: later than `last`, and not behind the wall clock (milliseconds), up to 9999. */
export function nextStamp(last: Stamp, wallMs: number): Stamp {
  const lastMs = stampMs(last);
  const wall = Math.min(Math.floor(wallMs), FOLLOWED_MS_MAX);
  if (wall > lastMs) return formatStamp(wall, 0);
  const counter = stampCounter(last);
  return counter < COUNTER_MAX ? formatStamp(lastMs, counter + 1) : formatStamp(lastMs + 1, 0);
}

/** What a clock becomes after it received a stamp: the later of the two, unless that is past the year 9999. */
export function laterStamp(last: Stamp, received: Stamp): Stamp {
  return received > last && stampMs(received) <= FOLLOWED_MS_MAX ? received : last;
}

/** The milliseconds since 1970 in a stamp. */
export function stampMs(stamp: Stamp): number {
  return Number.parseInt(stamp.slice(0, MS_DIGITS), 16);
}

/** Whether what a document holds is a stamp. */
export function isStamp(value: unknown): value is Stamp {
  return typeof value === "string" && PATTERN.test(value);
}

/** @throws MalformedTextError when the text is no stamp. */
export function parseStamp(text: string): Stamp {
  if (!isStamp(text)) throw new MalformedTextError("a stamp of 16 hexadecimal digits", text);
  return text;
}

function stampCounter(stamp: Stamp): number {
  return Number.parseInt(stamp.slice(MS_DIGITS), 16);
}

function formatStamp(ms: number, counter: number): Stamp {
  return ms.toString(16).padStart(MS_DIGITS, "0") + counter.toString(16).padStart(4, "0");
}
