/**
 * What no store takes, because PostgreSQL has no place for it: U+0000 in text, and times that are no date.
 * Clients are refused earlier, and projection reads such values of peers as unset (STO1), so nothing of the kind
 * should come here. That both stores draw the same line is part of their contract.
 */
import type { Player } from "../../crdt/player.ts";
import { BatchRefusedError } from "./errors.ts";
import type { Batch } from "./log-store.ts";

const CHARACTER_NOT_IN_REPERTOIRE = "22021";
const DATETIME_FIELD_OVERFLOW = "22008";
const NUL = "\u0000";
/** As far from 1970 as a date can be (ECMAScript, time values and time range), milliseconds. */
const DATE_MS_MAX = 8.64e15;

/** @throws BatchRefusedError */
export function requireStorable({ players, origins, quarantined }: Batch): void {
  for (const player of players) {
    for (const text of textsOf(player)) requireText(text);
    requireDate(player.createdAtMs);
  }
  for (const { server } of origins) requireText(server);
  for (const { reason, detail } of quarantined) [reason, detail].forEach(requireText);
}

/** Whether any row can have this text: no row has what was refused. */
export function isStorableText(text: string): boolean {
  return !text.includes(NUL);
}

function* textsOf(player: Player): Iterable<unknown> {
  yield player.username;
  yield player.displayName;
  yield player.region;
  yield player.platform;
  yield player.homeServer;
  for (const key in player.metadata) {
    yield key;
    yield player.metadata[key];
  }
  for (const { provider, subject } of player.identities) {
    yield provider;
    yield subject;
  }
}

function requireText(text: unknown): void {
  if (typeof text !== "string" || isStorableText(text)) return;
  throw new BatchRefusedError(CHARACTER_NOT_IN_REPERTOIRE, new RangeError("a text holds U+0000"));
}

function requireDate(ms: number): void {
  if (Number.isInteger(ms) && Math.abs(ms) <= DATE_MS_MAX) return;
  throw new BatchRefusedError(DATETIME_FIELD_OVERFLOW, new RangeError(`${ms} ms is no date`));
}
