/**
 * The ban list of a player (PLY3): entries are added and lifted, never replaced or removed, so that whoever lifts
 * one lifts what it has seen, and nothing that was added elsewhere meanwhile.
 *
 * In the map `bans`, `<ban id>` holds `<stamp> <by> <until> <reason>`, where until is milliseconds since 1970 or
 * `-` for ever, and `<ban id>/lifted` the stamp of the lifting. Time is the reader's: no ban ends by a change.
 */
import type { Registers, Scalar } from "./document.ts";
import { FOLLOWED_MS_MAX, isStamp, type Stamp, stampMs } from "./hybrid-clock.ts";
import { readText } from "./storable-register.ts";

/** An entry of the ban list, in force until `untilMs`, unless it was lifted. */
export interface Ban {
  readonly id: string;
  readonly reason: string;
  /** On whose behalf: the kind of caller. */
  readonly by: string;
  /** Milliseconds since 1970, of the ban. */
  readonly fromMs: number;
  /** Milliseconds since 1970; null for ever. */
  readonly untilMs: number | null;
  readonly lifted: boolean;
}

/** What a ban is made of; `by` has no white space, the id no slash. */
export interface NewBan extends Pick<Ban, "id" | "reason" | "by" | "untilMs"> {
  readonly stamp: Stamp;
}

/** The end of a ban for ever, in milliseconds since 1970: the last time that ECMAScript can hold. */
export const FOREVER_MS = 8.64e15;

/** Generous, like `TEXT_LENGTH_MAX`. */
const REASON_LENGTH_MAX = 4_096;
const FOR_EVER = "-";
const PATTERN = /^([0-9a-f]{16}) (\S+) (-|[0-9]{1,15}) (.*)$/su;

/** The value of a ban's register. */
export function formatBan({ stamp, by, untilMs, reason }: Omit<NewBan, "id">): string {
  return `${stamp} ${by} ${untilMs ?? FOR_EVER} ${reason}`;
}

/** The key that says of a ban that it was lifted. */
export function liftedKey(banId: string): string {
  return `${banId}/lifted`;
}

/** All that the map holds, sorted by id; what is malformed, unstorable or past the year 9999 is left out (STO1). */
export function readBans(registers: Readonly<Registers>): Ban[] {
  const bans: Ban[] = [];
  for (const id of Object.keys(registers).sort()) {
    const ban = parseBan(id, registers[id], isStamp(registers[liftedKey(id)]));
    if (ban) bans.push(ban);
  }
  return bans;
}

/** Whether the entry bans the player at this time, in milliseconds since 1970. */
export function banInForce(ban: Pick<Ban, "untilMs" | "lifted">, nowMs: number): boolean {
  return !ban.lifted && nowMs < (ban.untilMs ?? FOREVER_MS);
}

/** Before this time, in milliseconds since 1970, the player is banned; null when no entry is left unlifted. */
export function bannedUntilMs(bans: readonly Pick<Ban, "untilMs" | "lifted">[]): number | null {
  const ends = bans.filter(({ lifted }) => !lifted).map(({ untilMs }) => untilMs ?? FOREVER_MS);
  return ends.reduce<number | null>((latest, end) => Math.max(latest ?? end, end), null);
}

function parseBan(id: string, value: Scalar | undefined, lifted: boolean): Ban | undefined {
  const match = typeof value === "string" && isBanId(id) ? PATTERN.exec(value) : null;
  if (!match) return undefined;
  const [, stamp = "", byText, until = "", reasonText] = match;
  const by = readText(byText);
  const reason = readText(reasonText, REASON_LENGTH_MAX);
  const fromMs = stampMs(stamp);
  const untilMs = until === FOR_EVER ? null : Number(until);
  if (by === null || reason === null || Math.max(fromMs, untilMs ?? 0) > FOLLOWED_MS_MAX) return undefined;
  return { id, reason, by, fromMs, untilMs, lifted };
}

function isBanId(key: string): boolean {
  return key !== "" && !key.includes("/") && readText(key) !== null;
}
