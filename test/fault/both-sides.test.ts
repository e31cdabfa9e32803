/** What both sides of a split did to the same player merges when they hear one another again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { allPlayerIds, edit, expectConverged, granted, player, registered } from "../support/player-calls.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(3);
});

afterAll(async () => {
  await cluster?.remove();
});

test("[ID1] one identity registered on both sides of a split is one player with both sides' fields", async () => {
  const [left, right] = cluster.sides;
  await cluster.split();
  const identity = { provider: "steam", subject: "76561197960287930" };
  const onLeft = await registered(left, { identity, displayName: "Gabe", metadata: { level: 3 } });
  const onRight = await registered(right, { identity, region: "eu", metadata: { clan: "red" } });
  expect(onRight.id).toBe(onLeft.id);
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  const merged = await everywhere(onLeft.id);
  expect(merged).toMatchObject({ displayName: "Gabe", region: "eu", metadata: { level: 3, clan: "red" } });
  const ids = await cluster.everywhere(allPlayerIds);
  expect(ids.filter((id) => id === onLeft.id)).toHaveLength(1);
});

test("[PLY1] different fields edited on two sides: both edits stand", async () => {
  const [left, right] = cluster.sides;
  const { id } = await registered(left, { displayName: "Ada", region: "eu" });
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  expect((await edit(left, id, { displayName: "Countess" })).status).toBe(200);
  expect((await edit(right, id, { region: "us", metadata: { level: 7 } })).status).toBe(200);
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  const merged = await everywhere(id);
  expect(merged).toMatchObject({ displayName: "Countess", region: "us", metadata: { level: 7 } });
});

test("[PLY1] one field edited on two sides: one winner, the same everywhere", async () => {
  const [left, right] = cluster.sides;
  const { id } = await registered(left, { displayName: "Ada" });
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  await edit(left, id, { displayName: "from the left" });
  await edit(right, id, { displayName: "from the right" });
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  expect(["from the left", "from the right"]).toContain((await everywhere(id)).displayName);
});

function everywhere(id: string) {
  return cluster.everywhere(async (server) => granted(await player(server, id)));
}
