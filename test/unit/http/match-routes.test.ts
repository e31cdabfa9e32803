import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import {
  AS_KEY,
  AS_OPS,
  createMatch,
  expectRefusal,
  mergedPlayers,
  registerPlayer,
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

const at = (id: string, rest = "") => `/v1/matches/${id}${rest}`;

async function read(id: string) {
  return (await supertest(world.app).get(at(id))).body;
}

describe("POST /v1/matches", () => {
  it("creates a match with its host seated: 201, where it is, and the whole match", async () => {
    const [hostId = ""] = await registerPlayers(world, 1);
    const fields = { mode: "duel", region: "eu", capacity: 2, address: "udp://192.0.2.7:7777", hostId };
    const { status, headers, body } = await supertest(world.app)
      .post("/v1/matches")
      .send({ ...fields, metadata: { map: "dust", ranked: true } });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      ...fields,
      state: "open",
      metadata: { map: "dust", ranked: true },
      players: [{ playerId: hostId, status: "seated", joinedAt: TIME }],
      result: { status: "pending" },
      createdAt: TIME,
      homeServer: "eu-1",
    });
    expect(headers).toMatchObject({ location: at(body.id), etag: TAG, "rollcall-position": POSITION });
    const again = await supertest(world.app).get(headers.location ?? "");
    expect([again.body, again.headers.etag]).toEqual([body, headers.etag]);
  });

  it("needs a mode and a capacity alone, and leaves out what is not there", async () => {
    expect(await createMatch(world, { mode: "duel", capacity: 1_000 })).toEqual({
      id: expect.any(String),
      mode: "duel",
      region: null,
      capacity: 1_000,
      state: "open",
      hostId: null,
      players: [],
      result: { status: "pending" },
      createdAt: TIME,
      homeServer: "eu-1",
    });
  });

  const withKey = (fields: object) =>
    supertest(world.app)
      .post("/v1/matches")
      .set("Idempotency-Key", "k1")
      .send({ mode: "duel", capacity: 2, ...fields });

  it("[ID2] meets the match of an idempotency key again, and answers the same", async () => {
    const [hostId = ""] = await registerPlayers(world, 1);
    const order = { region: "eu", address: "udp://192.0.2.7:7777", metadata: { map: "dust" }, hostId };
    const first = await withKey(order);
    const before = world.registry.digest();
    const again = await withKey(order);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers["rollcall-position"]).toBe(first.headers["rollcall-position"]);
    expect(again.headers.location).toBe(first.headers.location);
    // What is not said contradicts nothing.
    expect((await withKey({})).body).toEqual(first.body);
    expect(world.registry.digest()).toEqual(before);
  });

  it.each([
    ["mode", { mode: "race" }],
    ["capacity", { capacity: 3 }],
    ["region", { region: "us" }],
    ["address", { address: "udp://192.0.2.8:7777" }],
    ["metadata", { metadata: { map: "aztec" } }],
    ["a key of metadata more", { metadata: { map: "dust", ranked: true } }],
  ])("[ID2] [IDM2] is 422 with the key of a match that was created otherwise: %s", async (_title, fields) => {
    const order = { region: "eu", metadata: { map: "dust" }, address: "udp://192.0.2.7:7777" };
    expect((await withKey(order)).status).toBe(201);
    await expectRefusal(world, withKey({ ...order, ...fields }), {
      status: 422,
      code: "idempotency-key-reused",
    });
  });

  it("[ID2] [IDM2] is 422 with another host, and none where the host was merged with that one", async () => {
    const { survivor, merged } = await mergedPlayers(world);
    const [stranger] = await registerPlayers(world, 1);
    expect((await withKey({ hostId: merged.player.id })).body.hostId).toBe(survivor.player.id);
    for (const { player } of [survivor, merged]) {
      expect((await withKey({ hostId: player.id })).status).toBe(201);
    }
    await expectRefusal(world, withKey({ hostId: stranger }), {
      status: 422,
      code: "idempotency-key-reused",
    });
  });

  it("[CLM4] [ID2] meets the match of a key after its host was merged into another", async () => {
    const [one = "", other = ""] = await registerPlayers(world, 2);
    const [survivor, hostId] = one < other ? [one, other] : [other, one];
    const first = await withKey({ hostId });
    await supertest(world.app).post(`/v1/players/${hostId}/merge`).set(AS_OPS).send({ into: survivor });
    expect((await withKey({ hostId })).body.id).toBe(first.body.id);
  });

  it.each([
    ["a capacity of 0", { mode: "duel", capacity: 0 }, "/capacity"],
    ["a capacity of 1,001", { mode: "duel", capacity: 1_001 }, "/capacity"],
    ["half a seat", { mode: "duel", capacity: 1.5 }, "/capacity"],
    ["a capacity in words", { mode: "duel", capacity: "2" }, "/capacity"],
    ["no capacity", { mode: "duel" }, "/capacity"],
    ["no mode", { capacity: 2 }, "/mode"],
    ["a mode with a space", { mode: "free for all", capacity: 2 }, "/mode"],
    ["a mode of 33 characters", { mode: "m".repeat(33), capacity: 2 }, "/mode"],
    ["a region that is none", { mode: "duel", capacity: 2, region: "" }, "/region"],
    ["a host that is no UUID", { mode: "duel", capacity: 2, hostId: "ada" }, "/hostId"],
    ["an address with a space", { mode: "duel", capacity: 2, address: "a b" }, "/address"],
    ["an address of 257 characters", { mode: "duel", capacity: 2, address: "a".repeat(257) }, "/address"],
    ["a list in metadata", { mode: "duel", capacity: 2, metadata: { a: [] } }, "/metadata/a"],
    ["a field that only the server sets", { mode: "duel", capacity: 2, state: "running" }, "/state"],
  ])("refuses %s", (_title, body, pointer) =>
    expectRefusal(world, supertest(world.app).post("/v1/matches").send(body), {
      status: 400,
      code: "invalid-request",
      at: [pointer],
    }),
  );

  it("refuses a host who is not there, or banned", async () => {
    const create = (hostId: string) =>
      supertest(world.app).post("/v1/matches").send({ mode: "duel", capacity: 2, hostId });
    await expectRefusal(world, create(UNKNOWN_ID), { status: 404, code: "player-not-found" });
    const { id } = await registerPlayer(world);
    await supertest(world.app).post(`/v1/players/${id}/bans`).set(AS_KEY).send({ reason: "cheats" });
    await expectRefusal(world, create(id), { status: 403, code: "player-banned" });
  });
});

describe("GET /v1/matches/{id}", () => {
  it("answers 404 for a match that is not there, and for a player", async () => {
    const { id } = await registerPlayer(world);
    for (const other of [UNKNOWN_ID, id]) {
      const { status, body } = await supertest(world.app).get(at(other));
      expect([status, body.code]).toEqual([404, "match-not-found"]);
    }
  });

  it("[MAT4] is shown anew although its changes are known: where its host is can have changed", async () => {
    const [hostId = ""] = await registerPlayers(world, 1);
    const { id } = await createMatch(world, { hostId });
    const { headers } = await supertest(world.app).get(at(id));
    world.present.push({ playerId: hostId, matchId: id, address: "198.51.100.7:27015" });
    const known = { "If-None-Match": headers.etag ?? "" };
    const { status, body } = await supertest(world.app).get(at(id)).set(known);
    expect([status, body.address]).toEqual([200, "198.51.100.7:27015"]);
  });
});

describe("GET /v1/matches", () => {
  it("joins its filters by and, newest first", async () => {
    const ids: string[] = [];
    for (const fields of [{ region: "eu" }, { region: "us" }, { region: "eu", mode: "race" }]) {
      world.clock.aheadMs += 1;
      ids.push((await createMatch(world, fields)).id);
    }
    const [first = "", second = "", third = ""] = ids;
    await supertest(world.app).post(at(second, "/cancel"));
    const list = async (query: string) => {
      const { status, body } = await supertest(world.app).get(`/v1/matches?${query}`);
      expect([query, status]).toEqual([query, 200]);
      return body.items.map((match: { id: string }) => match.id);
    };
    expect(await list("")).toEqual([third, second, first]);
    expect(await list("state=open")).toEqual([third, first]);
    expect(await list("state=cancelled")).toEqual([second]);
    expect(await list("region=eu&mode=duel")).toEqual([first]);
    expect(await list("mode=chess")).toEqual([]);
  });

  it("pages through everything once, by next and by Link", async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count++) made.push((await createMatch(world, { mode: "duel" })).id);
    const seen: string[] = [];
    let path: string | undefined = "/v1/matches?limit=2&mode=duel";
    let pages = 0;
    for (; path !== undefined; pages++) {
      const { body, headers } = await supertest(world.app).get(path);
      seen.push(...body.items.map((match: { id: string }) => match.id));
      path = /^<(.*)>; rel="next"$/.exec(headers.link ?? "")?.[1];
      if (path !== undefined) expect(new URL(path, "http://x").searchParams.get("cursor")).toBe(body.next);
      else expect(body.next).toBeNull();
    }
    expect(pages).toBe(3);
    expect(seen.toSorted()).toEqual(made.toSorted());
  });

  it.each([
    ["state=over", "state"],
    ["mode=a%20b", "mode"],
    ["region=", "region"],
    ["limit=0", "limit"],
    ["host=x", "host"],
    ["cursor=abc", "cursor"],
    [`cursor=${cursor([-1, UNKNOWN_ID])}`, "cursor"],
    [`cursor=${cursor([1, "x"])}`, "cursor"],
    [`cursor=${cursor([1, UNKNOWN_ID, 2])}`, "cursor"],
    [`cursor=${cursor([UNKNOWN_ID])}`, "cursor"],
    [`cursor=${cursor([1, UNKNOWN_ID])}A`, "cursor"],
    [`cursor=${cursor([1, UNKNOWN_ID])}%21`, "cursor"],
  ])("refuses %s", async (query, parameter) => {
    const { status, body } = await supertest(world.app).get(`/v1/matches?${query}`);
    expect([status, body.errors]).toMatchObject([400, [{ parameter }]]);
  });

  it("takes the cursor that the refused ones above are nearly", async () => {
    const { status } = await supertest(world.app).get(`/v1/matches?cursor=${cursor([1, UNKNOWN_ID])}`);
    expect(status).toBe(200);
  });
});

describe("POST /v1/matches/{id}/start and /cancel", () => {
  it("[MAT1] start makes an open match run, once, however often it is asked for", async () => {
    const [one = ""] = await registerPlayers(world, 1);
    const { id, state, startedAt } = await startMatch(world, [one]);
    expect([state, startedAt]).toEqual(["running", TIME]);
    expect(await read(id)).toMatchObject({ state: "running", startedAt });
    const before = world.registry.digest();
    const again = await supertest(world.app).post(at(id, "/start"));
    expect([again.status, again.body]).toEqual([200, await read(id)]);
    expect(again.headers).toMatchObject({ etag: TAG, "rollcall-position": POSITION });
    expect(world.registry.digest()).toEqual(before);
    const ranks = { [one]: 1 };
    const report = supertest(world.app).put(at(id, `/reports/${one}`));
    expect((await report.send({ ranks })).body.match.state).toBe("finished");
    const late = await supertest(world.app).post(at(id, "/start"));
    expect([late.status, late.body]).toEqual([200, await read(id)]);
  });

  it("[MAT1] refuses to start what is cancelled, and to cancel what is finished: 409", async () => {
    const [one = ""] = await registerPlayers(world, 1);
    const cancelled = await createMatch(world, { hostId: one });
    await supertest(world.app).post(at(cancelled.id, "/cancel"));
    const start = supertest(world.app).post(at(cancelled.id, "/start"));
    await expectRefusal(world, start, { status: 409, code: "match-not-open" });
    const { id } = await startMatch(world, [one]);
    await supertest(world.app)
      .put(at(id, `/reports/${one}`))
      .send({ ranks: { [one]: 1 } });
    const cancel = supertest(world.app).post(at(id, "/cancel"));
    await expectRefusal(world, cancel, { status: 409, code: "match-over" });
  });

  it("refuses to start what nobody sits in: 409", async () => {
    const { id } = await createMatch(world);
    const start = supertest(world.app).post(at(id, "/start"));
    await expectRefusal(world, start, { status: 409, code: "match-empty" });
  });

  it("[MAT1] cancel ends a match that is not over, once, however often it is asked for", async () => {
    const [one = ""] = await registerPlayers(world, 1);
    const running = await startMatch(world, [one]);
    const open = await createMatch(world);
    for (const { id } of [running, open]) {
      const cancelled = await supertest(world.app).post(at(id, "/cancel"));
      expect([cancelled.status, cancelled.body.state]).toEqual([200, "cancelled"]);
      expect(cancelled.headers).toMatchObject({ etag: TAG, "rollcall-position": POSITION });
      const before = world.registry.digest();
      const again = await supertest(world.app).post(at(id, "/cancel"));
      expect([again.status, again.body]).toEqual([200, cancelled.body]);
      expect(again.headers["rollcall-position"]).toBe(cancelled.headers["rollcall-position"]);
      expect(world.registry.digest()).toEqual(before);
    }
  });
});

function cursor(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}
