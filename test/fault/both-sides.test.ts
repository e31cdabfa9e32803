/** What both sides of a split did to the same player merges when they hear one another again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import {
  allPlayerIds,
  edit,
  expectConverged,
  type PlayerAnswer,
  player,
  registered,
} from "../support/player-calls.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(3);
});

afterAll(async () => {
  await cluster?.remove();
});

test("[ID1] one identity registered on both sides of a split is one player with both sides' fields", async () => {
  const [left, right] = twoSides();
  await cluster.split();
  const identity = { provider: "steam", subject: "76561197960287930" };
  const onLeft = await registered(left, { identity, displayName: "Gabe", metadata: { level: 3 } });
  const onRight = await registered(right, { identity, region: "eu", metadata: { clan: "red" } });
  expect(onRight.id).toBe(onLeft.id);
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  for (const server of cluster.servers) {
    const { body } = await player(server, onLeft.id);
    expect(body).toMatchObject({ displayName: "Gabe", region: "eu", metadata: { level: 3, clan: "red" } });
    expect((await allPlayerIds(server)).filter((id) => id === onLeft.id)).toHaveLength(1);
  }
});

test("[PLY1] different fields edited on two sides: both edits stand", async () => {
  const [left, right] = twoSides();
  const { id } = await registered(left, { displayName: "Ada", region: "eu" });
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  expect((await edit(left, id, { displayName: "Countess" })).status).toBe(200);
  expect((await edit(right, id, { region: "us", metadata: { level: 7 } })).status).toBe(200);
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  for (const answer of await everywhere(id)) {
    expect(answer).toMatchObject({ displayName: "Countess", region: "us", metadata: { level: 7 } });
  }
});

test("[PLY1] one field edited on two sides: one winner, the same everywhere", async () => {
  const [left, right] = twoSides();
  const { id } = await registered(left, { displayName: "Ada" });
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  await edit(left, id, { displayName: "from the left" });
  await edit(right, id, { displayName: "from the right" });
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  const names = (await everywhere(id)).map(({ displayName }) => displayName);
  expect(["from the left", "from the right"]).toContain(names[0]);
  expect(new Set(names).size).toBe(1);
});

function twoSides() {
  const [left, right] = cluster.servers;
  if (!left || !right) throw new RangeError("three servers were started");
  return [left, right] as const;
}

async function everywhere(id: string): Promise<Partial<PlayerAnswer>[]> {
  const answers = await Promise.all(cluster.servers.map((server) => player(server, id)));
  return answers.map(({ body }) => body);
}
