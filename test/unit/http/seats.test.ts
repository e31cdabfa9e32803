import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import {
  AS_OPS,
  createMatch,
  expectRefusal,
  registerPlayers,
  startMatch,
  UNKNOWN_ID,
} from "../../support/http-calls.ts";

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const POSITION = expect.stringMatching(/^[0-9a-f]{32}:\d+$/);
const TAG = expect.stringMatching(/^"[0-9a-f]{32}"$/);

let world: HttpWorld;
beforeEach(async () => {
  world = await openHttpWorld();
});

const seat = (id: string, playerId: string) => `/v1/matches/${id}/players/${playerId}`;

describe("PUT and DELETE /v1/matches/{id}/players/{playerId}", () => {
  it("takes a seat, once however often it is asked for, and gives it up", async () => {
    const [playerId = ""] = await registerPlayers(world, 1);
    const { id } = await createMatch(world);
    const joined = await supertest(world.app).put(seat(id, playerId.toUpperCase()));
    expect([joined.status, joined.body.seat]).toEqual([200, { status: "seated" }]);
    expect(joined.body.match.players).toEqual([{ playerId, status: "seated", joinedAt: TIME }]);
    expect(joined.headers).toMatchObject({ etag: TAG, "rollcall-position": POSITION });
    const again = await supertest(world.app).put(seat(id, playerId));
    expect(again.body).toEqual(joined.body);
    expect(again.headers["rollcall-position"]).toBe(joined.headers["rollcall-position"]);
    const left = await supertest(world.app).delete(seat(id, playerId));
    expect([left.status, left.body.id, left.body.players]).toEqual([200, id, []]);
    expect((await supertest(world.app).delete(seat(id, playerId))).status).toBe(200);
  });

  it("refuses the one too many: 409", async () => {
    const [one = "", two = ""] = await registerPlayers(world, 2);
    const { id } = await createMatch(world, { capacity: 1, hostId: one });
    const refusal = { status: 409, code: "match-full" };
    await expectRefusal(world, supertest(world.app).put(seat(id, two)), refusal);
  });

  it("[MAT2] refuses who came and left 16 times, and nobody else: 409", async () => {
    const [one = "", two = ""] = await registerPlayers(world, 2);
    const { id } = await createMatch(world);
    for (let time = 0; time < 16; time++) {
      expect((await supertest(world.app).put(seat(id, one))).status).toBe(200);
      expect((await supertest(world.app).delete(seat(id, one))).status).toBe(200);
    }
    const refusal = { status: 409, code: "too-many-entries" };
    await expectRefusal(world, supertest(world.app).put(seat(id, one)), refusal);
    expect((await supertest(world.app).put(seat(id, two))).status).toBe(200);
  });

  it("[MAT2] refuses a join after the start: 409", async () => {
    const [one = "", two = ""] = await registerPlayers(world, 2);
    const { id } = await startMatch(world, [one], { capacity: 2 });
    const refusal = { status: 409, code: "match-not-open", at: ["id"] };
    await expectRefusal(world, supertest(world.app).put(seat(id, two)), refusal);
    await expectRefusal(world, supertest(world.app).delete(seat(id, one)), refusal);
  });

  it("refuses who is not there, and whom there is no match for", async () => {
    const [playerId = ""] = await registerPlayers(world, 1);
    const { id } = await createMatch(world);
    const join = (path: string) => supertest(world.app).put(path);
    await expectRefusal(world, join(seat(id, UNKNOWN_ID)), { status: 404, code: "player-not-found" });
    await expectRefusal(world, join(seat(UNKNOWN_ID, playerId)), { status: 404, code: "match-not-found" });
    await expectRefusal(world, join(seat(id, "ada")), { status: 400, code: "invalid-request" });
  });

  it("[PLY3] refuses a banned player: 403", async () => {
    const [playerId = ""] = await registerPlayers(world, 1);
    const { id } = await createMatch(world);
    await supertest(world.app).post(`/v1/players/${playerId}/bans`).set(AS_OPS).send({ reason: "cheats" });
    const refusal = { status: 403, code: "player-banned" };
    await expectRefusal(world, supertest(world.app).put(seat(id, playerId)), refusal);
  });
});
