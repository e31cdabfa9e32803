/** What options of operators' commands may be. */
import { InvalidArgumentError } from "commander";

const SINCE = /^(\d{1,6})\s*(s|min|m|h|d)$/;
const MS_IN: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;
const LIMIT_MAX = 10_000;

/** A time, or how long ago it was, as RFC 3339. */
export function parseSince(text: string): string {
  const [, number, unit = ""] = SINCE.exec(text) ?? [];
  if (number !== undefined) return new Date(Date.now() - Number(number) * (MS_IN[unit] ?? 0)).toISOString();
  const ms = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new InvalidArgumentError("expected 30min, 12h, 7d, or a time like 2030-01-31T12:00:00Z");
}

export function parseLimit(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= LIMIT_MAX) return number;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${LIMIT_MAX}`);
}
