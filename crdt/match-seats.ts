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

export function takeSeatWrite(playerId: DocumentId, stamp: Stamp): Write {
  return { map: "seats", key: `${stamp}/${playerId}`, value: true };
}

export function leaveSeatWrite(seat: Seat, stamp: Stamp): Write {
  return { map: "seats", key: `${seat.stamp}/${seat.playerId}/left`, value: stamp };
}

/**
 * All live entries, one a player (the earliest), sorted by (stamp, player id): the first `capacity` are seated.
 * What happened at or after the start, in stamps, changes nothing.
 */
export function readSeats(state: DocumentState, capacity: number, startedAt: Stamp | null): Seat[] {
  const registers = state.maps.seats ?? {};
  const isInTime = (stamp: Stamp): boolean => startedAt === null || stamp < startedAt;
  const leftAt = new Map<DocumentId, Stamp>();
  const entries: SeatKey[] = [];
  // Sorted keys are sorted by (stamp, player id): both have one length.
  for (const key of Object.keys(registers).sort()) {
    const entry = parseSeatKey(key);
    if (entry?.isLeaving) {
      const left = readStamp(registers[key]);
      const before = leftAt.get(entry.playerId);
      if (left !== null && isInTime(left) && !(before && before > left)) leftAt.set(entry.playerId, left);
    } else if (entry && isInTime(entry.stamp) && registers[key] === true) entries.push(entry);
  }
  const seats = new Map<DocumentId, Seat>();
  for (const { key, playerId, stamp } of entries) {
    const left = leftAt.get(playerId);
    if (seats.has(playerId) || (left && left > stamp)) continue;
    const status = seats.size < capacity ? "seated" : "overflow";
    seats.set(playerId, { playerId, stamp, status, origin: state.writerOf("seats", key) });
  }
  return [...seats.values()];
}

/** Sorted. */
export function seatedIdsOf(seats: readonly Seat[]): DocumentId[] {
  return seats
    .filter(({ status }) => status === "seated")
    .map(({ playerId }) => playerId)
    .sort();
}

interface SeatKey {
  readonly key: string;
  readonly stamp: Stamp;
  readonly playerId: DocumentId;
  readonly isLeaving: boolean;
}

function parseSeatKey(key: string): SeatKey | undefined {
  const [taken, playerId = "", left, ...rest] = key.split("/");
  const stamp = readStamp(taken);
  const isKey = (left === undefined || left === "left") && rest.length === 0;
  if (stamp === null || !isDocumentId(playerId) || !isKey) return undefined;
  return { key, stamp, playerId, isLeaving: left === "left" };
}
