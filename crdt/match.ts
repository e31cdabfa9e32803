/**
 * The match document: its shape, and the match that a state of it means (MAT1 to MAT3, STO1).
 *
 * Registers at the root: `mode`, `region`, `capacity`, `hostId`, `address`, `createdAt` (milliseconds since 1970),
 * `homeServer`. Maps: `metadata` by key, `seats` (see `match-seats.ts`), `facts` (`match-facts.ts`), `reports` and
 * `settlements` (`match-reports.ts`).
 */
import { encodeFirstChange } from "./automerge.ts";
import { canonicalJson } from "./canonical.ts";
import type { DocumentShape, DocumentState, Registers, Scalar } from "./document.ts";
import type { Stamp } from "./hybrid-clock.ts";
import { type DocumentId, isDocumentId } from "./ids.ts";
import { type MatchState, readFacts, stateOfFacts } from "./match-facts.ts";
import { type Report, readReports, readSettlements, type Settlement } from "./match-reports.ts";
import { type MatchResult, resultOf } from "./match-result.ts";
import { type Entrant, type LateSeat, readSeats, type Seat, seatedIdsOf } from "./match-seats.ts";
import { rankingHash } from "./ranking.ts";
import { storableMetadata } from "./storable-metadata.ts";
import { readText, readTime } from "./storable-register.ts";

/** What those who have a match ask of it. */
export type { MatchState } from "./match-facts.ts";
export type { MatchResult } from "./match-result.ts";
export type { Ranks } from "./ranking.ts";

const MATCH_SHAPE: DocumentShape = {
  kind: "match",
  schema: 1,
  maps: ["metadata", "seats", "facts", "reports", "settlements"],
};

/** Where every match document starts (ID3). Its bytes and hash are held by a golden test. */
export const MATCH_FIRST_CHANGE = encodeFirstChange(MATCH_SHAPE);

/** In UTF-16 code units. An index of PostgreSQL takes 2,704 bytes, three for each of these. */
const MODE_LENGTH_MAX = 128;
const ADDRESS_LENGTH_MAX = 512;
/** The most seats that a match can have. */
const CAPACITY_MAX = 1_000;

/** A match as the document says, in no server's own view. */
export interface Match {
  readonly id: DocumentId;
  /** Empty for a match of whose creation nothing is known. */
  readonly mode: string;
  readonly region: string | null;
  /** From 1 to 1,000; 0 when it is unset, and then nobody is seated. */
  readonly capacity: number;
  readonly hostId: DocumentId | null;
  readonly address: string | null;
  readonly metadata: Readonly<Registers>;
  readonly state: MatchState;
  /** Of all who joined and did not leave in time, sorted by (stamp, player id): first the seated, then the rest. */
  readonly seats: readonly Seat[];
  /** Of those who joined at a server that had not heard of the start, sorted likewise: they do not play. */
  readonly lateSeats: readonly LateSeat[];
  /** All who ever joined, also those who left, sorted by player id. */
  readonly entrants: readonly Entrant[];
  /** Of those who are seated, sorted by player id. */
  readonly reports: readonly Report[];
  /** Sorted by (stamp, id): the first one counts. */
  readonly settlements: readonly Settlement[];
  readonly result: MatchResult;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly startedAt: Stamp | null;
  /** When it was finished first; null unless the state is finished. */
  readonly finishedAt: Stamp | null;
  readonly homeServer: string;
}

/**
 * Reads a match from the state of its document. Total, and never more than every server can store: what is
 * missing, of a wrong type or unstorable reads as unset, so that no record can halt the others.
 */
export function projectMatch(id: DocumentId, state: DocumentState): Match {
  const { root, maps } = state;
  const facts = readFacts(maps.facts ?? {});
  const capacity = readCapacity(root.capacity);
  const { seats, lateSeats, entrants } = readSeats(state, capacity, facts.started);
  const seatedIds = seatedIdsOf(seats);
  const seated = new Set(seatedIds);
  const reports = readReports(state).filter(({ playerId }) => seated.has(playerId));
  const settlements = readSettlements(state);
  return {
    id,
    mode: readText(root.mode, MODE_LENGTH_MAX) ?? "",
    region: readText(root.region),
    capacity,
    hostId: readId(root.hostId),
    address: readText(root.address, ADDRESS_LENGTH_MAX),
    metadata: storableMetadata(maps.metadata ?? {}),
    state: stateOfFacts(facts),
    seats,
    lateSeats,
    entrants,
    reports,
    settlements,
    result: resultOf(seatedIds, reports, settlements),
    createdAtMs: readTime(root.createdAt),
    startedAt: facts.started,
    finishedAt: facts.finished,
    homeServer: readText(root.homeServer) ?? "",
  };
}

/** Whoever has or had a part in it: its host, all who ever joined, and who reports; each once. */
export function participantIdsOf({ hostId, entrants, seats, reports }: Match): DocumentId[] {
  const ids = [...entrants, ...seats, ...reports].map(({ playerId }) => playerId);
  return [...new Set(hostId === null ? ids : [hostId, ...ids])];
}

/** The text that `stateDigest` hashes: everything of a match that all servers agree on; as of players, no origins. */
export function canonicalMatch(match: Match): string {
  return canonicalJson({
    id: match.id,
    mode: match.mode,
    region: match.region,
    capacity: match.capacity,
    hostId: match.hostId,
    address: match.address,
    metadata: match.metadata,
    state: match.state,
    seats: match.seats.map(({ playerId, stamp, status }) => ({ playerId, stamp, status })),
    lateSeats: match.lateSeats.map(({ playerId, stamp }) => ({ playerId, stamp })),
    entrants: match.entrants.map(({ playerId, entries }) => ({ playerId, entries })),
    reports: match.reports.map(({ playerId, stamp, ranks }) => ({
      playerId,
      stamp,
      ranking: rankingHash(ranks),
    })),
    settlements: match.settlements.map(({ id, stamp, ranks, reason }) => ({ id, stamp, ranks, reason })),
    result: { status: match.result.status, ranks: match.result.ranks },
    createdAtMs: match.createdAtMs,
    startedAt: match.startedAt,
    finishedAt: match.finishedAt,
    homeServer: match.homeServer,
  });
}

function readCapacity(value: Scalar | undefined): number {
  if (typeof value !== "number" || !Number.isInteger(value)) return 0;
  return value >= 1 && value <= CAPACITY_MAX ? value : 0;
}

function readId(value: Scalar | undefined): DocumentId | null {
  return typeof value === "string" && isDocumentId(value) ? value : null;
}
