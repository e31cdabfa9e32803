import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { API_KEY, OPS_TOKEN, ORIGIN, openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, expectRefusal } from "../../support/http-calls.ts";

const STEAM = { provider: "steam", subject: "76561197960287930" };
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]{86}$/;
const REFRESH_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]{86}~[\w-]{22}$/;
const UNKNOWN_ID = "0190f3c2-0000-7000-8000-000000000000";

describe("POST /v1/players", () => {
  it("registers a player: 201, where it is, and the whole player", async () => {
    const { app } = await openHttpWorld();
    const fields = {
      username: "Ada",
      displayName: "Ada Lovelace",
      region: "eu-west",
      platform: "PC",
      metadata: { level: 3, ratio: 0.5, beta: true, clan: "Ω" },
    };
    const { status, headers, body } = await supertest(app).post("/v1/players").send(fields);
    expect(status).toBe(201);
    expect(body).toEqual({
      player: {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        ...fields,
        usernameStatus: "provisional",
        handle: "Ada",
        status: "active",
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        homeServer: "eu-1",
      },
      session: {
        token: expect.stringMatching(TOKEN),
        refreshToken: expect.stringMatching(REFRESH_TOKEN),
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    });
    expect(headers.location).toBe(`/v1/players/${body.player.id}`);
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    const read = await supertest(app).get(headers.location ?? "");
    expect(read.body).toEqual(body.player);
    expect(read.headers.etag).toBe(headers.etag);
  });

  it("takes an empty object: everything is optional", async () => {
    const { app } = await openHttpWorld();
    const { status, body } = await supertest(app).post("/v1/players").send({});
    expect(status).toBe(201);
    expect(body.player).toMatchObject({ username: null, usernameStatus: "none", handle: null, metadata: {} });
  });

  it("[ID1] meets the player of an identity again: 200, and only what was unset is set", async () => {
    const { app } = await openHttpWorld();
    const first = await supertest(app).post("/v1/players").send({ identity: STEAM, username: "ada" });
    const again = await supertest(app)
      .post("/v1/players")
      .send({ identity: STEAM, username: "other", region: "eu" });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.player).toEqual({ ...first.body.player, region: "eu" });
  });

  it("[ID2] meets the player of an idempotency key again", async () => {
    const { app, registry } = await openHttpWorld();
    const send = (key: string) =>
      supertest(app).post("/v1/players").set("Idempotency-Key", key).send({ displayName: "Ada" });
    const first = await send("k!~");
    const again = await send("k!~");
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.player).toEqual(first.body.player);
    expect((await send("k2")).status).toBe(201);
    expect(registry.digest().documents).toBe(2);
  });

  it("shows identities and notices to keys and operators", async () => {
    const { app } = await openHttpWorld();
    const withKey = { Authorization: `Bearer ${API_KEY}` };
    const made = await supertest(app).post("/v1/players").set(withKey).send({ identity: STEAM });
    expect(made.body.player).toMatchObject({ identities: [STEAM], notices: [] });
    const path = `/v1/players/${made.body.player.id}`;
    for (const headers of [withKey, { Authorization: `Bearer ${OPS_TOKEN}` }]) {
      expect((await supertest(app).get(path).set(headers)).body.identities).toEqual([STEAM]);
    }
    const { body } = await supertest(app).get(path);
    expect(body).not.toHaveProperty("identities");
    expect(body).not.toHaveProperty("notices");
  });

  it("accepts the longest and oddest that the limits allow", async () => {
    const { app } = await openHttpWorld();
    const fields = {
      username: "😀".repeat(32),
      displayName: "é".repeat(64),
      region: "R_-9".repeat(8),
      metadata: Object.fromEntries(
        Array.from({ length: 64 }, (_, i) => [`key/~${i}`, i === 0 ? "x".repeat(400) : -i]),
      ),
    };
    const { status, body } = await supertest(app)
      .post("/v1/players")
      .set("Content-Type", 'application/json; charset="UTF-8"')
      .send(JSON.stringify(fields));
    expect(status).toBe(201);
    expect(body.player).toMatchObject(fields);
  });
});

describe("GET /v1/players/{id}", () => {
  it("answers 404 with a problem for a player that is not there", async () => {
    const { app } = await openHttpWorld();
    const { status, body, headers } = await supertest(app).get(`/v1/players/${UNKNOWN_ID}?`);
    expect(status).toBe(404);
    expect(headers["content-type"]).toBe("application/problem+json");
    expect(body).toEqual({
      type: "urn:rollcall:problem:player-not-found",
      title: "Player not found",
      status: 404,
      detail: `there is no player ${UNKNOWN_ID} on this server`,
      instance: `/v1/players/${UNKNOWN_ID}`,
      code: "player-not-found",
      requestId: headers["x-request-id"],
    });
  });

  it("takes an id in any case", async () => {
    const { app } = await openHttpWorld();
    const { headers, body } = await supertest(app).post("/v1/players").send({});
    const read = await supertest(app).get(`/v1/players/${body.player.id.toUpperCase()}`);
    expect(read.status).toBe(200);
    expect(read.body.id).toBe(body.player.id);
    expect(headers.location).toContain(body.player.id);
  });

  it("[PLY3] has an entity tag of its changes, and is shown anew although they are known: a ban may have ended", async () => {
    const { app, clock } = await openHttpWorld();
    const { headers } = await supertest(app).post("/v1/players").send({ username: "ada" });
    const { location = "" } = headers;
    const until = new Date(Date.now() + 60_000).toISOString();
    await supertest(app).post(`${location}/bans`).set(AS_KEY).send({ reason: "insults", until });
    const banned = await supertest(app).get(location);
    expect(banned.headers.etag).toMatch(/^"[0-9a-f]{32}"$/);
    clock.aheadMs = 120_000;
    const later = await supertest(app)
      .get(location)
      .set("If-None-Match", banned.headers.etag ?? "");
    expect([banned.body.status, later.status, later.body.status]).toEqual(["banned", 200, "active"]);
    expect(later.headers.etag).toBe(banned.headers.etag);
  });

  it("answers HEAD as GET, without a body", async () => {
    const { app } = await openHttpWorld();
    const { headers } = await supertest(app).post("/v1/players").send({ username: "ada" });
    const head = await supertest(app).head(headers.location ?? "");
    expect([head.status, head.text, head.headers.etag]).toEqual([200, undefined, headers.etag]);
  });
});

describe("PATCH /v1/players/{id}", () => {
  it("merges: what is named is set, null unsets, the rest stays", async () => {
    const { app } = await openHttpWorld();
    const { headers, body } = await supertest(app)
      .post("/v1/players")
      .send({ username: "ada", displayName: "Ada", region: "eu", metadata: { a: 1, b: 2 } });
    const location = headers.location ?? "";
    const patch = { displayName: null, region: "us", metadata: { a: null, c: "new" } };
    const edited = await supertest(app)
      .patch(location)
      .set("Content-Type", "application/merge-patch+json")
      .send(JSON.stringify(patch));
    expect(edited.status).toBe(200);
    const expected = { ...body.player, displayName: null, region: "us", metadata: { b: 2, c: "new" } };
    expect(edited.body).toEqual(expected);
    expect((await supertest(app).get(location)).body).toEqual(expected);
    const cleared = await supertest(app).patch(location).send({ metadata: null, username: null });
    expect(cleared.body).toMatchObject({
      metadata: {},
      username: null,
      usernameStatus: "none",
      handle: null,
    });
  });

  it("makes no entry when nothing changes, and still answers a position", async () => {
    const { app, registry } = await openHttpWorld();
    const { headers } = await supertest(app).post("/v1/players").send({ region: "eu" });
    const before = registry.digest();
    const { status, headers: answered } = await supertest(app)
      .patch(headers.location ?? "")
      .send({ region: "eu" });
    expect(status).toBe(200);
    expect(answered["rollcall-position"]).toBe(headers["rollcall-position"]);
    expect(answered.etag).toBe(headers.etag);
    expect(registry.digest()).toEqual(before);
  });

  it("honours If-Match: 412 and nothing changed when the player is another by now", async () => {
    const { app, registry } = await openHttpWorld();
    const { headers } = await supertest(app).post("/v1/players").send({ region: "eu" });
    const { location = "", etag = "" } = headers;
    const edit = (tags: string, region: string) =>
      supertest(app).patch(location).set("If-Match", tags).send({ region });
    const edited = await edit(etag, "us");
    expect(edited.status).toBe(200);
    expect(edited.headers.etag).not.toBe(etag);
    const before = registry.digest();
    for (const tags of [etag, `W/${edited.headers.etag}`, '"other"']) {
      const { status, body } = await edit(tags, "ap");
      expect([tags, status, body.code]).toEqual([tags, 412, "precondition-failed"]);
    }
    expect(registry.digest()).toEqual(before);
    expect((await edit(`"other", ${edited.headers.etag}`, "ap")).status).toBe(200);
    expect((await edit("*", "af")).status).toBe(200);
  });

  it("answers 404 for a player that is not there", async () => {
    const { app } = await openHttpWorld();
    const { status, body } = await supertest(app).patch(`/v1/players/${UNKNOWN_ID}`).send({ region: "eu" });
    expect([status, body.code]).toEqual([404, "player-not-found"]);
  });

  it("does not let metadata grow beyond its keys by one edit after another: 409", async () => {
    const { app } = await openHttpWorld();
    const metadata = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`k${i}`, i]));
    const { headers } = await supertest(app).post("/v1/players").send({ metadata });
    const edit = (change: object) =>
      supertest(app)
        .patch(headers.location ?? "")
        .send({ metadata: change });
    const full = await edit({ one: 1 });
    expect([full.status, full.body.code]).toEqual([409, "metadata-full"]);
    expect((await edit({ k0: "changed" })).status).toBe(200);
    expect((await edit({ k0: null, one: 1 })).status).toBe(200);
  });
});

it("[HIS1] a write says on whose behalf it was made", async () => {
  const { app, registry } = await openHttpWorld();
  for (const headers of [
    {},
    { Authorization: `Bearer ${API_KEY}` },
    { Authorization: `Bearer ${OPS_TOKEN}` },
  ]) {
    await supertest(app).post("/v1/players").set(headers).send({});
  }
  const entries = await registry.entries(ORIGIN, 2, { entriesMax: 3, bytesMax: 10_000 });
  const notes = entries.map(
    ({ body }) => /[0-9a-f]{16} register (\w+)/.exec(Buffer.from(body).toString("latin1"))?.[1],
  );
  expect(notes).toEqual(["open", "key", "ops"]);
});

it("[CLM1] nobody takes a name that looks like that of a player who lost it", async () => {
  const world = await openHttpWorld();
  for (const username of ["Ada#c3a7", "Ada#C3A7"]) {
    await expectRefusal(world, supertest(world.app).post("/v1/players").send({ username }), {
      status: 400,
      code: "invalid-request",
      at: ["/username"],
    });
  }
  for (const username of ["Ada#c3a", "Ada#1 fan"]) {
    await supertest(world.app).post("/v1/players").send({ username }).expect(201);
  }
});
