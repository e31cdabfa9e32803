/** POST /v1/players/{id}/merge. */
import supertest from "supertest";
import { beforeEach, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import {
  AS_KEY,
  AS_OPS,
  createMatch,
  expectRefusal,
  registerPlayer,
  settleMatch,
  UNKNOWN_ID,
} from "../../support/http-calls.ts";

let world: HttpWorld;
/** By id. */
let lesser: string;
let greater: string;
beforeEach(async () => {
  world = await openHttpWorld();
  const made = [
    await registerPlayer(world, { identity: { provider: "steam", subject: "1" }, username: "ada" }),
    await registerPlayer(world, { identity: { provider: "epic", subject: "2" }, username: "bob" }),
  ];
  [lesser = "", greater = ""] = made.map(({ id }) => id).sort();
});

const merge = (id: string, body: object) =>
  supertest(world.app).post(`/v1/players/${id}/merge`).set(AS_OPS).send(body);
const read = (id: string) => supertest(world.app).get(`/v1/players/${id}`).set(AS_KEY);

it.each([
  ["the greater into the lesser", false],
  ["the lesser into the greater", true],
])("[CLM4] %s: the lesser id survives, and answers for both", async (_title, turned) => {
  const [id, into] = turned ? [lesser, greater] : [greater, lesser];
  const { status, body, headers } = await merge(id, { into: into.toUpperCase() });
  expect([status, body.id]).toEqual([200, lesser]);
  expect(headers).toHaveProperty("rollcall-position");
  for (const either of [lesser, greater]) {
    const answer = await read(either);
    expect([answer.status, answer.body.id]).toEqual([200, lesser]);
  }
});

it("[CLM4] is not made twice", async () => {
  const first = await merge(greater, { into: lesser });
  const before = world.registry.digest();
  const again = await merge(lesser, { into: greater });
  expect([again.status, again.body.id]).toEqual([200, lesser]);
  expect(again.headers["rollcall-position"]).toBe(first.headers["rollcall-position"]);
  expect(world.registry.digest()).toEqual(before);
});

it("[CLM4] makes matches count for the survivor", async () => {
  const { id: rival } = await registerPlayer(world);
  const { id: matchId } = await settleMatch(world, { [greater]: 1, [rival]: 2 });
  await merge(greater, { into: lesser });
  const { body: match } = await supertest(world.app).get(`/v1/matches/${matchId}`);
  expect(match.ratedAs).toEqual({ [greater]: lesser });
  for (const id of [lesser, greater]) {
    const matches = await supertest(world.app).get(`/v1/players/${id}/matches`);
    expect(matches.body.items).toEqual([match]);
    const ratings = await supertest(world.app).get(`/v1/players/${id}/ratings`);
    expect(ratings.body.items).toMatchObject([{ mode: "duel", matches: 1, wins: 1 }]);
  }
});

it("[CLM4] shows the identities of both with the survivor, and unlinks one wherever it is linked", async () => {
  await merge(greater, { into: lesser });
  const steam = { provider: "steam", subject: "1" };
  const epic = { provider: "epic", subject: "2" };
  expect((await read(lesser)).body.identities).toEqual([epic, steam]);
  const linked = await supertest(world.app).put(`/v1/players/${greater}/identities/xbox/3`).set(AS_KEY);
  expect(linked.body.identities).toEqual([epic, steam, { provider: "xbox", subject: "3" }]);
  for (const [account, left] of [
    ["xbox/3", [epic, steam]],
    ["epic/2", [steam]],
    ["steam/1", []],
  ] as const) {
    const path = `/v1/players/${lesser}/identities/${account}`;
    const unlinked = await supertest(world.app).delete(path).set(AS_KEY);
    expect([unlinked.status, unlinked.body.identities]).toEqual([200, left]);
  }
});

it("[CLM4] seats a merged player as the survivor", async () => {
  await merge(greater, { into: lesser });
  const { id } = await createMatch(world);
  const joined = await supertest(world.app).put(`/v1/matches/${id}/players/${greater}`);
  expect([joined.status, joined.body.seat]).toEqual([200, { status: "seated" }]);
  expect(joined.body.match.players).toMatchObject([{ playerId: lesser }]);
});

it("[CLM4] finds the seat that was taken before the merge: 200, and no second one", async () => {
  const { id } = await createMatch(world, { hostId: greater });
  await merge(greater, { into: lesser });
  const seat = (playerId: string) => `/v1/matches/${id}/players/${playerId}`;
  for (const playerId of [lesser, greater]) {
    const joined = await supertest(world.app).put(seat(playerId));
    expect([joined.status, joined.body.seat]).toEqual([200, { status: "seated" }]);
    expect(joined.body.match.players).toMatchObject([{ playerId: greater }]);
  }
  const left = await supertest(world.app).delete(seat(lesser));
  expect([left.status, left.body.players]).toEqual([200, []]);
});

it("refuses a merge into itself, with a pointer", () =>
  expectRefusal(world, merge(lesser, { into: lesser }), {
    status: 400,
    code: "merge-into-itself",
    at: ["/into"],
  }));

it("refuses a merge with nobody", async () => {
  const refusal = { status: 404, code: "player-not-found" };
  await expectRefusal(world, merge(lesser, { into: UNKNOWN_ID }), refusal);
  await expectRefusal(world, merge(UNKNOWN_ID, { into: lesser }), refusal);
});

it.each([
  ["nothing", {}, "/into"],
  ["a name", { into: "ada" }, "/into"],
  ["a list", { into: [UNKNOWN_ID] }, "/into"],
  ["more", { into: UNKNOWN_ID, from: UNKNOWN_ID }, "/from"],
])("refuses a merge into %s", (_title, body, pointer) =>
  expectRefusal(world, merge(lesser, body), { status: 400, code: "invalid-request", at: [pointer] }),
);
