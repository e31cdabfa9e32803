/** A server whose PostgreSQL dies refuses honestly, and comes back by itself. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";
import { allPlayerIds, call, expectConverged, register, registered } from "../support/player-calls.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(2, "each");
});

afterAll(async () => {
  await cluster?.remove();
});

test("[WRT1] PostgreSQL killed under a server: 503, never a false 2xx, and recovery by itself", async () => {
  const [server1, server2] = cluster.servers;
  const [database1] = cluster.databases;
  if (!server1 || !server2 || !database1) throw new RangeError("two servers were started");
  const acknowledged: string[] = [];
  const refusals = new Set<string>();
  let killed = false;
  const writers = Array.from({ length: 8 }, async () => {
    while (!killed || refusals.size === 0) {
      const { status, body } = await register(server1, { region: "eu" });
      if (status === 201 && body.player) acknowledged.push(body.player.id);
      else refusals.add(`${status} ${body.code}`);
    }
  });
  await eventually(() => expect(acknowledged.length).toBeGreaterThan(50));
  await database1.kill();
  killed = true;
  await Promise.all(writers);

  for (const refusal of refusals) expect(refusal).toMatch(/^503 (database-unavailable|outcome-unknown)$/);
  await eventually(async () => expect((await call("GET", `${server1.url}/readyz`)).status).toBe(503));
  expect((await register(server1, {})).status).toBe(503);
  await registered(server2, { username: "the-other-goes-on" });
  const pid = server1.pid;

  await database1.start();
  await eventually(() => registered(server1, { username: "it-is-back" }), { withinMs: 20_000 });
  expect(server1.pid, "the process that lost its database is the one that serves again").toBe(pid);
  expect(server1.isRunning()).toBe(true);

  await expectConverged(cluster.servers, cluster.opsToken);
  for (const server of cluster.servers) {
    const held = new Set(await allPlayerIds(server));
    expect(acknowledged.filter((id) => !held.has(id))).toEqual([]);
  }
});
