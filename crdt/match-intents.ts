/**
 * What can be done to a match, as the writes that do it, given the match as this server knows it. Input is
 * validated before it comes here.
 *
 * What has been done already is not done again: such an intent has no writes and is not refused. What another
 * server did meanwhile cannot be known here; the rules (MAT1 to MAT3) say what both come to.
 *
 * `others` are the players that were merged with the one who acts (CLM4), as far as is known here: one person, who
 * may have seats under several ids, also of before the merge.
 */
import type { Scalar, Write } from "./document.ts";
import { FOLLOWED_MS_MAX, type Stamp } from "./hybrid-clock.ts";
import type { DocumentId } from "./ids.ts";
import type { Match } from "./match.ts";
import {
  MatchEmptyError,
  MatchFullError,
  MatchNotOpenError,
  MatchNotRunningError,
  MatchOverError,
  NotSeatedError,
  RanksNotOfSeatedError,
  ResultSettledError,
  TooManyEntriesError,
} from "./match-errors.ts";
import { factWrite } from "./match-facts.ts";
import { rankingWrite, reportWrite, type Settlement, settlementWrite } from "./match-reports.ts";
import { leaveSeatWrite, type Seat, seatedIdsOf, takeSeatWrite } from "./match-seats.ts";
import { formatRanking, type Ranks, rankingFaults } from "./ranking.ts";

export interface MatchCreation {
  readonly mode: string;
  readonly region?: string | null | undefined;
  /** From 1 to 1,000. */
  readonly capacity: number;
  /** A key with null is left unset. */
  readonly metadata?: { readonly [key: string]: Scalar | null } | null | undefined;
  readonly address?: string | null | undefined;
  /** Is seated. */
  readonly hostId?: DocumentId | null | undefined;
}

interface Circumstances {
  readonly stamp: Stamp;
  /**
   * By the wall clock of the server that takes the creation, milliseconds since 1970: for people, and for the order of
   * lists. The stamp may follow another's clock, far ahead.
   */
  readonly wallMs: number;
  /** The name of the server that takes the creation. */
  readonly homeServer: string;
}

/** The writes of a new match (onto the first change of its document). */
export function matchCreationWrites(
  { mode, region, capacity, metadata, address, hostId }: MatchCreation,
  { stamp, wallMs, homeServer }: Circumstances,
): Write[] {
  const createdAt = Math.min(Math.floor(wallMs), FOLLOWED_MS_MAX);
  const root = { createdAt, homeServer, mode, capacity, region, address, hostId };
  const writes = [...writesOf(null, root), ...writesOf("metadata", metadata ?? {})];
  return hostId ? [...writes, takeSeatWrite(hostId, stamp)] : writes;
}

/**
 * The writes of creating a match whose document is there already (ID2): none, its fields stand. Only where
 * nothing of its creation is known, it is created.
 */
export function matchFillWrites(match: Match, given: MatchCreation, circumstances: Circumstances): Write[] {
  return match.mode === "" ? matchCreationWrites(given, circumstances) : [];
}

/**
 * Whether a match was created otherwise than is said here (ID2). What is not said contradicts nothing; whether the
 * host is the same person is not looked at (CLM4).
 */
export function contradictsCreation(
  match: Match,
  { mode, region, capacity, address, metadata }: MatchCreation,
): boolean {
  const said = Object.entries({ mode, region, capacity, address });
  const fields: { readonly [key: string]: Scalar | null } = {
    mode: match.mode,
    region: match.region,
    capacity: match.capacity,
    address: match.address,
  };
  return (
    said.some(([key, value]) => isSaid(value) && value !== fields[key]) ||
    Object.entries(metadata ?? {}).some(([key, value]) => isSaid(value) && value !== match.metadata[key])
  );
}

/** Of one person in one match, here: an entry stays in the document for ever, as does the leaving that ends it. */
const ENTRIES_MAX = 16;

/** Whoever has a seat keeps it. @throws MatchNotOpenError @throws MatchFullError @throws TooManyEntriesError */
export function joinWrites(
  match: Match,
  playerId: DocumentId,
  stamp: Stamp,
  others: readonly DocumentId[] = [],
): Write[] {
  const personIds = [playerId, ...others];
  if (seatsOf(match, personIds).length > 0) return [];
  if (match.state !== "open") throw new MatchNotOpenError(match.state);
  if (seatedIdsOf(match.seats).length >= match.capacity) throw new MatchFullError(match.capacity);
  if (entriesOf(match, personIds) >= ENTRIES_MAX) throw new TooManyEntriesError(ENTRIES_MAX);
  return [takeSeatWrite(playerId, stamp)];
}

/** Gives up all seats of the person. @throws MatchNotOpenError */
export function leaveWrites(
  match: Match,
  playerId: DocumentId,
  stamp: Stamp,
  others: readonly DocumentId[] = [],
): Write[] {
  const seats = seatsOf(match, [playerId, ...others]);
  if (seats.length === 0) return [];
  if (match.state !== "open") throw new MatchNotOpenError(match.state);
  return seats.map((seat) => leaveSeatWrite(seat, stamp));
}

/** Of a match that runs or was finished, nothing. @throws MatchNotOpenError @throws MatchEmptyError */
export function startWrites(match: Match, stamp: Stamp): Write[] {
  if (match.state === "running" || match.state === "finished") return [];
  if (match.state !== "open") throw new MatchNotOpenError(match.state);
  if (seatedIdsOf(match.seats).length === 0) throw new MatchEmptyError();
  return [factWrite("started", stamp)];
}

/** Of a match that was cancelled, nothing. @throws MatchOverError */
export function cancelWrites(match: Match, stamp: Stamp): Write[] {
  if (match.state === "cancelled") return [];
  if (match.state !== "open" && match.state !== "running") throw new MatchOverError(match.state);
  return [factWrite("cancelled", stamp)];
}

/** Of a match that is no longer open there is nothing to expire (MAT4). */
export function expireWrites(match: Match, stamp: Stamp): Write[] {
  return match.state === "open" ? [factWrite("expired", stamp)] : [];
}

/**
 * A seated player says how it ended; the first to say so finishes it. What was said may be changed until the
 * result is settled. Whoever sits under several ids says it for each: none of these seats is waited for in vain,
 * or contradicts another.
 * @throws MatchNotRunningError @throws NotSeatedError @throws RanksNotOfSeatedError @throws ResultSettledError
 */
export function reportWrites(
  match: Match,
  playerId: DocumentId,
  ranks: Ranks,
  stamp: Stamp,
  others: readonly DocumentId[] = [],
): Write[] {
  assertPlayed(match);
  const seatedIds = seatedIdsOf(seatsOf(match, [playerId, ...others]));
  if (seatedIds.length === 0) throw new NotSeatedError(playerId);
  const before = new Map(match.reports.map((report) => [report.playerId, report.ranks]));
  const unsaid = seatedIds.filter((id) => {
    const said = before.get(id);
    return !said || !isSame(said, ranks);
  });
  if (unsaid.length === 0) return [];
  assertOfSeated(match, ranks);
  if (match.result.status === "settled" && unsaid.some((id) => before.has(id)))
    throw new ResultSettledError();
  const isKnown = match.reports.some((report) => isSame(report.ranks, ranks));
  return [
    ...(isKnown ? [] : [rankingWrite(ranks)]),
    ...unsaid.map((id) => reportWrite(id, ranks, stamp)),
    ...finishWrites(match, stamp),
  ];
}

/**
 * An operator says how it ended. The first settlement stands; one that says the same, or has the id of one that
 * was made, adds nothing.
 * @throws MatchNotRunningError @throws RanksNotOfSeatedError @throws ResultSettledError
 */
export function settlementWrites(
  match: Match,
  given: Pick<Settlement, "id" | "ranks" | "reason">,
  stamp: Stamp,
): Write[] {
  assertPlayed(match);
  const [standing] = match.settlements;
  if (match.settlements.some(({ id }) => id === given.id)) return [];
  if (standing && isSame(standing.ranks, given.ranks)) return [];
  assertOfSeated(match, given.ranks);
  if (standing) throw new ResultSettledError();
  return [settlementWrite(given, stamp), ...finishWrites(match, stamp)];
}

function writesOf(
  map: string | null,
  values: { readonly [key: string]: Scalar | null | undefined },
): Write[] {
  return Object.entries(values).flatMap(([key, value]) => (isSaid(value) ? [{ map, key, value }] : []));
}

function isSaid<Value>(value: Value): value is NonNullable<Value> {
  return value !== null && value !== undefined;
}

/** The live ones of these players: those that are seated come first. */
function seatsOf({ seats }: Match, playerIds: readonly DocumentId[]): Seat[] {
  return seats.filter(({ playerId }) => playerIds.includes(playerId));
}

function entriesOf({ entrants }: Match, playerIds: readonly DocumentId[]): number {
  return entrants
    .filter(({ playerId }) => playerIds.includes(playerId))
    .reduce((count, { entries }) => count + entries, 0);
}

function finishWrites({ finishedAt }: Match, stamp: Stamp): Write[] {
  return finishedAt === null ? [factWrite("finished", stamp)] : [];
}

/** One that was started and then expired elsewhere, where its host could not be heard, was played all the same. */
function assertPlayed({ state, startedAt }: Match): void {
  const isPlayed = state === "running" || state === "finished" || (state === "expired" && startedAt !== null);
  if (!isPlayed) throw new MatchNotRunningError(state);
}

/** Where nobody is seated, no ranks are right. */
function assertOfSeated({ seats }: Match, ranks: Ranks): void {
  const seatedIds = seatedIdsOf(seats);
  const faults = rankingFaults(ranks, seatedIds);
  if (faults || seatedIds.length === 0) {
    throw new RanksNotOfSeatedError(faults ?? { strangers: [], missing: [] });
  }
}

function isSame(one: Ranks, other: Ranks): boolean {
  return formatRanking(one) === formatRanking(other);
}
