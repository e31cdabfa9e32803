/** Matches as properties make them up, and what is done to them: few players and outcomes, so that they meet. */
import fc from "fast-check";
import type { ChangeReason } from "../../crdt/change-note.ts";
import type { Write } from "../../crdt/document.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import {
  cancelWrites,
  expireWrites,
  joinWrites,
  leaveWrites,
  type MatchCreation,
  reportWrites,
  settlementWrites,
  startWrites,
} from "../../crdt/match-intents.ts";
import { seatedIdsOf } from "../../crdt/match-seats.ts";
import { formatRanking, type Ranks } from "../../crdt/ranking.ts";
import { playerIdOf } from "./match-replica.ts";

/** Something that is done to a match which is there. */
export interface Intent {
  readonly reason: ChangeReason;
  readonly decide: (match: Match, stamp: Stamp) => Write[];
  /** What the server that did it must see at once. */
  readonly shows: (match: Match) => boolean;
}

/** More than there are seats. */
const playerId = fc.nat(4).map(playerIdOf);

export const creations: fc.Arbitrary<MatchCreation> = fc.record(
  {
    mode: fc.constantFrom("duel", "royale"),
    capacity: fc.integer({ min: 1, max: 3 }),
    region: fc.constantFrom("eu", "us"),
    metadata: fc.dictionary(fc.constantFrom("map", "rules"), fc.nat(3), { maxKeys: 2 }),
    hostId: playerId,
  },
  { requiredKeys: ["mode", "capacity"] },
);

export const joins = playerId.map((id): Intent => {
  const sits = (match: Match): boolean => match.seats.some((seat) => seat.playerId === id);
  return { reason: "join", decide: (match, stamp) => joinWrites(match, id, stamp), shows: sits };
});

export const leaves = playerId.map((id): Intent => {
  const isGone = (match: Match): boolean => match.seats.every((seat) => seat.playerId !== id);
  return { reason: "leave", decide: (match, stamp) => leaveWrites(match, id, stamp), shows: isGone };
});

export const starts = fc.constant<Intent>({
  reason: "start",
  decide: startWrites,
  shows: ({ state }) => state === "running" || state === "finished",
});

export const ends = fc.constantFrom<Intent>(
  { reason: "cancel", decide: cancelWrites, shows: ({ state }) => state === "cancelled" },
  { reason: "expire", decide: expireWrites, shows: ({ state }) => state !== "open" },
);

/** Few outcomes, so that some agree: they differ by who of the seated is first. */
const turn = fc.nat(1);

/** Of those with a seat, also in the overflow, the one of this number. */
export const reports = fc.tuple(fc.nat(3), turn).map(([number, by]): Intent => {
  const reporterOf = ({ seats }: Match): DocumentId =>
    seats[number % Math.max(1, seats.length)]?.playerId ?? playerIdOf(number);
  const isSaid = (match: Match): boolean =>
    match.state === "finished" &&
    match.reports.some(
      ({ playerId, ranks }) => playerId === reporterOf(match) && isSame(ranks, ranksOf(match.seats, by)),
    );
  return {
    reason: "report",
    decide: (match, stamp) => reportWrites(match, reporterOf(match), ranksOf(match.seats, by), stamp),
    shows: isSaid,
  };
});

export const settlements = fc.tuple(fc.constantFrom("one", "two"), turn).map(
  ([id, by]): Intent => ({
    reason: "settle",
    decide: (match, stamp) =>
      settlementWrites(match, { id, ranks: ranksOf(match.seats, by), reason: "in a test" }, stamp),
    shows: ({ state, result }) => state === "finished" && result.status === "settled",
  }),
);

function ranksOf(seats: Match["seats"], by: number): Ranks {
  const ids: readonly DocumentId[] = seatedIdsOf(seats);
  return Object.fromEntries(ids.map((id, index) => [id, ((index + by) % ids.length) + 1]));
}

function isSame(one: Ranks, other: Ranks): boolean {
  return formatRanking(one) === formatRanking(other);
}
