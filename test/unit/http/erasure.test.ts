/** DELETE /v1/players/{id}, and GET /v1/players/{id}/export, which shows what there is to erase. */
import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { playerExport } from "../../../src/http/contract/export.ts";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import { AS_OPS, expectRefusal, registerPlayer, settleMatch, UNKNOWN_ID } from "../../support/http-calls.ts";

const ADA = { identity: { provider: "steam", subject: "1" }, username: "ada", displayName: "Ada" };

let world: HttpWorld;
let id: string;
beforeEach(async () => {
  world = await openHttpWorld();
  ({ id } = await registerPlayer(world, ADA));
});

const erase = (player: string) => supertest(world.app).delete(`/v1/players/${player}`);

describe("DELETE /v1/players/{id}", () => {
  it("[ERA1] erases the player: 202 and a position, then 410", async () => {
    const { status, body, headers } = await erase(id.toUpperCase());
    expect([status, body]).toEqual([202, { id, status: "erased" }]);
    expect(headers["rollcall-position"]).toMatch(/^[0-9a-f]{32}:\d+$/);
    const read = await supertest(world.app).get(`/v1/players/${id}`);
    expect([read.status, read.body.code]).toEqual([410, "player-erased"]);
    expect(read.text).not.toMatch(/ada/i);
  });

  it("[ERA1] leaves nothing to find, list or write to, and the name is free", async () => {
    await erase(id);
    const gone = { status: 410, code: "player-erased" };
    const path = `/v1/players/${id}`;
    await expectRefusal(world, supertest(world.app).patch(path).send({ region: "eu" }), gone);
    await expectRefusal(world, supertest(world.app).get(`${path}/export`), gone);
    await expectRefusal(world, supertest(world.app).get(`${path}/matches`), gone);
    await expectRefusal(world, supertest(world.app).get(`${path}/ratings`), gone);
    for (const query of ["", "?username=ada", "?prefix=a", "?status=erased", "?status=active"]) {
      expect((await supertest(world.app).get(`/v1/players${query}`)).body.items).toEqual([]);
    }
    expect((await registerPlayer(world, { username: "ada" })).handle).toBe("ada");
  });

  it("[ERA1] leaves the opaque id in matches", async () => {
    const { id: rival } = await registerPlayer(world);
    const { id: matchId } = await settleMatch(world, { [id]: 1, [rival]: 2 });
    await erase(id);
    const { body } = await supertest(world.app).get(`/v1/matches/${matchId}`);
    expect(body.players.map(({ playerId }: { playerId: string }) => playerId)).toContain(id);
  });

  it("[ERA1] answers as before to who asks again, as the answer was lost", async () => {
    const first = await erase(id);
    const before = world.registry.digest();
    const again = await erase(id).set(AS_OPS);
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(again.headers["rollcall-position"]).toBe(first.headers["rollcall-position"]);
    expect(world.registry.digest()).toEqual(before);
  });

  it("is 404 for a player that is not there", () =>
    expectRefusal(world, erase(UNKNOWN_ID), { status: 404, code: "player-not-found" }));
});

describe("GET /v1/players/{id}/export", () => {
  it("has everything that is held on the player, with its history", async () => {
    const { id: rival } = await registerPlayer(world);
    await supertest(world.app)
      .patch(`/v1/players/${id}`)
      .send({ region: "eu", metadata: { level: 7 } });
    const match = await settleMatch(world, { [id]: 1, [rival]: 2 });
    await supertest(world.app)
      .put(`/v1/matches/${match.id}/reports/${id}`)
      .send({ ranks: { [id]: 1, [rival]: 2 } });
    const bans = `/v1/players/${id}/bans`;
    const ban = await supertest(world.app).post(bans).set(AS_OPS).send({ reason: "insults" });
    const { status, body } = await supertest(world.app).get(`/v1/players/${id}/export`);
    expect(status).toBe(200);
    expect(playerExport.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      player: { id, username: "ada", status: "banned", identities: [ADA.identity], notices: [] },
      bans: [ban.body],
      mergedIds: [],
      matches: [{ match: { id: match.id }, report: { ranks: { [id]: 1, [rival]: 2 } } }],
      ratings: [{ mode: "duel", matches: 1, wins: 1, losses: 0, draws: 0 }],
      conflicts: [],
    });
    expect(body.history.map(({ reason }: { reason: string }) => reason)).toEqual(["register", "edit", "ban"]);
    expect(body.history[1]).toMatchObject({
      documentId: id,
      server: "eu-1",
      by: "open",
      parents: [body.history[0].hash],
    });
    expect(body.history[1].sets).toContainEqual({ path: "metadata/level", to: 7 });
  });

  it("is 404 for a player that is not there", async () => {
    const { status, body } = await supertest(world.app).get(`/v1/players/${UNKNOWN_ID}/export`);
    expect([status, body.code]).toEqual([404, "player-not-found"]);
  });
});
