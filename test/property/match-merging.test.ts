/**
 * Servers agree on a match, whatever they did to it apart: on random histories of two to four servers that create
 * it, fill its seats, start, end and report it, and hear of each other late, twice or not at all.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecodedChange } from "../../crdt/change.ts";
import { STAMP_ZERO } from "../../crdt/hybrid-clock.ts";
import type { Match, MatchState } from "../../crdt/match.ts";
import { formatRanking } from "../../crdt/ranking.ts";
import { type MatchHistory, matchHistories } from "../support/match-histories.ts";
import { MatchReplica, matchOutcomeOf } from "../support/match-replica.ts";
import { seeded } from "../support/seeded.ts";

/** A property takes a second of a core, and may have to share it. */
const SLOW_MACHINE_MS = 30_000;
const LATER = "ffff000000000000";
/** From the weakest to the strongest (MAT1). */
const STATES: readonly MatchState[] = ["open", "running", "expired", "cancelled", "finished"];

/** What holds for every history, given a source of random choices within it. */
function forHistories(runs: number, holds: (history: MatchHistory, choose: fc.GeneratorValue) => void): void {
  fc.assert(
    fc.property(matchHistories, fc.gen(), (play, choose) => {
      const history = play();
      try {
        holds(history, choose);
      } finally {
        for (const replica of history.replicas) replica.free();
      }
    }),
    seeded(runs),
  );
}

/** All of them, shuffled, some twice. */
function delivery(changes: readonly DecodedChange[], choose: fc.GeneratorValue): DecodedChange[] {
  const again = choose(() => fc.subarray([...changes]));
  const all = [...changes, ...again];
  return choose(() => fc.shuffledSubarray(all, { minLength: all.length }));
}

/** The match after each of the changes, from the first on that makes it one. */
function matchesAlong(changes: readonly DecodedChange[]): Match[] {
  const replica = new MatchReplica(0xee);
  const matches = changes.flatMap((change) => {
    replica.receive([change]);
    return replica.match() ?? [];
  });
  replica.free();
  return matches;
}

/** As all servers have it in the end. */
function matchIn(changes: readonly DecodedChange[]): Match {
  return matchesAlong(changes).at(-1) as Match;
}

function idsOf(match: Match, status: "seated" | "overflow"): string[] {
  return match.seats.filter((seat) => seat.status === status).map(({ playerId }) => playerId);
}

describe("merging of matches", { timeout: SLOW_MACHINE_MS }, () => {
  it("[DOC1] any order of delivery, with repetitions, gives the same heads and the same match", () => {
    forHistories(60, ({ changes }, choose) => {
      const expected = matchOutcomeOf(changes);
      expect(expected.match).toBeDefined();
      for (let round = 0; round < 3; round++) {
        expect(matchOutcomeOf(delivery(changes, choose))).toEqual(expected);
      }
    });
  });

  it("[DOC1] the servers that wrote, once they have heard all, agree with one that was told everything", () => {
    forHistories(60, ({ changes, replicas }, choose) => {
      const expected = matchOutcomeOf(changes);
      for (const replica of replicas) {
        replica.receive(delivery(changes, choose));
        expect(replica.outcome()).toEqual(expected);
      }
    });
  });

  it("[DOC1] servers that hold a part of the changes agree on it, whatever is missing", () => {
    forHistories(60, ({ changes }, choose) => {
      const part = choose(() => fc.subarray([...changes]));
      expect(matchOutcomeOf(delivery(part, choose))).toEqual(matchOutcomeOf(part));
    });
  });

  it("[MAT1] whatever is learnt, in whatever order, a match only goes forward, and finished is for ever", () => {
    forHistories(80, ({ changes }, choose) => {
      const strengths = matchesAlong(delivery(changes, choose)).map(({ state }) => STATES.indexOf(state));
      expect(strengths).toEqual([...strengths].sort((one, other) => one - other));
    });
  });

  it("[MAT1] when it was started and finished can only be learnt to have been earlier", () => {
    forHistories(60, ({ changes }, choose) => {
      const along = matchesAlong(delivery(changes, choose));
      for (const times of [along.map((m) => m.startedAt), along.map((m) => m.finishedAt)]) {
        const latestFirst = times.map((time) => time ?? LATER);
        expect(latestFirst).toEqual([...latestFirst].sort().reverse());
      }
    });
  });

  it("[MAT2] never are more seated than there are seats, nobody twice, and nobody waits beside a free seat", () => {
    forHistories(100, ({ changes }, choose) => {
      for (const match of matchesAlong(delivery(changes, choose))) {
        const players = match.seats.map(({ playerId }) => playerId);
        expect(new Set(players).size).toBe(players.length);
        const [seated, overflow] = [idsOf(match, "seated"), idsOf(match, "overflow")];
        expect(seated).toHaveLength(Math.min(match.capacity, players.length));
        expect(players, "the seated come first").toEqual([...seated, ...overflow]);
      }
    });
  });

  it("[MAT2] seats go by stamp and player id, and none was taken at or after the start", () => {
    forHistories(100, ({ changes }, choose) => {
      const { seats, startedAt } = matchIn(delivery(changes, choose));
      const keys = seats.map(({ stamp, playerId }) => `${stamp}/${playerId}`);
      expect(keys).toEqual([...keys].sort());
      for (const { stamp } of seats) expect(stamp < (startedAt ?? LATER)).toBe(true);
    });
  });

  it("[MAT2] nobody who joined and did not leave vanishes: everybody sits, waits, or is named as late", () => {
    forHistories(100, ({ changes, replicas: [replica] }) => {
      replica?.receive(changes);
      const { seats: registers = {} } = replica?.state()?.maps ?? {};
      const { seats, lateSeats, entrants } = matchIn(changes);
      const leavings = Object.entries(registers).filter(([key]) => key.endsWith("/left"));
      const named = [...seats, ...lateSeats].map(({ playerId }) => playerId);
      expect(new Set(named).size).toBe(named.length);
      const entries = Object.keys(registers).filter((key) => !key.endsWith("/left"));
      expect(entrants.reduce((sum, entrant) => sum + entrant.entries, 0)).toBe(entries.length);
      for (const entry of entries) {
        const [stamp = "", playerId = ""] = entry.split("/");
        const left = leavings.some(([key, at]) => key.includes(playerId) && String(at) > stamp);
        if (!left) expect(named).toContain(playerId);
      }
    });
  });

  it("[MAT2] nobody sits who left after taking the seat, and before the start", () => {
    forHistories(100, ({ changes, replicas: [replica] }) => {
      replica?.receive(changes);
      const { seats: registers = {} } = replica?.state()?.maps ?? {};
      const { seats, startedAt } = matchIn(changes);
      const leavings = Object.entries(registers).filter(([key]) => key.endsWith("/left"));
      for (const { playerId, stamp } of seats) {
        const ends = leavings
          .filter(([key]) => key.includes(playerId))
          .map(([, at]) => String(at))
          .filter((at) => at < (startedAt ?? LATER));
        expect(stamp > (ends.sort().at(-1) ?? STAMP_ZERO)).toBe(true);
      }
    });
  });

  it("[MAT3] settled is what an operator or more than half of the seated say, and only the seated have a say", () => {
    forHistories(100, ({ changes }, choose) => {
      const match = matchIn(delivery(changes, choose));
      const seated = idsOf(match, "seated");
      expect(seated).toEqual(expect.arrayContaining(match.reports.map(({ playerId }) => playerId)));
      const said = match.reports.map(({ ranks }) => formatRanking(ranks));
      const votes = (ranking: string): number => said.filter((other) => other === ranking).length;
      const majority = said.find((ranking) => votes(ranking) > seated.length / 2);
      const [settlement] = match.settlements;
      const standing = settlement ? formatRanking(settlement.ranks) : majority;
      const { status, ranks } = match.result;
      expect(ranks ? formatRanking(ranks) : undefined).toBe(standing);
      expect(status === "settled").toBe(standing !== undefined);
      const silent = seated.length - said.length;
      const isReachable =
        said.length === 0 || said.some((other) => votes(other) + silent > seated.length / 2);
      if (status !== "settled") expect(status).toBe(isReachable ? "pending" : "disputed");
    });
  });

  it("[MAT1] [MAT2] [MAT3] what a server does, it sees at once", () => {
    const done = new Set<string>();
    forHistories(150, ({ deeds }) => {
      for (const { intent, after } of deeds) {
        done.add(intent.reason);
        expect(intent.shows(after), intent.reason).toBe(true);
      }
    });
    expect([...done].sort()).toEqual(["cancel", "expire", "join", "leave", "report", "settle", "start"]);
  });

  it("[MAT2] a start settles who plays: what its server does later seats and unseats nobody", () => {
    forHistories(100, ({ deeds }) => {
      for (const { before, after } of deeds) {
        if (before.startedAt !== null) expect(after.seats).toEqual(before.seats);
      }
    });
  });
});
