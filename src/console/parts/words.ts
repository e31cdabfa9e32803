/** Ages, ids and counts in few characters. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Of `2026-01-31T12:00`. */
const MINUTE_DIGITS = 16;
const UNITS = [
  [60, "s"],
  [60, "min"],
  [24, "h"],
  [Number.POSITIVE_INFINITY, "d"],
] as const;
const ID_DIGITS = 8;

/** `12 s ago`, `3 h ago`; what lies ahead is `now`. */
export function ageText(ms: number): string {
  let count = Math.floor(ms / SECOND_MS);
  if (count < 1) return "now";
  for (const [size, unit] of UNITS) {
    if (count < size) return `${count} ${unit} ago`;
    count = Math.floor(count / size);
  }
  return "";
}

/** Ids made at about one time begin alike, so the end is shown. */
export function shortId(id: string): string {
  return `…${id.slice(-ID_DIGITS)}`;
}

/** By what a player is shown: its handle, which is its own, or what it calls itself; null where it has neither. */
export function playerName(player: {
  readonly handle: string | null;
  readonly displayName: string | null;
}): string | null {
  return player.handle ?? player.displayName;
}

/** Of a hash, which differs at once. */
export function shortHash(hash: string): string {
  return hash.slice(0, ID_DIGITS);
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** As an input of a local time takes it, to the minute. */
export function localInputText(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * MINUTE_MS);
  return local.toISOString().slice(0, MINUTE_DIGITS);
}

/** The moment that an address names, as the server takes it; empty for what is none. */
export function momentIn(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? "" : new Date(ms).toISOString();
}

const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

/** A sentence in pieces: texts and, at odd places, ids. */
export function piecesOf(sentence: string): string[] {
  const ids = sentence.match(UUID) ?? [];
  return sentence.split(UUID).flatMap((text, index) => [text, ...ids.slice(index, index + 1)]);
}

/** A sentence whose ids are cut short. */
export function withShortIds(sentence: string): string {
  return sentence.replace(UUID, shortId);
}
