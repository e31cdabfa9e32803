/** PUT /v1/presence. */
import supertest from "supertest";
import { beforeEach, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import { createMatch, expectRefusal, registerPlayer, UNKNOWN_ID } from "../../support/http-calls.ts";

let world: HttpWorld;
beforeEach(async () => {
  world = await openHttpWorld();
});

const announce = (body: object) => supertest(world.app).put("/v1/presence").send(body);

it("[PRS1] is told and not stored: 204, and no position", async () => {
  const before = world.registry.digest();
  const matchId = UNKNOWN_ID.replaceAll("0", "1");
  const bare = await announce({ playerId: UNKNOWN_ID.toUpperCase() });
  const whole = await announce({ playerId: UNKNOWN_ID, matchId, address: "192.0.2.7:7777" });
  for (const { status, text, headers } of [bare, whole]) {
    expect([status, text]).toEqual([204, ""]);
    expect(headers).not.toHaveProperty("rollcall-position");
    expect(headers).not.toHaveProperty("content-type");
  }
  expect(world.present).toEqual([
    { playerId: UNKNOWN_ID, matchId: null, address: null },
    { playerId: UNKNOWN_ID, matchId, address: "192.0.2.7:7777" },
  ]);
  expect(world.registry.digest()).toEqual(before);
});

it("says where a match is, once its host does", async () => {
  const { id: hostId } = await registerPlayer(world);
  const { id: matchId } = await createMatch(world, { hostId, address: "old.example:1" });
  const address = async () => (await supertest(world.app).get(`/v1/matches/${matchId}`)).body.address;
  expect(await address()).toBe("old.example:1");
  await announce({ playerId: hostId, matchId, address: "new.example:2" });
  expect(await address()).toBe("new.example:2");
});

it("[MAT4] an open match is in no list while its host is silent for longer than its lease", async () => {
  const { id: hostId } = await registerPlayer(world);
  const { id: matchId } = await createMatch(world, { hostId });
  const listed = async () => {
    const { body } = await supertest(world.app).get("/v1/matches?state=open");
    return body.items.map(({ id }: { id: string }) => id);
  };
  expect(await listed()).toEqual([matchId]);
  world.clock.aheadMs = 31_000;
  expect(await listed()).toEqual([]);
  expect((await supertest(world.app).get(`/v1/matches/${matchId}`)).body.state).toBe("open");
  await announce({ playerId: hostId, matchId });
  expect(await listed()).toEqual([matchId]);
});

it.each([
  ["nobody", {}, "/playerId"],
  ["a name", { playerId: "ada" }, "/playerId"],
  ["a match that is none", { playerId: UNKNOWN_ID, matchId: "x" }, "/matchId"],
  ["null as match", { playerId: UNKNOWN_ID, matchId: null }, "/matchId"],
  ["an empty address", { playerId: UNKNOWN_ID, address: "" }, "/address"],
  ["an address of 257 characters", { playerId: UNKNOWN_ID, address: "a".repeat(257) }, "/address"],
  ["an address in other letters", { playerId: UNKNOWN_ID, address: "é" }, "/address"],
  ["more", { playerId: UNKNOWN_ID, leaseMs: 1 }, "/leaseMs"],
])("refuses the presence of %s, and tells nobody", async (_title, body, pointer) => {
  await expectRefusal(world, announce(body), { status: 400, code: "invalid-request", at: [pointer] });
  expect(world.present).toEqual([]);
});
