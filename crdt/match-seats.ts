/**
 * Who plays in a match (MAT2).
 *
 * Taking a seat adds `<stamp>/<player id>` -> true to the map `seats`, giving it up adds
 * `<stamp>/<player id>/left` -> the stamp of leaving. Nothing is taken away, so two sides of a split that fill the
 * same seats lose no entry, and the order of stamps decides who sits.
 *
 * A player may have several entries, taken at servers that did not know of each other. A leaving therefore ends
 * all of the player's entries that are earlier than itself, not the named one alone: nobody who left sits.
 */
import type { Actor } from "./change.ts";
import type { DocumentState, Write } from "./document.ts";
import type { Stamp } from "./hybrid-clock.ts";
import { type DocumentId, isDocumentId } from "./ids.ts";
import { readStamp } from "./storable-register.ts";

export interface Seat {
  readonly playerId: DocumentId;
  /** When the seat was taken. */
  readonly stamp: Stamp;
  readonly status: "seated" | "overflow";
  /** The incarnation that wrote it. */
  readonly origin: Actor;
}

/** Of an entry made at or after the start, at a server that had not heard of it: no seat. */
export type LateSeat = Omit<Seat, "status">;

/** Whoever ever took a seat, and how often: also those who left or came late. */
export interface Entrant {
  readonly playerId: DocumentId;
  readonly entries: number;
}

/** What the entries of a match come to. */
export interface Seating {
  /** All live entries, one a player (the earliest), by (stamp, player id): the first `capacity` are seated. */
  readonly seats: readonly Seat[];
  /** Of players without a seat the earliest entry that came too late and was not ended, in the same order. */
  readonly lateSeats: readonly LateSeat[];
  /** Sorted by player id. */
  readonly entrants: readonly Entrant[];
}

export function takeSeatWrite(playerId: DocumentId, stamp: Stamp): Write {
  return { map: "seats", key: `${stamp}/${playerId}`, value: true };
}

export function leaveSeatWrite(seat: Seat, stamp: Stamp): Write {
  return { map: "seats", key: `${seat.stamp}/${seat.playerId}/left`, value: stamp };
}

/**
 * What happened at or after the start, in stamps, changes no seat: entries made then are late, and leavings do
 * nothing to those who sit.
 */
export function readSeats(state: DocumentState, capacity: number, startedAt: Stamp | null): Seating {
  const { entries, leavings } = readEntries(state);
  const isInTime = (stamp: Stamp): boolean => startedAt === null || stamp < startedAt;
  const left = latestByPlayer(leavings);
  const leftInTime = latestByPlayer(leavings.filter(({ stamp }) => isInTime(stamp)));
  const seats = new Map<DocumentId, Seat>();
  const lateSeats = new Map<DocumentId, LateSeat>();
  // Those in time come first: all seats are known before the first late one.
  for (const { key, playerId, stamp } of entries) {
    const inTime = isInTime(stamp);
    const ended = (inTime ? leftInTime : left).get(playerId);
    if (seats.has(playerId) || lateSeats.has(playerId) || (ended && ended > stamp)) continue;
    const seat = { playerId, stamp, origin: state.writerOf("seats", key) };
    if (inTime) seats.set(playerId, { ...seat, status: seats.size < capacity ? "seated" : "overflow" });
    else lateSeats.set(playerId, seat);
  }
  return {
    seats: [...seats.values()],
    lateSeats: [...lateSeats.values()],
    entrants: entrantsOf(entries),
  };
}

/** Sorted. */
export function seatedIdsOf(seats: readonly Seat[]): DocumentId[] {
  return seats
    .filter(({ status }) => status === "seated")
    .map(({ playerId }) => playerId)
    .sort();
}

interface Entry {
  readonly key: string;
  readonly playerId: DocumentId;
  readonly stamp: Stamp;
}

/** Of a leaving, when it was. */
type Leaving = Pick<Entry, "playerId" | "stamp">;

/** Entries sorted by (stamp, player id). */
function readEntries(state: DocumentState): { readonly entries: Entry[]; readonly leavings: Leaving[] } {
  const registers = state.maps.seats ?? {};
  const entries: Entry[] = [];
  const leavings: Leaving[] = [];
  // Sorted keys are sorted by (stamp, player id): both have one length.
  for (const key of Object.keys(registers).sort()) {
    const entry = parseSeatKey(key);
    if (entry?.isLeaving) {
      const stamp = readStamp(registers[key]);
      if (stamp !== null) leavings.push({ playerId: entry.playerId, stamp });
    } else if (entry && registers[key] === true) entries.push(entry);
  }
  return { entries, leavings };
}

function latestByPlayer(leavings: readonly Leaving[]): Map<DocumentId, Stamp> {
  const latest = new Map<DocumentId, Stamp>();
  for (const { playerId, stamp } of leavings) {
    const before = latest.get(playerId);
    if (!before || before < stamp) latest.set(playerId, stamp);
  }
  return latest;
}

function entrantsOf(entries: readonly Entry[]): Entrant[] {
  const counts = new Map<DocumentId, number>();
  for (const { playerId } of entries) counts.set(playerId, (counts.get(playerId) ?? 0) + 1);
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([playerId, count]) => ({ playerId, entries: count }));
}

interface SeatKey extends Entry {
  readonly isLeaving: boolean;
}

function parseSeatKey(key: string): SeatKey | undefined {
  const [taken, playerId = "", left, ...rest] = key.split("/");
  const stamp = readStamp(taken);
  const isKey = (left === undefined || left === "left") && rest.length === 0;
  if (stamp === null || !isDocumentId(playerId) || !isKey) return undefined;
  return { key, stamp, playerId, isLeaving: left === "left" };
}
