/** A broker that dies, or freezes, delays what others hear; it loses nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { allPlayerIds, expectConverged, registered } from "../support/player-calls.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(2);
});

afterAll(async () => {
  await cluster?.remove();
});

test("[REP3] a broker killed and restarted during writes: no acknowledged write is lost", async () => {
  const ids = await writeWhile(async () => {
    await cluster.brokers[0]?.kill();
    await cluster.brokers[0]?.start();
  });
  await expectAllHold(ids);
});

test("[REP3] a broker that freezes during writes, and thaws: no acknowledged write is lost", async () => {
  const broker = cluster.brokers[1];
  broker?.freeze();
  const ids = await writeWhile(async () => undefined);
  broker?.thaw();
  await expectAllHold(ids);
});

/** Registers on both servers until `fault` has passed, and 100 players at least. */
async function writeWhile(fault: () => Promise<void>): Promise<string[]> {
  const ids: string[] = [];
  let passed = false;
  const faulty = fault().finally(() => {
    passed = true;
  });
  while (!passed || ids.length < 100) {
    for (const server of cluster.servers) ids.push((await registered(server, { region: "eu" })).id);
  }
  await faulty;
  return ids;
}

async function expectAllHold(ids: readonly string[]): Promise<void> {
  await expectConverged(cluster.servers, cluster.opsToken);
  for (const server of cluster.servers) {
    const held = new Set(await allPlayerIds(server));
    expect(ids.filter((id) => !held.has(id))).toEqual([]);
  }
}
