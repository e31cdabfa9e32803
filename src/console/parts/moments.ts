/** Times as documents keep them (crdt/SPEC.md): milliseconds, or the stamp that a value or a key begins with. */

/** 48 bits of milliseconds since 1970 and a counter of 16, in hexadecimal digits. */
const STAMP = /^([0-9a-f]{12})[0-9a-f]{4}(?: (.*))?$/s;
const HEXADECIMAL = 16;
/** Maps whose values are a stamp, or begin with one. */
const STAMPED_VALUES = ["bans", "identities", "merges", "reports", "settlements"];
/** Maps whose keys have a stamp between slashes; their values say only that it happened. */
const STAMPED_KEYS = ["facts", "seats"];

export interface Moment {
  readonly date: Date;
  /** What the value says beside the time. */
  readonly rest: string;
}

/** The time in a register; undefined where there is none. */
export function momentOf(path: string, value: unknown): Moment | undefined {
  if (path === "createdAt" && typeof value === "number") return momentAt(value);
  const [map = "", ...key] = path.split("/");
  if (STAMPED_VALUES.includes(map) && typeof value === "string") return momentInStamp(value);
  if (STAMPED_KEYS.includes(map)) return key.map(momentInStamp).find((moment) => moment !== undefined);
  return undefined;
}

/** To the second, in the reader's time zone. */
export function dateText(date: Date): string {
  return date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

function momentInStamp(text: string): Moment | undefined {
  const [, digits, rest] = STAMP.exec(text) ?? [];
  return digits === undefined ? undefined : momentAt(Number.parseInt(digits, HEXADECIMAL), rest);
}

function momentAt(ms: number, rest = ""): Moment | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : { date, rest };
}
