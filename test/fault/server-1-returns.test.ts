/** The question that started this: server 1 is down, server 2 inserts a player; what happens when 1 returns? */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";
import { allPlayerIds, expectConverged, registered } from "../support/player-calls.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(3);
});

afterAll(async () => {
  await cluster?.remove();
});

test("[REP1] server 1 is killed, server 2 inserts players, 1 returns and inserts at once: all hold all", async () => {
  const [server1, server2, server3] = cluster.servers;
  if (!server1 || !server2 || !server3) throw new RangeError("three servers were started");
  const before = await registered(server1, { username: "before" });
  await server1.kill();

  const meanwhile = [];
  for (let i = 0; i < 50; i++) meanwhile.push((await registered(server2, { username: `meanwhile-${i}` })).id);

  const returning = server1.start();
  // Its first insert is taken as soon as its port answers, whether it has caught up by then or not.
  const atOnce = await eventually(() => registered(server1, { username: "at-once" }), { withinMs: 30_000 });
  await returning;

  await expectConverged(cluster.servers, cluster.opsToken);
  const expected = [before.id, ...meanwhile, atOnce.id].sort();
  for (const server of cluster.servers) expect((await allPlayerIds(server)).sort()).toEqual(expected);
});

test("[REP2] entries of a server that died are handed on by another that heard them", async () => {
  const [server1, server2, server3] = cluster.servers;
  if (!server1 || !server2 || !server3) throw new RangeError("three servers were started");
  await server3.kill();
  const { id } = await registered(server1, { username: "heard-by-2-only" });
  await expectConverged([server1, server2], cluster.opsToken);
  await server1.kill();
  await server3.start();
  await expectConverged([server2, server3], cluster.opsToken);
  expect(await allPlayerIds(server3)).toContain(id);
  await server1.start();
  await expectConverged(cluster.servers, cluster.opsToken);
});
