import { describe, expect, it } from "vitest";
import { conflictId, conflictScope } from "../../../crdt/conflict.ts";
import type { Match } from "../../../crdt/match.ts";
import { matchConflicts } from "../../../crdt/match-conflicts.ts";
import type { Report, Settlement } from "../../../crdt/match-reports.ts";
import type { Seat } from "../../../crdt/match-seats.ts";
import type { Ranks } from "../../../crdt/ranking.ts";
import { actorOf } from "../../support/replica.ts";

const MATCH_ID = "00000000-0000-8000-8000-00000000000a";
const [ADA, BOB, EVE] = [1, 2, 3].map((number) => `00000000-0000-8000-8000-00000000000${number}`) as [
  string,
  string,
  string,
];
const [S1, S2, S3] = ["0000000000010000", "0000000000020000", "0000000000030000"];
const SCOPE = conflictScope("match", MATCH_ID);
const COMMON = { scope: SCOPE, documentId: MATCH_ID, documentIds: [MATCH_ID], path: null };

function matchOf(parts: Partial<Match>): Match {
  return {
    id: MATCH_ID,
    mode: "duel",
    region: null,
    capacity: 2,
    hostId: ADA,
    address: null,
    metadata: {},
    state: "open",
    seats: [],
    lateSeats: [],
    entrants: [],
    reports: [],
    settlements: [],
    result: { status: "pending", ranks: null },
    createdAtMs: 0,
    startedAt: null,
    finishedAt: null,
    homeServer: "eu-1",
    ...parts,
  };
}

function seat(playerId: string, stamp: string, status: Seat["status"], server: number): Seat {
  return { playerId, stamp, status, origin: actorOf(server) };
}

function report(playerId: string, stamp: string, ranks: Ranks): Report {
  return { playerId, stamp, ranks, origin: actorOf(1) };
}

function settlement(id: string, stamp: string, ranks: Ranks): Settlement {
  return { id, stamp, ranks, reason: "seen on video", origin: actorOf(2) };
}

describe("conflicts of a match", () => {
  it("[HIS2] none while everybody sits and all reports agree", () => {
    const seats = [seat(ADA, S1, "seated", 1), seat(BOB, S2, "seated", 2)];
    const reports = [report(ADA, S2, { [ADA]: 1, [BOB]: 2 }), report(BOB, S3, { [BOB]: 2, [ADA]: 1 })];
    expect(matchConflicts(matchOf({}))).toEqual([]);
    expect(matchConflicts(matchOf({ seats, reports }))).toEqual([]);
    expect(matchConflicts(matchOf({ reports, settlements: [settlement("a", S3, { [BOB]: 1 })] }))).toEqual(
      [],
    );
  });

  it("[HIS2] of seats: all who took one are candidates, the winner is who sits", () => {
    const seats = [seat(BOB, S1, "seated", 2), seat(ADA, S2, "seated", 1), seat(EVE, S3, "overflow", 2)];
    expect(matchConflicts(matchOf({ seats }))).toEqual([
      {
        ...COMMON,
        id: conflictId(SCOPE, "seat"),
        kind: "seat",
        candidates: [
          { value: "seated", playerId: BOB, origin: actorOf(2), stamp: S1 },
          { value: "seated", playerId: ADA, origin: actorOf(1), stamp: S2 },
          { value: "overflow", playerId: EVE, origin: actorOf(2), stamp: S3 },
        ],
        winner: [BOB, ADA],
        rule: "MAT2",
      },
    ]);
  });

  it("[HIS2] [MAT2] of seats: who came after the start is a candidate that lost, also beside free seats", () => {
    const seats = [seat(ADA, S1, "seated", 1)];
    const lateSeats = [{ playerId: EVE, stamp: S3, origin: actorOf(2) }];
    expect(matchConflicts(matchOf({ seats, lateSeats }))).toEqual([
      {
        ...COMMON,
        id: conflictId(SCOPE, "seat"),
        kind: "seat",
        candidates: [
          { value: "seated", playerId: ADA, origin: actorOf(1), stamp: S1 },
          { value: "late", playerId: EVE, origin: actorOf(2), stamp: S3 },
        ],
        winner: [ADA],
        rule: "MAT2",
      },
    ]);
  });

  it("[HIS2] of a result: every report is a candidate, and no winner until one is settled", () => {
    const [adas, bobs] = [
      { [ADA]: 1, [BOB]: 2 },
      { [ADA]: 2, [BOB]: 1 },
    ];
    const reports = [report(ADA, S2, adas), report(BOB, S1, bobs)];
    const disputed = matchOf({ reports, result: { status: "disputed", ranks: null } });
    expect(matchConflicts(disputed)).toEqual([
      {
        ...COMMON,
        id: conflictId(SCOPE, "result"),
        kind: "result",
        candidates: [
          { value: bobs, playerId: BOB, origin: actorOf(1), stamp: S1 },
          { value: adas, playerId: ADA, origin: actorOf(1), stamp: S2 },
        ],
        winner: null,
        rule: "MAT3",
      },
    ]);
    const settled = { reports, settlements: [settlement("a", S3, adas)] };
    const [conflict] = matchConflicts(matchOf({ ...settled, result: { status: "settled", ranks: adas } }));
    expect(conflict).toMatchObject({ id: conflictId(SCOPE, "result"), winner: adas });
    expect(conflict?.candidates.at(-1)).toEqual({ value: adas, origin: actorOf(2), stamp: S3 });
  });

  it("[HIS2] of a result: also settlements that differ, where nobody reports anything else", () => {
    const [one, other] = [{ [ADA]: 1 }, { [BOB]: 1 }];
    const settlements = [settlement("a", S1, one), settlement("b", S2, other)];
    const [conflict] = matchConflicts(matchOf({ settlements, result: { status: "settled", ranks: one } }));
    expect(conflict).toMatchObject({
      kind: "result",
      winner: one,
      candidates: [{ value: one }, { value: other }],
    });
  });

  it("[HIS2] seats and result are two conflicts", () => {
    const conflicts = matchConflicts(
      matchOf({
        seats: [seat(ADA, S1, "overflow", 1)],
        reports: [report(ADA, S1, { [ADA]: 1 }), report(BOB, S1, { [BOB]: 1 })],
      }),
    );
    expect(conflicts.map(({ kind }) => kind)).toEqual(["seat", "result"]);
    expect(new Set(conflicts.map(({ id }) => id)).size).toBe(2);
  });
});
