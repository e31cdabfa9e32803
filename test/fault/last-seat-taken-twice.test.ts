/** The last seat of a match that two sides of a split gave away: one sits, the other is told. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { createdMatch, join, leave, match } from "../support/match-calls.ts";
import { conflicts } from "../support/operator-calls.ts";
import { expectConverged, granted, newPlayers, player } from "../support/player-calls.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(3);
});

afterAll(async () => {
  await cluster?.remove();
});

test("[MAT2] the last seat taken on both sides of a split: the earlier sits, the other is told", async () => {
  const [left, right] = cluster.sides;
  // The lesser id comes later: the time decides, not the id.
  const [later = "", earlier = "", first = "", another = ""] = await newPlayers(left, 4);
  const { id } = await createdMatch(left, { mode: "duel", capacity: 2 });
  granted(await join(left, id, first));
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  expect(granted(await join(left, id, earlier)).seat.status).toBe("seated");
  expect(granted(await join(right, id, later)).seat.status).toBe("seated");
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  expect(await seats(id)).toEqual([
    [first, "seated"],
    [earlier, "seated"],
    [later, "overflow"],
  ]);
  expect(await notices(earlier)).toEqual([]);
  expect(await notices(later)).toMatchObject([{ code: "seat-overflow", matchId: id }]);
  expect(await seatConflicts()).toMatchObject([
    {
      documentId: id,
      candidates: [
        { playerId: first, value: "seated", server: left.name },
        { playerId: earlier, value: "seated", server: left.name },
        { playerId: later, value: "overflow", server: right.name },
      ],
      winner: [first, earlier],
      rule: "MAT2",
    },
  ]);
  for (const server of cluster.servers) {
    expect(await join(server, id, another)).toMatchObject({ status: 409, body: { code: "match-full" } });
  }

  granted(await leave(right, id, earlier));
  await expectConverged(cluster.servers, cluster.opsToken);
  expect(await seats(id)).toEqual([
    [first, "seated"],
    [later, "seated"],
  ]);
  expect(await notices(later)).toEqual([]);
  expect(await seatConflicts()).toEqual([]);
});

async function seats(id: string) {
  const { players } = await cluster.everywhere((server) => match(server, id));
  return players.map(({ playerId, status }) => [playerId, status]);
}

function notices(id: string) {
  return cluster.everywhere(async (server) => granted(await player(server, id, cluster.apiKey)).notices);
}

function seatConflicts() {
  return cluster.everywhere((server) => conflicts(server, cluster.opsToken, "seat"));
}
