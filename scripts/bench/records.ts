/** Records by number, as a benchmark fills a store with them without going through the registry. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Player } from "../../crdt/player.ts";
import { emptyDigest } from "../../crdt/set-digest.ts";
import type { Batch, DocumentRow } from "../../src/storage/log-store.ts";
import type { PlayerRow } from "../../src/storage/player-row.ts";

export function batchOf(fields: Partial<Batch>): Batch {
  return {
    entries: [],
    documents: [],
    newDocuments: new Set(),
    players: [],
    matches: [],
    claims: [],
    newClaims: new Set(),
    conflictScopes: [],
    conflicts: [],
    erased: [],
    ratingMarks: [],
    ratings: null,
    requests: [],
    audits: [],
    origins: [],
    quarantined: [],
    clock: "0000000000000000",
    totals: { documents: 0, entries: 0, headsDigest: emptyDigest(), stateDigest: emptyDigest() },
    stable: new Map(),
    forgotten: new Map(),
    ...fields,
  };
}

export function playerOf(number: number): Player {
  return {
    id: playerIdOf(number),
    username: `player ${number}`,
    usernameClaim: { stamp: stampAt(number), origin: "0".repeat(32) },
    displayName: null,
    region: null,
    platform: null,
    metadata: {},
    identities: [],
    bans: [],
    mergedWith: [],
    createdAtMs: number,
    homeServer: "bench",
  };
}

/** Players from one number on, with their documents. */
export function newPlayers(
  from: number,
  count: number,
): Pick<Batch, "players" | "documents" | "newDocuments"> {
  const players: PlayerRow[] = numbers(from, count).map((number) => ({
    player: playerOf(number),
    survivorId: playerIdOf(number),
    bannedUntilMs: null,
    usernamePosition: null,
  }));
  const documents: DocumentRow[] = players.map(({ player: { id } }) => ({
    id,
    kind: "player",
    heads: [],
    stateDigest: null,
    fieldConflictsDigest: null,
    erased: false,
  }));
  return { players, documents, newDocuments: new Set(documents.map(({ id }) => id)) };
}

export function playerIdOf(number: number): DocumentId {
  return idOf(0, number);
}

export function idOf(kind: number, number: number): DocumentId {
  return `0000000${kind}-0000-8000-8000-${number.toString(16).padStart(12, "0")}`;
}

export function stampAt(time: number): string {
  const ms = Math.floor(time);
  return ms.toString(16).padStart(12, "0") + (ms === time ? "0000" : "8000");
}

export function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}
