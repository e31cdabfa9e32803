/** A server that is gone for good is forgotten; one that was not gone comes back as new. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClusterAnswer } from "../../src/http/contract/cluster.ts";
import type { VerificationAnswer } from "../../src/http/contract/verification.ts";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";
import { memberState } from "../support/operator-calls.ts";
import {
  call,
  expectConverged,
  granted,
  player,
  type Reachable,
  registered,
} from "../support/player-calls.ts";

const LONG = { withinMs: 30_000 };
/** Heartbeats have to be missed, and three servers are stopped and started. */
const SLOW_MACHINE = { timeout: 150_000 };

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(3);
});

afterAll(async () => {
  await cluster?.remove();
});

test(
  "[MBR2] [MBR3] one of three is killed and forgotten: names are confirmed; it returns with what it wrote alone",
  SLOW_MACHINE,
  async () => {
    const [left, right] = cluster.sides;
    const third = thirdServer();
    for (const server of cluster.servers) await registered(server, { username: `at-${server.name}` });
    await expectConverged(cluster.servers, cluster.opsToken);
    const before = await incarnationOf(left, third);

    await cluster.split();
    const alone = await registered(third, { username: "alone" });
    await third.kill();
    await cluster.heal();
    const ours = await registered(left, { username: "ours" });
    expect(await forget(left, right)).toMatchObject({ status: 409, body: { code: "member-alive" } });
    for (const server of cluster.sides) {
      await eventually(
        async () => expect(await memberState(server, cluster.opsToken, third)).toBe("down"),
        LONG,
      );
      expect(granted(await player(server, ours.id)).usernameStatus).toBe("provisional");
      expect(await unheard(server)).toContain(third.name);
      expect(await degraded(server)).not.toEqual([]);
    }

    const { members } = granted(await forget(left, third));
    expect(members.map(({ name }) => name).sort()).toEqual([left.name, right.name]);
    await expectConfirmed(ours.id, cluster.sides);
    for (const server of cluster.sides) {
      await eventually(async () => expect(await unheard(server)).toBeNull());
      await eventually(async () => expect(await degraded(server)).toEqual([]), LONG);
    }
    // The log says so, also to a server that starts and hears nobody else.
    await right.stop();
    await right.start();
    await expectConverged(cluster.sides, cluster.opsToken);
    await expectConfirmed((await registered(right, { username: "later" })).id, cluster.sides);

    await third.start();
    await expectConverged(cluster.servers, cluster.opsToken);
    for (const { id } of [alone, ours]) await expectConfirmed(id, cluster.servers);
    expect(await incarnationOf(left, third)).not.toBe(before);
    await registered(third, { username: "anew" });
    await expectConverged(cluster.servers, cluster.opsToken);
  },
);

test("[VER1] all three are verified after that, and nothing is found", async () => {
  for (const { url } of cluster.servers) {
    const path = `${url}/v1/cluster/verify`;
    const token = cluster.opsToken;
    const { status } = await call<VerificationAnswer>("POST", path, { token });
    expect(status).toBe(202);
    const done = await eventually(async () => {
      const report = granted(await call<VerificationAnswer>("GET", path, { token }));
      expect(report.state).toBe("done");
      return report;
    }, LONG);
    expect(done).toMatchObject({ faults: [], faultsFound: 0, documents: 7 });
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^rollcall_verify_faults 0$/m);
  }
});

test("[MBR3] one that runs and is cut off is told once it is heard again, and begins anew in place", async () => {
  const [left] = cluster.sides;
  const third = thirdServer();
  const { pid } = third;
  const before = await incarnationOf(left, third);
  await cluster.split();
  const { id } = await registered(third, { username: "cut-off" });
  await eventually(async () => {
    expect(granted(await forget(left, third)).members.map(({ name }) => name)).not.toContain(third.name);
  }, LONG);
  await cluster.heal();
  await eventually(async () => {
    const now = await incarnationOf(left, third);
    expect(now).toEqual(expect.any(String));
    expect(now).not.toBe(before);
  }, LONG);
  expect(third.pid).toBe(pid);
  expect(third.isRunning()).toBe(true);
  await expectConverged(cluster.servers, cluster.opsToken);
  await expectConfirmed(id, cluster.servers);
  for (const server of cluster.servers) expect(await unheard(server)).toBeNull();
  await third.stop();
  expect((await third.ended).code).toBe(0);
});

function thirdServer() {
  const third = cluster.servers[2];
  if (!third) throw new RangeError("three servers were started");
  return third;
}

function forget(server: Reachable, member: Reachable) {
  const url = `${server.url}/v1/cluster/members/${member.name}/forget`;
  return call<ClusterAnswer>("POST", url, { token: cluster.opsToken, body: { reason: "a test" } });
}

async function incarnationOf(server: Reachable, member: Reachable): Promise<string | undefined> {
  const answer = await call<ClusterAnswer>("GET", `${server.url}/v1/cluster`, { token: cluster.opsToken });
  return granted(answer).members.find(({ name }) => name === member.name)?.incarnation;
}

async function unheard(server: Reachable): Promise<string | null> {
  return (await fetch(`${server.url}/healthz`)).headers.get("rollcall-peers-unheard");
}

async function degraded(server: Reachable): Promise<readonly string[]> {
  const { body } = await call<{ degraded: readonly string[] }>("GET", `${server.url}/readyz`);
  return body.degraded ?? [];
}

async function expectConfirmed(id: string, servers: readonly Reachable[]): Promise<void> {
  await eventually(async () => {
    for (const server of servers) {
      expect(granted(await player(server, id)).usernameStatus, server.name).toBe("confirmed");
    }
  }, LONG);
}
