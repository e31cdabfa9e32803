import supertest from "supertest";
import { expect, it } from "vitest";
import { openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, AS_OPS, asPlayer, from, registerWithSession } from "../../support/http-calls.ts";

it("answers 429 with Retry-After beyond the limit, and counts down before", async () => {
  const { app, registry, log } = await openHttpWorld({ rateLimitPerMinute: 2 });
  const first = await supertest(app).get("/v1/players");
  expect(first.status).toBe(200);
  expect(first.headers["ratelimit-policy"]).toMatch(/^"address"; q=2; w=60; pk=:[A-Za-z0-9+/]{16}:$/);
  expect(first.headers.ratelimit).toMatch(/^"address"; r=1; t=\d+$/);
  expect((await supertest(app).post("/v1/players").send({})).status).toBe(201);
  const before = registry.digest();
  const { status, body, headers } = await supertest(app).post("/v1/players").send({});
  expect([status, body.code]).toEqual([429, "rate-limited"]);
  expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  expect(Number(headers["retry-after"])).toBeLessThanOrEqual(60);
  expect(headers["rollcall-server"]).toBe("eu-1");
  expect(registry.digest()).toEqual(before);
  expect(log).toEqual([]);
});

it("counts tokens that are guessed, and leaves those alone who watch the server", async () => {
  const { app } = await openHttpWorld({ rateLimitPerMinute: 2 });
  const guess = () => supertest(app).get("/v1/cluster").set("Authorization", "Bearer guess");
  expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([401, 401, 429]);
  for (const path of ["/healthz", "/readyz", "/metrics"]) {
    expect((await supertest(app).get(path)).status).toBe(200);
  }
});

it("does not believe what a client says of its address", async () => {
  const { app } = await openHttpWorld({ rateLimitPerMinute: 1 });
  const read = (address: string) => supertest(app).get("/v1/players").set("X-Forwarded-For", address);
  expect([(await read("192.0.2.1")).status, (await read("192.0.2.2")).status]).toEqual([200, 429]);
});

it("counts a player's calls from all addresses together, and no other's", async () => {
  const world = await openHttpWorld({ rateLimitPerMinute: 2 });
  const [ada, bob] = [await registerWithSession(world), await registerWithSession(world)];
  let address = 0;
  /** From an address that nobody called from. */
  const read = ({ session }: typeof ada) =>
    supertest(from(`192.0.2.${++address}`, world))
      .get("/v1/players")
      .set(asPlayer(session.token));
  const first = await read(ada);
  expect(first.headers["ratelimit-policy"]).toMatch(/^"address"; q=2; .*"player"; q=2; w=60/);
  expect(first.headers.ratelimit).toMatch(/^"address"; r=1; t=\d+, "player"; r=1; t=\d+$/);
  expect((await read(ada)).status).toBe(200);
  const { status, body, headers } = await read(ada);
  expect([status, body.code]).toEqual([429, "rate-limited"]);
  expect(body.detail).toContain("this player");
  expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  expect((await read(bob)).status).toBe(200);
});

it("begins anew a minute after a client's first request, for each client by itself", async () => {
  const world = await openHttpWorld({ rateLimitPerMinute: 1 });
  const read = (address: string) => supertest(from(address, world)).get("/v1/players");
  expect((await read("192.0.2.1")).status).toBe(200);
  world.clock.aheadMs += 59_000;
  expect((await read("192.0.2.2")).status).toBe(200);
  const { status, headers } = await read("192.0.2.1");
  expect([status, headers["retry-after"]]).toEqual([429, "1"]);
  world.clock.aheadMs += 1_000;
  expect((await read("192.0.2.1")).status).toBe(200);
  expect((await read("192.0.2.2")).status).toBe(429);
});

it.each([
  ["192.0.2.1", "::ffff:192.0.2.1", 429],
  ["192.0.2.1", "192.0.2.2", 200],
  ["2001:db8:1:2ff::1", "2001:db8:1:200:a:b:c:d", 429],
  ["2001:db8:1:1::1", "2001:db8:1::2", 429],
  ["2001:db8:1:2ff::1", "2001:db8:1:3ff::1", 200],
  ["::1", "1::", 200],
])("counts IPv6 by its network, and IPv4 as such: %s, then %s", async (one, other, expected) => {
  const world = await openHttpWorld({ rateLimitPerMinute: 1 });
  expect((await supertest(from(one, world)).get("/v1/players")).status).toBe(200);
  expect((await supertest(from(other, world)).get("/v1/players")).status).toBe(expected);
});

it("does not limit back ends and operators, through whom thousands of players call", async () => {
  const { app } = await openHttpWorld({ rateLimitPerMinute: 1 });
  const read = (headers: Record<string, string>) => supertest(app).get("/v1/players").set(headers);
  for (const headers of [AS_KEY, AS_OPS, AS_KEY, AS_OPS]) {
    const answer = await read(headers);
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty("ratelimit");
  }
  // Nor were they counted.
  expect((await read({})).status).toBe(200);
  expect((await read({})).status).toBe(429);
  expect((await read(AS_KEY)).status).toBe(200);
});

it("limits a key that could be guessed, so that guessing it is limited", async () => {
  const short = "k".repeat(21);
  const { app } = await openHttpWorld({ rateLimitPerMinute: 2, access: { apiKeys: [short] } });
  const read = (key: string) => supertest(app).get("/v1/players").set(asPlayer(key));
  expect([(await read("wrong")).status, (await read(short)).status]).toEqual([401, 200]);
  expect([(await read("wrong")).status, (await read(short)).status]).toEqual([429, 429]);
});

it("is not there when it is off", async () => {
  const { app } = await openHttpWorld();
  expect((await supertest(app).get("/v1/players")).headers).not.toHaveProperty("ratelimit");
});

it.each(["/%761/cluster", "/v%31/cluster", "//v1/cluster"])("counts %s like any other path", async (path) => {
  const { app } = await openHttpWorld({ rateLimitPerMinute: 1 });
  await supertest(app).get(path);
  expect((await supertest(app).get(path)).status).toBe(429);
});
