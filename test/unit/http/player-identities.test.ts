/** PUT and DELETE /v1/players/{id}/identities/{provider}/{subject}. */
import supertest from "supertest";
import { beforeEach, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, expectRefusal, registerPlayer, UNKNOWN_ID } from "../../support/http-calls.ts";

let world: HttpWorld;
let id: string;
beforeEach(async () => {
  world = await openHttpWorld();
  ({ id } = await registerPlayer(world, { identity: { provider: "steam", subject: "1" } }));
});

const at = (player: string, identity: string) => `/v1/players/${player}/identities/${identity}`;
const link = (player: string, identity: string) => supertest(world.app).put(at(player, identity)).set(AS_KEY);
const unlink = (player: string, identity: string) =>
  supertest(world.app).delete(at(player, identity)).set(AS_KEY);

it("[PLY1] links an account beside those that there are, and unlinks it, as often as asked", async () => {
  const linked = await link(id, "epic/a%2Fb%20%C3%A9");
  const both = [
    { provider: "epic", subject: "a/b é" },
    { provider: "steam", subject: "1" },
  ];
  expect([linked.status, linked.body.identities]).toEqual([200, both]);
  expect(linked.headers).toHaveProperty("etag");
  expect(linked.headers).toHaveProperty("rollcall-position");
  const again = await link(id, "epic/a%2Fb%20%C3%A9");
  expect(again.body.identities).toEqual(both);
  expect(again.headers["rollcall-position"]).toBe(linked.headers["rollcall-position"]);
  const left = await unlink(id, "steam/1");
  expect([left.status, left.body.identities]).toEqual([200, [both[0]]]);
  expect((await unlink(id, "steam/1")).status).toBe(200);
});

it("[CLM4] refuses an account that is visibly linked to somebody else: 409", async () => {
  const other = await registerPlayer(world);
  await expectRefusal(world, link(other.id, "steam/1"), { status: 409, code: "identity-taken" });
  await unlink(id, "steam/1");
  expect((await link(other.id, "steam/1")).status).toBe(200);
});

it("refuses accounts of nobody", async () => {
  const refusal = { status: 404, code: "player-not-found" };
  await expectRefusal(world, link(UNKNOWN_ID, "epic/1"), refusal);
  await expectRefusal(world, unlink(UNKNOWN_ID, "epic/1"), refusal);
});

it.each([
  ["Steam/1", "provider"],
  ["a%3Ab/1", "provider"],
  [`${"p".repeat(33)}/1`, "provider"],
  [`steam/${"s".repeat(257)}`, "subject"],
  ["steam/a%00", "subject"],
  ["steam/a%07", "subject"],
])("refuses what is no account: %s", async (identity, parameter) => {
  await expectRefusal(world, link(id, identity), { status: 400, code: "invalid-request" });
  const { body } = await link(id, identity);
  expect(body.errors).toMatchObject([{ parameter }]);
});

it("has no account without a subject", async () => {
  expect((await link(id, "steam/")).status).toBe(404);
});
