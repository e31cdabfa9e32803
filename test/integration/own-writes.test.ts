/** Writes and their copies, on two real servers. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient, ProblemError } from "../../src/client/client.ts";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";

/** However busy the machine is. */
const WAIT = { "rollcall-wait": "10000" };
const PATIENCE_MS = 30_000;

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(2);
});

afterAll(async () => {
  await cluster?.remove();
});

function clientOf(...urls: string[]) {
  return createClient({
    servers: urls,
    token: cluster.apiKey,
    patienceMs: PATIENCE_MS,
    timeoutMs: PATIENCE_MS,
  });
}

test("[ACK1] a write that waits for one server is at the other when it is answered", async () => {
  const [here, there] = cluster.sides;
  const client = clientOf(here.url);
  await eventually(() => client.players.register({}, { ack: 1 }), { withinMs: PATIENCE_MS });
  for (let round = 0; round < 20; round++) {
    const headers = new Headers({ ...WAIT, "content-type": "application/json" });
    const made = await fetch(`${here.url}/v1/players?ack=1`, { method: "POST", headers, body: "{}" });
    expect(made.status).toBe(201);
    const read = await fetch(`${there.url}${made.headers.get("location")}`);
    expect(read.status).toBe(200);
  }
});

test("[ACK1] a write that waits for more servers than there are stands, and is 504 in the end", async () => {
  const [here] = cluster.sides;
  const client = clientOf(here.url);
  const refused = await client.players
    .register({ username: "twice" }, { ack: 2 })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ProblemError);
  expect(refused).toMatchObject({ status: 504, code: "not-acknowledged-yet" });
  const { items } = await client.players.list({ username: "twice" });
  expect(items).toHaveLength(1);
});

test("[ACK3] both servers come to know that both have a position, and that one is gone", async () => {
  const [here, there] = cluster.sides;
  const client = clientOf(here.url);
  await client.players.register();
  const [position = ""] = client.positions.kept;
  for (const url of [here.url, there.url]) {
    await eventually(
      async () => {
        const { servers } = await clientOf(url).positions.get(position);
        expect(servers).toEqual([
          { server: here.name, has: true },
          { server: there.name, has: true },
        ]);
      },
      { withinMs: PATIENCE_MS },
    );
  }
  await there.kill();
  await client.players.register();
  const [later = ""] = client.positions.kept;
  const { servers } = await client.positions.get(later);
  expect(servers).toEqual([
    { server: here.name, has: true },
    { server: there.name, has: false },
  ]);
  await eventually(
    async () => {
      const { headers } = await fetch(`${here.url}/healthz`);
      expect(headers.get("rollcall-peers-unheard")).toMatch(new RegExp(`^${there.name};[0-9]+$`));
    },
    { withinMs: PATIENCE_MS },
  );
});
