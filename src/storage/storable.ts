/**
 * What no store takes, because PostgreSQL has no place for it: U+0000 and halves of surrogate pairs in text, times
 * that are no date, ids that are no UUID, claims on what is too long for an index. Clients are refused earlier, and
 * projection reads such values of peers as unset (STO1), so nothing of the kind should come here. That both stores
 * draw the same line is part of their contract.
 */
import { isDocumentId } from "../../crdt/ids.ts";
import { type Match, participantIdsOf } from "../../crdt/match.ts";
import { BatchRefusedError } from "./errors.ts";
import type { Batch } from "./log-store.ts";
import type { PlayerRow } from "./player-row.ts";

const CHARACTER_NOT_IN_REPERTOIRE = "22021";
const DATETIME_FIELD_OVERFLOW = "22008";
const NUMERIC_VALUE_OUT_OF_RANGE = "22003";
const INVALID_TEXT_REPRESENTATION = "22P02";
const PROGRAM_LIMIT_EXCEEDED = "54000";

const NUL = "\u0000";
const LONE_SURROGATE = /\p{Surrogate}/u;
/** As far from 1970 as a date can be (ECMAScript, time values and time range), milliseconds. */
const DATE_MS_MAX = 8.64e15;
/** An index of PostgreSQL takes rows of 2,704 bytes: the key, and some for the rest. */
const KEY_BYTES_MAX = 2_600;
/** A scope is a key with its kind before it: what can be claimed can be contested. */
const SCOPE_BYTES_MAX = KEY_BYTES_MAX + 16;

/** @throws BatchRefusedError */
export function requireStorable(batch: Batch): void {
  for (const row of batch.players) requirePlayer(row);
  for (const match of batch.matches) requireMatch(match);
  for (const group of batch.claims) {
    requireTexts(group);
    requireKey(group.key, KEY_BYTES_MAX);
  }
  for (const scope of batch.conflictScopes) requireKey(scope, SCOPE_BYTES_MAX);
  for (const conflict of batch.conflicts) {
    requireTexts(conflict);
    requireKey(conflict.scope, SCOPE_BYTES_MAX);
    conflict.documentIds.forEach(requireId);
  }
  requireTexts(batch.ratingMarks);
  requireTexts(batch.audits);
  requireTexts(batch.origins);
  requireTexts(batch.quarantined);
}

/** Whether any row can have this text: no row has what was refused. */
export function isStorableText(text: string): boolean {
  return !text.includes(NUL) && !LONE_SURROGATE.test(text);
}

function requirePlayer({ player, survivorId }: PlayerRow): void {
  requireTexts(player);
  requireDate(player.createdAtMs);
  for (const { fromMs, untilMs } of player.bans) {
    requireDate(fromMs);
    if (untilMs !== null) requireDate(untilMs);
  }
  for (const id of player.mergedWith) requireId(id);
  requireId(survivorId);
}

function requireMatch(match: Match): void {
  requireTexts(match);
  requireDate(match.createdAtMs);
  for (const id of participantIdsOf(match)) requireId(id);
  if (!Number.isSafeInteger(match.capacity)) {
    throw new BatchRefusedError(NUMERIC_VALUE_OUT_OF_RANGE, new RangeError(`no seats: ${match.capacity}`));
  }
}

/** All texts in it, keys too. */
function requireTexts(value: unknown): void {
  if (typeof value === "string") requireText(value);
  else if (Array.isArray(value)) for (const item of value) requireTexts(item);
  else if (typeof value === "object" && value !== null) {
    const object = value as { readonly [key: string]: unknown };
    for (const key of Object.keys(object)) {
      requireText(key);
      requireTexts(object[key]);
    }
  }
}

function requireText(text: string): void {
  if (isStorableText(text)) return;
  throw new BatchRefusedError(
    CHARACTER_NOT_IN_REPERTOIRE,
    new RangeError("a text holds U+0000 or half of a surrogate pair"),
  );
}

function requireKey(key: string, bytesMax: number): void {
  requireText(key);
  if (Buffer.byteLength(key) <= bytesMax) return;
  throw new BatchRefusedError(PROGRAM_LIMIT_EXCEEDED, new RangeError("too long for an index"));
}

function requireId(id: string): void {
  if (isDocumentId(id)) return;
  throw new BatchRefusedError(INVALID_TEXT_REPRESENTATION, new RangeError("an id is no UUID"));
}

function requireDate(ms: number): void {
  if (Number.isInteger(ms) && Math.abs(ms) <= DATE_MS_MAX) return;
  throw new BatchRefusedError(DATETIME_FIELD_OVERFLOW, new RangeError(`${ms} ms is no date`));
}
