/** Sign-ins that are refused too often. */
import { randomUUID } from "node:crypto";
import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, from, registerWithSession } from "../../support/http-calls.ts";

const MINUTE_MS = 60_000;
const HERE = "192.0.2.1";
const ELSEWHERE = "192.0.2.2";

let world: HttpWorld;
beforeEach(async () => {
  world = await openHttpWorld({ access: { openWrites: false }, rateLimitPerMinute: 600 });
});

const device = (subject: string = randomUUID()) => ({ identity: { provider: "device", subject } });
const steam = (subject: string) => ({ identity: { provider: "steam", subject } });
const oidc = (subject: string) => ({ identity: { provider: "oidc", subject } });
const signIn = (body: object, address = HERE) =>
  supertest(from(address, world)).post("/v1/sessions").send(body);
const register = (body: object, address = HERE) =>
  supertest(from(address, world)).post("/v1/players").send(body);

async function refuse(times: number, attempt: (time: number) => PromiseLike<{ status: number }>) {
  for (let time = 0; time < times; time++) expect([401, 403]).toContain((await attempt(time)).status);
}

describe("an identity", () => {
  it.each([
    ["a device's secret", device()],
    ["an ID token", oidc("none")],
    ["a refresh token", { refreshToken: "none" }],
    ["an account without a key", steam("42")],
  ])("is locked out after five refusals, from wherever they come: %s", async (_what, body) => {
    await refuse(5, (time) => signIn(body, `192.0.2.${10 + time}`));
    const { status, body: problem, headers } = await signIn(body, ELSEWHERE);
    expect([status, problem.code, headers["retry-after"]]).toEqual([429, "sign-in-locked", "60"]);
    expect(headers["content-type"]).toBe("application/problem+json");
    expect(JSON.stringify(world.log)).toBe("[]");
  });

  it("is locked for longer when it is refused again", async () => {
    const body = device();
    await refuse(5, () => signIn(body));
    world.clock.aheadMs += MINUTE_MS;
    await refuse(5, () => signIn(body));
    expect((await signIn(body)).headers["retry-after"]).toBe("120");
    expect((await signIn(device())).status).toBe(401);
  });

  it("that is locked out lets in whoever proves to have it", async () => {
    const body = device();
    await refuse(5, () => signIn(body));
    expect((await signIn(body)).status).toBe(429);
    expect((await register(body)).status).toBe(201);
    expect((await signIn(body)).status).toBe(201);
  });

  it("is not counted on the word of a key, nor locked for one", async () => {
    const withKey = (subject: string) => signIn(steam(subject)).set(AS_KEY);
    await refuse(60, () => withKey("41"));
    await register(steam("42")).set(AS_KEY);
    await refuse(5, () => signIn(steam("42"), ELSEWHERE));
    expect((await signIn(steam("42"), ELSEWHERE)).status).toBe(429);
    expect((await withKey("42")).status).toBe(201);
  });
});

describe("an address", () => {
  it("is locked out after fifty refusals, of whatever, and no other", async () => {
    const player = device();
    await register(player);
    await refuse(17, (time) => signIn(oidc(`token-${time}`)));
    await refuse(17, () => signIn(device()));
    await refuse(16, (time) => register(oidc(`another-${time}`)));
    for (const attempt of [() => signIn(player), () => register(device())]) {
      const { status, body, headers } = await attempt();
      expect([status, body.code, headers["retry-after"]]).toEqual([429, "sign-in-locked", "60"]);
      expect(body.detail).toContain("address");
    }
    expect((await signIn(player, ELSEWHERE)).status).toBe(201);
    world.clock.aheadMs += MINUTE_MS;
    expect((await signIn(player)).status).toBe(201);
  });

  it("that is locked out may do all else", async () => {
    const { player, session } = await registerWithSession(world);
    await refuse(50, () => signIn(device()));
    expect((await signIn(device())).status).toBe(429);
    const { status } = await supertest(from(HERE, world))
      .patch(`/v1/players/${player.id}`)
      .set({ Authorization: `Bearer ${session.token}` })
      .send({ region: "eu" });
    expect(status).toBe(200);
    expect((await register({})).status).toBe(201);
  });

  it("is not counted for whoever has proved who it is: banned, or away for too long", async () => {
    const player = device();
    const { body } = await register(player);
    const refresh = { refreshToken: body.session.refreshToken };
    const ban = `/v1/players/${body.player.id}/bans`;
    await supertest(world.app).post(ban).set(AS_KEY).send({ reason: "rude" });
    await refuse(30, () => signIn(player));
    world.clock.aheadMs += 31 * 24 * 60 * MINUTE_MS;
    await refuse(30, () => signIn(refresh));
    expect((await signIn(device())).status).toBe(401);
  });

  it("is not counted for bad input, nor for a server that cannot tell", async () => {
    for (let time = 0; time < 60; time++) {
      const after = { "Rollcall-After": `${"f".repeat(32)}:1`, "Rollcall-Wait": "0" };
      expect((await signIn({})).status).toBe(400);
      expect((await signIn(device()).set(after)).status).toBe(503);
    }
    expect((await signIn(device())).status).toBe(401);
  });
});

it("nobody is locked out where requests are not limited", async () => {
  world = await openHttpWorld({ access: { openWrites: false } });
  await refuse(60, () => signIn(device("a-secret-of-22-letters")));
});
