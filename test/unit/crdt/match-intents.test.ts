import { describe, expect, it } from "vitest";
import type { Write } from "../../../crdt/document.ts";
import type { Match } from "../../../crdt/match.ts";
import { RanksNotOfSeatedError } from "../../../crdt/match-errors.ts";
import { factWrite, type MatchFact } from "../../../crdt/match-facts.ts";
import {
  cancelWrites,
  expireWrites,
  joinWrites,
  leaveWrites,
  matchCreationWrites,
  matchFillWrites,
  reportWrites,
  settlementWrites,
  startWrites,
} from "../../../crdt/match-intents.ts";
import { rankingWrite, reportWrite, settlementWrite } from "../../../crdt/match-reports.ts";
import { leaveSeatWrite, takeSeatWrite } from "../../../crdt/match-seats.ts";
import { type Ranks, rankingHash } from "../../../crdt/ranking.ts";
import { matchOf, playerIdOf } from "../../support/match-replica.ts";

const [A, B, C, D] = [playerIdOf(1), playerIdOf(2), playerIdOf(3), playerIdOf(4)];
/** The clock of stamps is ahead of the server's own. */
const CIRCUMSTANCES = { stamp: at(1), wallMs: 1_690_000_000_000, homeServer: "eu-1" };
const CREATION = { mode: "duel", capacity: 2, hostId: A };
const CREATED = matchCreationWrites(CREATION, CIRCUMSTANCES);
const FILLED = [...CREATED, takeSeatWrite(B, at(2)), takeSeatWrite(C, at(3))];
const RUNNING = [...FILLED, factWrite("started", at(4))];
const A_WON: Ranks = { [A]: 1, [B]: 2 };
const B_WON: Ranks = { [A]: 2, [B]: 1 };
const FINISHED = [
  ...RUNNING,
  rankingWrite(A_WON),
  reportWrite(A, A_WON, at(5)),
  factWrite("finished", at(5)),
];
const SETTLED = [...FINISHED, reportWrite(B, A_WON, at(6))];

/** 2023-11-14T22:13:20Z, and a little later. */
function at(time: number): string {
  return `018bcfe56800000${time}`;
}

/** A filled match to which these things happened. */
function matchAfter(...facts: readonly MatchFact[]): Match {
  return matchOf(...FILLED, ...facts.map((fact) => factWrite(fact, at(4))));
}

function refusal(code: string): object {
  return expect.objectContaining({ code, retryable: false });
}

describe("creating a match", () => {
  it("[MAT2] sets its fields, when and where, and seats the host", () => {
    const creation = {
      ...CREATION,
      region: "eu",
      metadata: { map: "castle", rules: null },
      address: "203.0.113.7:7777",
    };
    expect(matchOf(...matchCreationWrites(creation, CIRCUMSTANCES))).toMatchObject({
      mode: "duel",
      region: "eu",
      capacity: 2,
      hostId: A,
      address: "203.0.113.7:7777",
      metadata: { map: "castle" },
      state: "open",
      seats: [{ playerId: A, stamp: at(1), status: "seated" }],
      createdAtMs: 1_690_000_000_000,
      homeServer: "eu-1",
    });
  });

  it("[MAT2] without a host or other fields writes nothing of them", () => {
    const bare = { mode: "duel", capacity: 2, region: null, metadata: null, hostId: undefined };
    expect(matchCreationWrites(bare, CIRCUMSTANCES)).toEqual<Write[]>([
      { map: null, key: "createdAt", value: 1_690_000_000_000 },
      { map: null, key: "homeServer", value: "eu-1" },
      { map: null, key: "mode", value: "duel" },
      { map: null, key: "capacity", value: 2 },
    ]);
  });

  it("[STO1] of a clock past the year 9999 says 9999, in whole milliseconds", () => {
    const createdAt = (wallMs: number) =>
      matchOf(...matchCreationWrites(CREATION, { ...CIRCUMSTANCES, wallMs }))?.createdAtMs;
    expect(createdAt(Date.UTC(12_000, 0))).toBe(Date.UTC(10_000, 0) - 1);
    expect(createdAt(1_690_000_000_000.7)).toBe(1_690_000_000_000);
  });

  it("[ID2] again changes nothing, whatever is given", () => {
    const other = { mode: "royale", capacity: 9, hostId: B };
    expect(matchFillWrites(matchOf(...CREATED), other, CIRCUMSTANCES)).toEqual([]);
  });

  it("[ID2] where nothing is known of its creation creates it", () => {
    const fragment = matchOf(takeSeatWrite(B, at(2)));
    expect(fragment).toMatchObject({ mode: "", capacity: 0, seats: [{ playerId: B, status: "overflow" }] });
    expect(matchFillWrites(fragment, CREATION, CIRCUMSTANCES)).toEqual(CREATED);
  });
});

describe("taking and leaving seats", () => {
  it("[MAT2] who joins takes a seat", () => {
    expect(joinWrites(matchOf(...CREATED), B, at(2))).toEqual([
      { map: "seats", key: `${at(2)}/${B}`, value: true },
    ]);
  });

  it("[MAT2] nobody joins a full match, but who has a seat in it, or waits for one, may say so again", () => {
    const full = matchOf(...FILLED);
    expect(full.seats.map(({ status }) => status)).toEqual(["seated", "seated", "overflow"]);
    expect(() => joinWrites(full, D, at(5))).toThrow(refusal("match-full"));
    for (const playerId of [A, B, C]) expect(joinWrites(full, playerId, at(5))).toEqual([]);
  });

  it("[MAT2] who leaves makes room", () => {
    const writes = leaveWrites(matchOf(...CREATED), A, at(2));
    expect(writes).toEqual([{ map: "seats", key: `${at(1)}/${A}/left`, value: at(2) }]);
    const left = matchOf(...CREATED, ...writes);
    expect(left.seats).toEqual([]);
    expect(joinWrites(left, A, at(3))).toEqual([takeSeatWrite(A, at(3))]);
  });

  it("[CLM4] [MAT2] one person takes a seat 16 times at most, under all its ids, here or elsewhere", () => {
    const writes = [...CREATED];
    const stampOf = (time: number) => `018bcfe5680${time.toString().padStart(5, "0")}`;
    for (let time = 10; time < 41; time += 2) {
      const playerId = time < 20 ? B : C;
      writes.push(...joinWrites(matchOf(...writes), playerId, stampOf(time), [B, C, D]));
      writes.push(...leaveWrites(matchOf(...writes), playerId, stampOf(time + 1), [B, C, D]));
    }
    const match = matchOf(...writes);
    expect(match.entrants).toMatchObject([{ entries: 1 }, { entries: 5 }, { entries: 11 }]);
    const join = (playerId: string, others: readonly string[]) =>
      joinWrites(match, playerId, stampOf(50), others);
    for (const playerId of [B, C, D]) {
      expect(() => join(playerId, [B, C, D])).toThrow(refusal("too-many-entries"));
    }
    expect(join(C, []), "as long as no merge is known").toHaveLength(1);
    expect(joinWrites(matchOf(...writes, takeSeatWrite(B, stampOf(45))), D, stampOf(50), [B, C])).toEqual([]);
  });

  it("[MAT2] one leaving ends the entries that a player made on both sides of a split", () => {
    const twice = [...CREATED, takeSeatWrite(A, at(2))];
    expect(matchOf(...twice, ...leaveWrites(matchOf(...twice), A, at(3))).seats).toEqual([]);
  });

  it("[MAT2] who has no seat has none to leave", () => {
    expect(leaveWrites(matchOf(...CREATED), B, at(2))).toEqual([]);
    expect(leaveWrites(matchAfter("started", "finished"), D, at(5))).toEqual([]);
  });

  it("[CLM4] [MAT2] merged players have their seats in common: one is enough, and all are left at once", () => {
    const match = matchOf(...CREATED, takeSeatWrite(B, at(2)));
    expect(joinWrites(match, D, at(3), [C, B])).toEqual([]);
    expect(joinWrites(matchOf(...RUNNING), D, at(5), [B]), "also of a match that runs").toEqual([]);
    expect(() => joinWrites(match, D, at(3), [C])).toThrow(refusal("match-full"));
    expect(matchOf(...FILLED, ...leaveWrites(matchOf(...FILLED), D, at(4), [A, C])).seats).toMatchObject([
      { playerId: B, status: "seated" },
    ]);
    expect(() => leaveWrites(matchOf(...RUNNING), D, at(5), [A])).toThrow(refusal("match-not-open"));
  });

  it.each<[string, MatchFact[]]>([
    ["running", ["started"]],
    ["finished", ["started", "finished"]],
    ["cancelled", ["cancelled"]],
    ["expired", ["expired"]],
  ])("[MAT2] nobody joins or leaves a match that is %s", (state, facts) => {
    const match = matchAfter(...facts);
    expect(match.state).toBe(state);
    expect(() => joinWrites(match, D, at(5))).toThrow(refusal("match-not-open"));
    expect(() => leaveWrites(match, A, at(5))).toThrow(refusal("match-not-open"));
    expect(joinWrites(match, A, at(5)), "has a seat").toEqual([]);
  });
});

describe("starting and ending", () => {
  it("[MAT1] an open match with somebody seated is started", () => {
    const match = matchOf(...CREATED);
    expect(startWrites(match, at(2))).toEqual([{ map: "facts", key: `started/${at(2)}`, value: true }]);
  });

  it("[MAT1] what is started already is not started again, and not refused", () => {
    for (const facts of [["started"], ["started", "finished"]] as const) {
      expect(startWrites(matchAfter(...facts), at(5))).toEqual([]);
    }
  });

  it.each<[string, MatchFact[]]>([
    ["cancelled", ["cancelled"]],
    ["cancelled", ["started", "cancelled"]],
    ["expired", ["expired"]],
    ["expired", ["started", "expired"]],
  ])("[MAT1] a match that is %s is not started (%j)", (state, facts) => {
    const match = matchAfter(...facts);
    expect(match.state).toBe(state);
    expect(() => startWrites(match, at(5))).toThrow(refusal("match-not-open"));
  });

  it("[MAT1] with nobody seated nothing is started", () => {
    const [seat] = matchOf(...CREATED).seats;
    if (!seat) throw new RangeError("the host is seated");
    const left = matchOf(...CREATED, leaveSeatWrite(seat, at(2)));
    expect(() => startWrites(left, at(3))).toThrow(refusal("match-empty"));
  });

  it("[MAT1] what is open or running can be cancelled, what is over cannot", () => {
    const cancelled = [{ map: "facts", key: `cancelled/${at(5)}`, value: true }];
    expect(cancelWrites(matchAfter(), at(5))).toEqual(cancelled);
    expect(cancelWrites(matchAfter("started"), at(5))).toEqual(cancelled);
    for (const fact of ["finished", "expired"] as const) {
      expect(() => cancelWrites(matchAfter(fact), at(5))).toThrow(refusal("match-over"));
    }
    const cancelledThenFinished = matchAfter("started", "cancelled", "finished");
    expect(() => cancelWrites(cancelledThenFinished, at(5))).toThrow(refusal("match-over"));
  });

  it("[MAT1] what is cancelled already is not cancelled again, and not refused", () => {
    expect(cancelWrites(matchAfter("cancelled"), at(5))).toEqual([]);
    expect(cancelWrites(matchAfter("started", "cancelled", "expired"), at(5))).toEqual([]);
  });

  it("[MAT1] only what is open expires", () => {
    expect(expireWrites(matchAfter(), at(5))).toEqual([
      { map: "facts", key: `expired/${at(5)}`, value: true },
    ]);
    for (const fact of ["started", "finished", "cancelled", "expired"] as const) {
      expect(expireWrites(matchAfter(fact), at(5))).toEqual([]);
    }
  });
});

describe("reporting", () => {
  it("[MAT3] the first report finishes the match, the next one does not again", () => {
    const hash = rankingHash(A_WON);
    expect(reportWrites(matchOf(...RUNNING), A, A_WON, at(5))).toEqual([
      { map: "reports", key: `ranking/${hash}`, value: `${A}=1,${B}=2` },
      { map: "reports", key: A, value: `${at(5)} ${hash}` },
      { map: "facts", key: `finished/${at(5)}`, value: true },
    ]);
    expect(reportWrites(matchOf(...FINISHED), B, B_WON, at(6))).toEqual([
      rankingWrite(B_WON),
      reportWrite(B, B_WON, at(6)),
    ]);
    expect(reportWrites(matchOf(...FINISHED), B, A_WON, at(6)), "as was said before").toEqual([
      reportWrite(B, A_WON, at(6)),
    ]);
  });

  it("[MAT3] one ranking is kept once: a match that hundreds report stays small", () => {
    const players = Array.from({ length: 300 }, (_, index) => playerIdOf(index + 1));
    const ranks = Object.fromEntries(players.map((id, index) => [id, index + 1]));
    const first = players[0] ?? "";
    const creation = { mode: "royale", capacity: players.length, hostId: first };
    const running = matchOf(
      ...matchCreationWrites(creation, CIRCUMSTANCES),
      ...players.slice(1).map((id) => takeSeatWrite(id, at(2))),
      factWrite("started", at(4)),
    );
    const bytesOf = (writes: readonly Write[]): number => JSON.stringify(writes).length;
    const firstReport = reportWrites(running, first, ranks, at(5));
    const reported = matchOf(
      ...matchCreationWrites(creation, CIRCUMSTANCES),
      ...players.slice(1).map((id) => takeSeatWrite(id, at(2))),
      factWrite("started", at(4)),
      ...firstReport,
    );
    expect(bytesOf(firstReport)).toBeGreaterThan(players.length * 38);
    for (const id of players.slice(1)) {
      expect(bytesOf(reportWrites(reported, id, ranks, at(6)))).toBeLessThan(200);
    }
  });

  it("[MAT3] ranks are written in canonical form, and the same ones again change nothing", () => {
    const writes = reportWrites(matchOf(...RUNNING), A, { [B]: 70, [A]: 7 }, at(5));
    expect(writes.slice(0, 2)).toEqual([rankingWrite(A_WON), reportWrite(A, A_WON, at(5))]);
    expect(reportWrites(matchOf(...FINISHED), A, { [B]: 70, [A]: 7 }, at(6))).toEqual([]);
  });

  it("[MAT3] what was said may be changed until the result is settled", () => {
    expect(reportWrites(matchOf(...FINISHED), A, B_WON, at(6))).toEqual([
      rankingWrite(B_WON),
      reportWrite(A, B_WON, at(6)),
    ]);
    const disputed = matchOf(...FINISHED, rankingWrite(B_WON), reportWrite(B, B_WON, at(6)));
    expect(disputed.result.status).toBe("disputed");
    expect(reportWrites(disputed, A, B_WON, at(7))).toEqual([reportWrite(A, B_WON, at(7))]);
    const settled = matchOf(...SETTLED);
    expect(settled.result.status).toBe("settled");
    expect(() => reportWrites(settled, A, B_WON, at(7))).toThrow(refusal("result-settled"));
    expect(reportWrites(settled, A, A_WON, at(7))).toEqual([]);
  });

  it("[MAT3] who has said nothing yet may still, when the others have settled it", () => {
    const three = matchCreationWrites({ ...CREATION, capacity: 3 }, CIRCUMSTANCES);
    const ranks = { [A]: 1, [B]: 2, [C]: 3 };
    const settled = matchOf(
      ...three,
      ...FILLED.slice(-2),
      factWrite("started", at(4)),
      factWrite("finished", at(5)),
      rankingWrite(ranks),
      reportWrite(A, ranks, at(5)),
      reportWrite(B, ranks, at(6)),
    );
    expect(settled.result.status).toBe("settled");
    const other = { [A]: 3, [B]: 2, [C]: 1 };
    const writes = reportWrites(settled, C, other, at(7));
    expect(writes).toEqual([rankingWrite(other), reportWrite(C, other, at(7))]);
  });

  it.each<[string, MatchFact[]]>([
    ["open", []],
    ["cancelled", ["started", "cancelled"]],
    ["expired", ["expired"]],
  ])("[MAT3] a match that is %s is neither reported nor settled", (state, facts) => {
    const match = matchAfter(...facts);
    expect(match.state).toBe(state);
    const settlement = { id: "one", ranks: A_WON, reason: "x" };
    expect(() => reportWrites(match, A, A_WON, at(5))).toThrow(refusal("match-not-running"));
    expect(() => settlementWrites(match, settlement, at(5))).toThrow(refusal("match-not-running"));
  });

  it("[MAT3] only the seated report", () => {
    for (const playerId of [C, D]) {
      expect(() => reportWrites(matchOf(...RUNNING), playerId, A_WON, at(5))).toThrow(refusal("not-seated"));
    }
  });

  it("[CLM4] [MAT3] who was merged with others reports for all their seats, and not against itself", () => {
    const running = matchOf(...RUNNING);
    expect(reportWrites(running, D, A_WON, at(5), [A, C])).toEqual([
      rankingWrite(A_WON),
      reportWrite(A, A_WON, at(5)),
      factWrite("finished", at(5)),
    ]);
    expect(() => reportWrites(running, D, A_WON, at(5), [C])).toThrow(refusal("not-seated"));
    const finished = matchOf(...FINISHED);
    expect(reportWrites(finished, B, A_WON, at(6), [A])).toEqual([reportWrite(B, A_WON, at(6))]);
    expect(reportWrites(finished, B, B_WON, at(6), [A]), "both change their minds").toEqual([
      rankingWrite(B_WON),
      reportWrite(A, B_WON, at(6)),
      reportWrite(B, B_WON, at(6)),
    ]);
    const settled = matchOf(...SETTLED);
    expect(reportWrites(settled, D, A_WON, at(7), [A, B])).toEqual([]);
    expect(() => reportWrites(settled, D, B_WON, at(7), [A, B])).toThrow(refusal("result-settled"));
  });

  it("[MAT3] ranks are of the seated, all of them and nobody else", () => {
    const ranks = { [D]: 1, [C]: 2, [A]: 3 };
    const thrown = refusal("ranks-not-of-seated");
    const named = expect.objectContaining({ strangers: [C, D], missing: [B] });
    const settlement = { id: "one", ranks, reason: "x" };
    for (const attempt of [
      () => reportWrites(matchOf(...RUNNING), A, ranks, at(5)),
      () => settlementWrites(matchOf(...RUNNING), settlement, at(5)),
    ]) {
      expect(attempt).toThrow(RanksNotOfSeatedError);
      expect(attempt).toThrow(thrown);
      expect(attempt).toThrow(named);
    }
  });
});

describe("settling", () => {
  const settlement = { id: "one", ranks: B_WON, reason: "looked at the replay" };

  it("[MAT3] an operator finishes a match that nobody reported", () => {
    const writes = settlementWrites(matchOf(...RUNNING), settlement, at(5));
    expect(writes).toEqual([
      { map: "settlements", key: "one", value: `${at(5)} ${A}=2,${B}=1 looked at the replay` },
      { map: "facts", key: `finished/${at(5)}`, value: true },
    ]);
    expect(matchOf(...RUNNING, ...writes)).toMatchObject({
      state: "finished",
      result: { status: "settled", ranks: B_WON },
    });
  });

  it("[MAT3] an operator overrides what the majority said, and the match is not finished twice", () => {
    const writes = settlementWrites(matchOf(...SETTLED), settlement, at(7));
    expect(writes).toEqual([settlementWrite(settlement, at(7))]);
    expect(matchOf(...SETTLED, ...writes).result).toEqual({ status: "settled", ranks: B_WON });
  });

  it("[MAT3] the first settlement stands: the same again changes nothing, another is refused", () => {
    const settled = matchOf(...SETTLED, settlementWrite(settlement, at(7)));
    const again = { id: "two", ranks: B_WON, reason: "as I said" };
    const retried = { id: "one", ranks: A_WON, reason: "x" };
    expect(settlementWrites(settled, again, at(8))).toEqual([]);
    expect(settlementWrites(settled, retried, at(8))).toEqual([]);
    const other = { id: "two", ranks: A_WON, reason: "no" };
    expect(() => settlementWrites(settled, other, at(8))).toThrow(refusal("result-settled"));
  });

  it("[MAT3] a match in which nobody sits has no outcome", () => {
    const [host] = matchOf(...CREATED).seats;
    if (!host) throw new RangeError("the host is seated");
    const empty = matchOf(...CREATED, leaveSeatWrite(host, at(2)), factWrite("started", at(3)));
    expect(empty.state).toBe("running");
    const attempt = (): Write[] => settlementWrites(empty, { id: "one", ranks: {}, reason: "x" }, at(4));
    expect(attempt).toThrow(refusal("ranks-not-of-seated"));
  });
});
