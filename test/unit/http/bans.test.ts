/** POST /v1/players/{id}/bans and DELETE /v1/players/{id}/bans/{banId}. */
import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, AS_OPS, expectRefusal, registerPlayer, UNKNOWN_ID } from "../../support/http-calls.ts";

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const HOUR_MS = 3_600_000;

let world: HttpWorld;
let path: string;
beforeEach(async () => {
  world = await openHttpWorld();
  path = `/v1/players/${(await registerPlayer(world)).id}`;
});

const ban = (body: object, player = path) =>
  supertest(world.app).post(`${player}/bans`).set(AS_OPS).send(body);
const lift = (location: string) => supertest(world.app).delete(location).set(AS_KEY);
const status = async () => (await supertest(world.app).get(path)).body.status;
const inAnHour = () => new Date(Date.now() + HOUR_MS).toISOString();

describe("a ban", () => {
  it("[PLY3] is for ever until it is lifted: 201, where it is, then 200 and the player", async () => {
    const { status: answered, body, headers } = await ban({ reason: "aim bot" });
    expect(answered).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      reason: "aim bot",
      by: "ops",
      from: TIME,
      until: null,
      lifted: false,
    });
    expect(headers.location).toBe(`${path}/bans/${body.id}`);
    expect(headers).toHaveProperty("rollcall-position");
    expect(await status()).toBe("banned");
    const lifted = await lift(headers.location ?? "");
    expect([lifted.status, lifted.body.status]).toEqual([200, "active"]);
    expect(lifted.headers).toHaveProperty("rollcall-position");
    expect(await status()).toBe("active");
    expect((await lift(headers.location ?? "")).status).toBe(200);
  });

  it("[PLY3] ends by itself at its time, in any offset", async () => {
    const until = inAnHour();
    const { body } = await ban({ reason: "insults", until: until.replace("Z", "+00:00") });
    expect(body.until).toBe(until);
    expect(await status()).toBe("banned");
    world.clock.aheadMs = HOUR_MS + 1;
    expect(await status()).toBe("active");
  });

  it("[PLY3] stands beside others: lifting one leaves the rest in force", async () => {
    const first = await ban({ reason: "one" });
    const second = await ban({ reason: "two", until: inAnHour() });
    expect((await lift(first.headers.location ?? "")).body.status).toBe("banned");
    expect((await lift(second.headers.location ?? "")).body.status).toBe("active");
  });

  it("is seen in lists by status", async () => {
    const { id } = await registerPlayer(world);
    await ban({ reason: "one" });
    const list = async (which: string) => {
      const { body } = await supertest(world.app).get(`/v1/players?status=${which}`);
      return body.items.map((player: { id: string }) => `/v1/players/${player.id}`);
    };
    expect(await list("banned")).toEqual([path]);
    expect(await list("active")).toEqual([`/v1/players/${id}`]);
    expect(await list("erased")).toEqual([]);
  });
});

describe("a ban is refused", () => {
  it.each([
    ["that ends before it starts", { reason: "x", until: "2020-01-01T00:00:00Z" }, "/until"],
    ["that ends where time has no digits", { reason: "x", until: "9999-12-31T23:59:59-01:00" }, "/until"],
    ["until some day", { reason: "x", until: "tomorrow" }, "/until"],
    ["until a day that there is not", { reason: "x", until: "2031-02-29T00:00:00Z" }, "/until"],
    ["until a local time", { reason: "x", until: "2031-02-28T00:00:00" }, "/until"],
    ["until a number", { reason: "x", until: 1_900_000_000_000 }, "/until"],
    ["until null", { reason: "x", until: null }, "/until"],
    ["without a reason", {}, "/reason"],
    ["for an invisible reason", { reason: " \u200b " }, "/reason"],
    ["for a reason of 513 characters", { reason: "x".repeat(513) }, "/reason"],
    ["for a reason with a control character", { reason: "a\u0000" }, "/reason"],
    ["with an author", { reason: "x", by: "ops" }, "/by"],
  ])("%s", (_title, body, pointer) =>
    expectRefusal(world, ban(body), { status: 400, code: "invalid-request", at: [pointer] }),
  );

  it("that ends at this very moment, by the server's clock", async () => {
    world.clock.aheadMs = HOUR_MS + 60_000;
    const refusal = { status: 400, code: "invalid-request", at: ["/until"] };
    await expectRefusal(world, ban({ reason: "x", until: inAnHour() }), refusal);
  });

  it("of nobody", () =>
    expectRefusal(world, ban({ reason: "x" }, `/v1/players/${UNKNOWN_ID}`), {
      status: 404,
      code: "player-not-found",
    }));

  it("to be lifted that there is not", async () => {
    await expectRefusal(world, lift(`${path}/bans/${UNKNOWN_ID}`), { status: 404, code: "ban-not-found" });
    await expectRefusal(world, lift(`${path}/bans/x`), { status: 400, code: "invalid-request" });
  });
});
