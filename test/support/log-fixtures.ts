/** Entries, records and batches for tests of the log; everything that a test does not care about is filled in. */

import { createHash } from "node:crypto";
import { bannedUntilMs } from "../../crdt/bans.ts";
import { type ClaimGroup, claimsOf, regroup } from "../../crdt/claim.ts";
import { type Candidate, type Conflict, conflictId } from "../../crdt/conflict.ts";
import { ENTRY_KIND, ENTRY_VERSION, type Entry } from "../../crdt/entry.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import type { Seat } from "../../crdt/match-seats.ts";
import type { Player } from "../../crdt/player.ts";
import type { Origin } from "../../crdt/position.ts";
import { emptyDigest } from "../../crdt/set-digest.ts";
import type { Batch, DocumentRow } from "../../src/storage/log-store.ts";
import type { PlayerRow } from "../../src/storage/player-row.ts";

export const STAMP = "019ab33c5e7f0000";

export function originOf(number: number): Origin {
  return number.toString(16).padStart(32, "0");
}

export function idOf(number: number): DocumentId {
  return `00000000-0000-8000-8000-${number.toString(16).padStart(12, "0")}`;
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A change of player 1, as far as a store can tell. */
export function entryOf(fields: Partial<Entry> & { readonly sequence: number }): Entry {
  const { origin = originOf(1), sequence, hash = hashOf(`${origin}:${sequence}`) } = fields;
  return {
    origin,
    kind: ENTRY_KIND.playerChange,
    version: ENTRY_VERSION,
    documentId: idOf(1),
    body: Buffer.from(`body ${sequence} of ${origin}`),
    ...fields,
    hash,
  };
}

/** So many entries of one origin, from a sequence on. */
export function entriesOf(count: number, from = 1, fields: Partial<Entry> = {}): Entry[] {
  return Array.from({ length: count }, (_, index) => entryOf({ ...fields, sequence: from + index }));
}

/** A player with a name has claimed it. */
export function playerOf(number: number, fields: Partial<Player> = {}): Player {
  const { username = null } = fields;
  return {
    id: idOf(number),
    username,
    usernameClaim: username === null ? null : { stamp: STAMP, origin: originOf(1) },
    displayName: null,
    region: null,
    platform: null,
    metadata: {},
    identities: [],
    bans: [],
    mergedWith: [],
    createdAtMs: 1_760_000_000_000 + number,
    homeServer: "eu-1",
    ...fields,
  };
}

export function documentOf(number: number, fields: Partial<DocumentRow> = {}): DocumentRow {
  return {
    id: idOf(number),
    kind: "player",
    heads: [hashOf(`head ${number}`)],
    stateDigest: null,
    fieldConflictsDigest: null,
    erased: false,
    ...fields,
  };
}

/** A player who was never merged. */
export function playerRowOf(player: Player, fields: Partial<PlayerRow> = {}): PlayerRow {
  const untilMs = bannedUntilMs(player.bans);
  return { player, survivorId: player.id, bannedUntilMs: untilMs, usernamePosition: null, ...fields };
}

/** An open match, created by nobody, without seats. */
export function matchOf(number: number, fields: Partial<Match> = {}): Match {
  return {
    id: idOf(number),
    mode: "duel",
    region: null,
    capacity: 2,
    hostId: null,
    address: null,
    metadata: {},
    state: "open",
    seats: [],
    lateSeats: [],
    entrants: [],
    reports: [],
    settlements: [],
    result: { status: "pending", ranks: null },
    createdAtMs: 1_760_000_000_000 + number,
    startedAt: null,
    finishedAt: null,
    homeServer: "eu-1",
    ...fields,
  };
}

export function seatOf(playerNumber: number, fields: Partial<Seat> = {}): Seat {
  return { playerId: idOf(playerNumber), stamp: STAMP, status: "seated", origin: originOf(1), ...fields };
}

/** Of the field `region` of a player, between two values. */
export function conflictOf(number: number, fields: Partial<Conflict> = {}): Conflict {
  const { kind = "field", scope = `field ${idOf(number)}` } = fields;
  return {
    id: conflictId(scope, kind),
    scope,
    kind,
    documentId: idOf(number),
    documentIds: [idOf(number)],
    path: "region",
    candidates: [candidateOf("eu"), candidateOf("us")],
    winner: "us",
    rule: "PLY1",
    ...fields,
  };
}

export function candidateOf(value: Candidate["value"], fields: Partial<Candidate> = {}): Candidate {
  return { value, change: hashOf(String(value)), origin: originOf(1), stamp: STAMP, ...fields };
}

/** The groups that these players' claims make. */
export function claimGroupsOf(rows: readonly PlayerRow[]): ClaimGroup[] {
  const groups = new Map<string, ClaimGroup>();
  for (const { player, survivorId } of rows) {
    for (const { kind, key, claim } of claimsOf(player, survivorId)) {
      const group = groups.get(`${kind} ${key}`) ?? { kind, key, claims: [] };
      groups.set(`${kind} ${key}`, regroup(group, player.id, claim));
    }
  }
  return [...groups.values()];
}

/** Players with their documents and claims, as part of a batch. */
export function playersOf(rows: readonly PlayerRow[]): Pick<Batch, "documents" | "players" | "claims"> {
  return {
    documents: rows.map(({ player }) => ({ ...documentOf(0), id: player.id })),
    players: rows,
    claims: claimGroupsOf(rows),
  };
}

/** Matches with their documents, as part of a batch. */
export function matchesOf(matches: readonly Match[]): Pick<Batch, "documents" | "matches"> {
  return { documents: matches.map(({ id }) => ({ ...documentOf(0), id, kind: "match" })), matches };
}

/** The rows of the origins are made from the entries. */
export function batchOf(fields: Partial<Batch>): Batch {
  const { entries = [] } = fields;
  const last = new Map(entries.map(({ origin, sequence }) => [origin, sequence]));
  return {
    entries,
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
    origins: [...last].map(([origin, lastSequence]) => ({ origin, server: null, lastSequence })),
    quarantined: [],
    clock: STAMP,
    totals: { documents: 0, entries: entries.length, headsDigest: emptyDigest(), stateDigest: emptyDigest() },
    stable: new Map(),
    forgotten: new Map(),
    ...fields,
  };
}
