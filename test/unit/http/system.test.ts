import supertest from "supertest";
import { describe, expect, it } from "vitest";
import type { MemberReport } from "../../../src/http/cluster-port.ts";
import { OPS_TOKEN, openHttpWorld } from "../../support/http-app.ts";

const OPS = { Authorization: `Bearer ${OPS_TOKEN}` };

it("GET /healthz says that the process lives, whatever else is amiss", async () => {
  const { app } = await openHttpWorld({ readiness: { ready: false, degraded: [], reasons: ["x"] } });
  const { status, body } = await supertest(app).get("/healthz");
  expect([status, body]).toEqual([200, { status: "ok" }]);
});

describe("GET /readyz", () => {
  it("is 200 when ready", async () => {
    const { app } = await openHttpWorld();
    const { status, body } = await supertest(app).get("/readyz");
    expect([status, body]).toEqual([200, { status: "ready", degraded: [] }]);
  });

  it("is 200 and says so when degraded", async () => {
    const degraded = ["us-1 has not been heard for 12 s"];
    const { app } = await openHttpWorld({ readiness: { ready: true, degraded, reasons: [] } });
    const { status, body } = await supertest(app).get("/readyz");
    expect([status, body]).toEqual([200, { status: "degraded", degraded }]);
  });

  it("is a 503 with its reasons when not ready", async () => {
    const reasons = ["PostgreSQL cannot be reached", "the first pull is under way"];
    const { app, log } = await openHttpWorld({ readiness: { ready: false, degraded: [], reasons } });
    const { status, body, headers } = await supertest(app).get("/readyz");
    expect([status, body.code, headers["retry-after"]]).toEqual([503, "not-ready", "2"]);
    expect(body.detail).toBe("PostgreSQL cannot be reached; the first pull is under way");
    expect(log).toEqual([]);
  });
});

it("GET /metrics passes on what it is given", async () => {
  const { app } = await openHttpWorld();
  const { status, text, headers } = await supertest(app).get("/metrics");
  expect([status, text, headers["content-type"]]).toEqual([
    200,
    "rollcall_up 1\n",
    "text/plain; version=0.0.4",
  ]);
});

it("GET /v1/cluster shows the members", async () => {
  const members: MemberReport[] = [
    {
      name: "eu-1",
      incarnation: "0".repeat(32),
      self: true,
      state: "alive",
      lastHeardAt: null,
      entriesBehind: 0,
      secondsBehind: null,
      clockOffsetMs: null,
      brokers: [{ url: "redis://127.0.0.1:6379", own: true, state: "connected" }],
      queues: { outgoing: 0 },
    },
  ];
  const { app } = await openHttpWorld({ members });
  const { body } = await supertest(app).get("/v1/cluster").set(OPS);
  expect(body).toEqual({ server: "eu-1", realm: "test", version: "1.2.3", database: "open", members });
});

it("GET /v1/cluster/samples says how the cluster looked, all of it or what is later", async () => {
  const sample = { database: "open", entries: 5, written: null, queues: { unstored: 1 } } as const;
  const members = [{ name: "eu-1", state: "alive", entriesBehind: 2, secondsBehind: null }] as const;
  const samples = [0, 5_000].map((atMs) => ({ ...sample, atMs, members: [...members] }));
  const { app } = await openHttpWorld({ samples });
  const read = async (query: string) =>
    (await supertest(app).get(`/v1/cluster/samples${query}`).set(OPS)).body;
  const [first, second] = [0, 5].map((s) => ({ ...sample, at: `1970-01-01T00:00:0${s}.000Z`, members }));
  expect(await read("")).toEqual({ server: "eu-1", items: [first, second] });
  expect(await read("?since=1970-01-01T00:00:00.000Z")).toEqual({ server: "eu-1", items: [second] });
  expect((await read("?since=yesterday")).errors).toMatchObject([{ parameter: "since" }]);
});

it("GET /v1/cluster/digest is the registry's, and moves with a write", async () => {
  const { app, registry } = await openHttpWorld();
  const digest = async () => (await supertest(app).get("/v1/cluster/digest").set(OPS)).body;
  const before = await digest();
  expect(before).toEqual(registry.digest());
  await supertest(app).post("/v1/players").send({});
  const after = await digest();
  expect(after).toEqual(registry.digest());
  expect(after).toMatchObject({ documents: 1, entries: 2 });
  expect(after.stateDigest).not.toBe(before.stateDigest);
});

describe("the log", () => {
  it("has no line for a request that went as it should, unless it is asked for", async () => {
    const { app, log } = await openHttpWorld();
    await supertest(app).get("/v1/players");
    await supertest(app).get("/nowhere");
    expect(log).toEqual([]);
  });

  it("at debug has a line a request, without tokens or queries", async () => {
    const { app, log } = await openHttpWorld({ logLevel: "debug" });
    await supertest(app)
      .get("/v1/players?username=ada")
      .set("Authorization", "Bearer hidden")
      .set("X-Request-Id", "r1");
    expect(log).toMatchObject([
      { level: 20, req: { id: "r1", method: "GET", path: "/v1/players" }, res: { status: 401 } },
    ]);
    expect(JSON.stringify(log)).not.toMatch(/hidden|ada/);
  });
});
