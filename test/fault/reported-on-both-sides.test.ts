/** What two sides of a split say of the same match: opposite results are settled by nobody, equal ones count once. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";
import { leaderboard, match, ratings, reported, startedMatch } from "../support/match-calls.ts";
import { conflicts, settled } from "../support/operator-calls.ts";
import { expectConverged, newPlayers, type Reachable } from "../support/player-calls.ts";

/** Ratings are folded after the matches are stored. */
const RATED_WITHIN_MS = 15_000;

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(3);
});

afterAll(async () => {
  await cluster?.remove();
});

test("[MAT3] opposite results on two sides of a split are disputed everywhere, until an operator settles", async () => {
  const [left, right] = cluster.sides;
  const [one = "", other = ""] = await newPlayers(left, 2);
  const { id } = await startedMatch(left, "disputed", [one, other]);
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  const onLeft = await reported(left, id, one, { [one]: 1, [other]: 2 });
  const onRight = await reported(right, id, other, { [one]: 2, [other]: 1 });
  expect([onLeft.result, onRight.result]).toEqual([{ status: "pending" }, { status: "pending" }]);
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  expect(await everywhere(id)).toMatchObject({ state: "finished", result: { status: "disputed" } });
  const opinions = [
    { playerId: one, value: { [one]: 1, [other]: 2 }, server: left.name },
    { playerId: other, value: { [one]: 2, [other]: 1 }, server: right.name },
  ];
  expect(await resultConflicts()).toMatchObject([{ documentId: id, candidates: opinions, winner: null }]);

  const ranks = { [one]: 2, [other]: 1 };
  await settled(left, cluster.opsToken, id, ranks);
  await expectConverged(cluster.servers, cluster.opsToken);
  expect((await everywhere(id)).result).toEqual({ status: "settled", ranks });
  expect(await resultConflicts()).toMatchObject([{ documentId: id, winner: ranks, rule: "MAT3" }]);
  await expectRated("disputed", [
    { playerId: other, matches: 1, wins: 1, losses: 0 },
    { playerId: one, matches: 1, wins: 0, losses: 1 },
  ]);
  await expectConverged(cluster.servers, cluster.opsToken);
});

test("[RAT1] a match that was reported and rated on both sides of a split counts once", async () => {
  const [left] = cluster.sides;
  const [winner = "", loser = ""] = await newPlayers(left, 2);
  const { id } = await startedMatch(left, "once", [winner, loser]);
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  for (const server of cluster.sides) {
    await reportedByBoth(server, id, winner, loser);
    await expectOneMatch(server, winner);
  }
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  await expectRated("once", [
    { playerId: winner, matches: 1, wins: 1, losses: 0, draws: 0 },
    { playerId: loser, matches: 1, wins: 0, losses: 1, draws: 0 },
  ]);
  for (const playerId of [winner, loser]) {
    expect(await cluster.everywhere((server) => ratings(server, playerId))).toMatchObject([{ matches: 1 }]);
  }
  await expectConverged(cluster.servers, cluster.opsToken);
});

test("[RAT2] matches that two sides of a split rated apart come to what they do when played together", async () => {
  const [left, right] = cluster.sides;
  const [one = "", other = ""] = await newPlayers(left, 2);
  const [first, second] = [
    await startedMatch(left, "apart", [one, other]),
    await startedMatch(left, "apart", [one, other]),
  ];
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  // The right rates the second match as if there were no first.
  await reportedByBoth(left, first.id, one, other);
  await reportedByBoth(right, second.id, other, one);
  await expectOneMatch(left, one);
  await expectOneMatch(right, one);
  await cluster.heal();
  for (const [winner, loser] of [
    [one, other],
    [other, one],
  ] as const) {
    const { id } = await startedMatch(left, "together", [one, other]);
    await reportedByBoth(left, id, winner, loser);
  }
  await expectConverged(cluster.servers, cluster.opsToken);

  await eventually(
    async () => {
      const apart = await cluster.everywhere((server) => leaderboard(server, "apart"));
      expect(apart.map(({ matches }) => matches)).toEqual([2, 2]);
      expect(apart).toEqual(await cluster.everywhere((server) => leaderboard(server, "together")));
    },
    { withinMs: RATED_WITHIN_MS },
  );
  await expectConverged(cluster.servers, cluster.opsToken);
});

async function reportedByBoth(server: Reachable, id: string, winner: string, loser: string): Promise<void> {
  const ranks = { [winner]: 1, [loser]: 2 };
  await reported(server, id, winner, ranks);
  expect((await reported(server, id, loser, ranks)).result).toEqual({ status: "settled", ranks });
}

async function expectOneMatch(server: Reachable, playerId: string): Promise<void> {
  await eventually(async () => expect(await ratings(server, playerId)).toMatchObject([{ matches: 1 }]), {
    withinMs: RATED_WITHIN_MS,
  });
}

/** The leaderboard of a mode is this on every server. */
async function expectRated(mode: string, leaders: readonly object[]): Promise<void> {
  await eventually(
    async () => {
      expect(await cluster.everywhere((server) => leaderboard(server, mode))).toMatchObject(leaders);
    },
    { withinMs: RATED_WITHIN_MS },
  );
}

function everywhere(id: string) {
  return cluster.everywhere((server) => match(server, id));
}

function resultConflicts() {
  return cluster.everywhere((server) => conflicts(server, cluster.opsToken, "result"));
}
