import type { RequestListener } from "node:http";
import supertest from "supertest";
import { expect, it } from "vitest";
import { openHttpWorld } from "../../support/http-app.ts";
import { asPlayer, registerWithSession } from "../../support/http-calls.ts";

it("answers 429 with Retry-After beyond the limit, and counts down before", async () => {
  const { app, registry, log } = await openHttpWorld({ rateLimitPerMinute: 2 });
  const first = await supertest(app).get("/v1/players");
  expect(first.status).toBe(200);
  expect(first.headers["ratelimit-policy"]).toMatch(/^"address"; q=2; w=60/);
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
  const read = ({ session }: typeof ada) => {
    const remoteAddress = `192.0.2.${++address}`;
    const elsewhere: RequestListener = (request, response) => {
      Object.defineProperty(request.socket, "remoteAddress", { value: remoteAddress });
      world.app(request, response);
    };
    return supertest(elsewhere).get("/v1/players").set(asPlayer(session.token));
  };
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

it("is not there when it is off", async () => {
  const { app } = await openHttpWorld();
  expect((await supertest(app).get("/v1/players")).headers).not.toHaveProperty("ratelimit");
});

it.each(["/%761/cluster", "/v%31/cluster", "//v1/cluster"])("counts %s like any other path", async (path) => {
  const { app } = await openHttpWorld({ rateLimitPerMinute: 1 });
  await supertest(app).get(path);
  expect((await supertest(app).get(path)).status).toBe(429);
});
