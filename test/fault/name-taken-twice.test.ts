/** A name that two sides of a split gave away: one owner when they meet again, and the other player is told. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";
import { conflicts, memberState } from "../support/operator-calls.ts";
import { edit, expectConverged, granted, newPlayers, player, register } from "../support/player-calls.ts";

/** A member is down after ten silent seconds. */
const DOWN_WITHIN_MS = 30_000;
const CONFIRMED_WITHIN_MS = 30_000;

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(3);
});

afterAll(async () => {
  await cluster?.remove();
});

test("[CLM1] a name taken on both sides of a split: the earlier claim owns it, the other player is told", async () => {
  const [left, right] = cluster.sides;
  // The lesser id claims later: the time decides, not the id.
  const [loser = "", owner = "", third = ""] = await newPlayers(left, 3);
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  for (const [server, id, username] of [
    [left, owner, "Ada"],
    [right, loser, "ada"],
  ] as const) {
    const claimed = granted(await edit(server, id, { username }));
    expect(claimed).toMatchObject({ username, handle: username, usernameStatus: "provisional" });
  }
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  expect(await shown(loser)).toMatchObject({
    username: "ada",
    usernameStatus: "lost",
    handle: `ada#${loser.slice(-4)}`,
    notices: [{ code: "username-lost" }],
  });
  await expectConfirmed(owner);
  expect(await shown(owner)).toMatchObject({ username: "Ada", handle: "Ada", notices: [] });
  expect(await cluster.everywhere((server) => conflicts(server, cluster.opsToken, "username"))).toMatchObject(
    [
      {
        documentId: owner,
        candidates: [
          { value: "Ada", playerId: owner, server: left.name },
          { value: "ada", playerId: loser, server: right.name },
        ],
        winner: owner,
        rule: "CLM1",
      },
    ],
  );
  for (const server of cluster.servers) {
    const refused = { status: 409, body: { code: "name-taken" } };
    expect(await edit(server, third, { username: "ADA" })).toMatchObject(refused);
    expect(await register(server, { username: "ADA" })).toMatchObject(refused);
  }
  await expectConverged(cluster.servers, cluster.opsToken);
});

test("[CLM2] a name is not confirmed while a member that is down has not heard of it, and then it is", async () => {
  const [left, right] = cluster.sides;
  const absent = cluster.servers[2];
  if (!absent) throw new RangeError("three servers were started");
  const [owner = ""] = await newPlayers(left, 1);
  await expectConverged(cluster.servers, cluster.opsToken);
  await absent.kill();
  granted(await edit(left, owner, { username: "Grace" }));
  await expectConverged(cluster.sides, cluster.opsToken);
  for (const server of cluster.sides) {
    // Until then the two have told each other many times that they have the claim.
    await eventually(async () => expect(await memberState(server, cluster.opsToken, absent)).toBe("down"), {
      withinMs: DOWN_WITHIN_MS,
    });
  }
  for (const server of [left, right]) {
    expect(granted(await player(server, owner)).usernameStatus, server.name).toBe("provisional");
  }
  await absent.start();
  await expectConfirmed(owner);
  await expectConverged(cluster.servers, cluster.opsToken);
});

/** A player as all servers show it to a trusted caller. */
function shown(id: string) {
  return cluster.everywhere(async (server) => granted(await player(server, id, cluster.apiKey)));
}

async function expectConfirmed(id: string): Promise<void> {
  await eventually(async () => expect((await shown(id)).usernameStatus).toBe("confirmed"), {
    withinMs: CONFIRMED_WITHIN_MS,
  });
}
