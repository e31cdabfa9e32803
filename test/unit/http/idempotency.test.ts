/** `Idempotency-Key`, on every POST (IDM1 to IDM6). How it is written is in test/unit/registry/keyed-requests.test.ts. */
import supertest, { type Response } from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { MemoryDisk } from "../../../src/storage/memory/memory-disk.ts";
import { API_KEY, type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import {
  AS_KEY,
  AS_OPS,
  asPlayer,
  createMatch,
  expectRefusal,
  registerPlayer,
  registerPlayers,
  registerWithSession,
  startMatch,
} from "../../support/http-calls.ts";

interface Call {
  readonly path: string;
  readonly as: Readonly<Record<string, string>>;
  readonly body?: object;
}

const OTHER_KEY = "key-of-another-back-end";
const SECOND_MS = 1_000;

let world: HttpWorld;
let disk: MemoryDisk;
beforeEach(async () => {
  disk = new MemoryDisk();
  world = await openHttpWorld({ disk, access: { apiKeys: [API_KEY, OTHER_KEY] } });
});

const post = ({ path, as, body }: Call, key = "k1") => {
  const request = supertest(world.app).post(path).set(as).set("Idempotency-Key", key);
  return body ? request.send(body) : request;
};

/** What is the same of two answers to one request. */
const told = ({ status, body, headers }: Response) => {
  const { location, etag, "rollcall-position": position } = headers;
  return { status, body, location, etag, position };
};

const CALLS: { readonly [title: string]: () => Promise<{ readonly call: Call; readonly other: object }> } = {
  "a ban": async () => {
    const { id } = await registerPlayer(world);
    const call = { path: `/v1/players/${id}/bans`, as: AS_KEY, body: { reason: "cheats" } };
    return { call, other: { reason: "insults" } };
  },
  "a merge": async () => {
    const [one, other, third] = await registerPlayers(world, 3);
    const call = { path: `/v1/players/${one}/merge`, as: AS_OPS, body: { into: other } };
    return { call, other: { into: third } };
  },
  "a settlement": async () => {
    const [one = "", other = ""] = await registerPlayers(world, 2);
    const { id } = await startMatch(world, [one, other]);
    const body = { ranks: { [one]: 1, [other]: 2 }, reason: "seen" };
    const call = { path: `/v1/matches/${id}/settlement`, as: AS_OPS, body };
    return { call, other: { ...body, reason: "heard" } };
  },
};

describe("a POST with an idempotency key", () => {
  it.each(Object.entries(CALLS))(
    "[IDM1] is done once, and answered the same: %s",
    async (_title, prepare) => {
      const { call } = await prepare();
      const first = await post(call);
      expect(first.status).toBeLessThan(300);
      const before = await world.registry.foldedDigest();
      expect(told(await post(call))).toEqual(told(first));
      expect(await world.registry.foldedDigest()).toEqual(before);
    },
  );

  it.each(["start", "cancel"])("[IDM1] is done once, and answered the same: %s", async (verb) => {
    const [hostId = ""] = await registerPlayers(world, 1);
    const { id } = await createMatch(world, { hostId });
    const call = { path: `/v1/matches/${id}/${verb}`, as: AS_KEY };
    const first = await post(call);
    expect(first.status).toBe(200);
    expect(told(await post(call))).toEqual(told(first));
  });

  it("[IDM1] shows the record as it is by then, with the status and the position of the first answer", async () => {
    const [hostId = ""] = await registerPlayers(world, 1);
    const { id } = await createMatch(world, { hostId });
    const call = { path: `/v1/matches/${id}/start`, as: AS_KEY };
    const first = await post(call);
    const body = { ranks: { [hostId]: 1 }, reason: "seen" };
    await supertest(world.app).post(`/v1/matches/${id}/settlement`).set(AS_OPS).send(body);
    const again = await post(call);
    expect([again.status, again.body.state]).toEqual([200, "finished"]);
    expect(told(again).position).toBe(told(first).position);
  });

  it("[IDM1] is answered the same after its time: a ban that has ended", async () => {
    const { id } = await registerPlayer(world);
    const until = new Date(Date.now() + SECOND_MS).toISOString();
    const call = { path: `/v1/players/${id}/bans`, as: AS_KEY, body: { reason: "cheats", until } };
    const first = await post(call);
    world.clock.aheadMs = 2 * SECOND_MS;
    expect(told(await post(call))).toEqual(told(first));
    await expectRefusal(world, post(call, "k2"), { status: 400, code: "invalid-request", at: ["/until"] });
  });

  it("[IDM1] leaves nothing in the database of what it said, by whom and with which key", async () => {
    const { player, session } = await registerWithSession(world);
    const { id } = await createMatch(world, { hostId: player.id });
    await post({ path: `/v1/matches/${id}/start`, as: asPlayer(session.token) }, "a-key-of-ada");
    await post({ ...(await (CALLS["a ban"] as () => Promise<{ call: Call }>)()).call }, "another-key");
    const rows = [...disk.requests.values()];
    expect(rows).toHaveLength(2);
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    for (const row of rows) {
      expect(row).toEqual({
        key: hash,
        fingerprint: hash,
        documentId: expect.any(String),
        change: hash,
        createdAtMs: expect.any(Number),
      });
    }
    expect(rows.map(({ documentId }) => documentId)).not.toContain(player.id);
  });

  it("[ERA1] [IDM1] is answered with 410 once its player is erased", async () => {
    const { call } = await (CALLS["a ban"] as () => Promise<{ call: Call }>)();
    await post(call);
    await supertest(world.app).delete(call.path.replace("/bans", "")).set(AS_OPS);
    await expectRefusal(world, post(call), { status: 410, code: "player-erased" });
    expect(disk.requests.size).toBe(0);
  });

  it.each(Object.entries(CALLS))("[IDM2] is 422 with another body: %s", async (_title, prepare) => {
    const { call, other } = await prepare();
    await post(call);
    await expectRefusal(world, post({ ...call, body: other }), {
      status: 422,
      code: "idempotency-key-reused",
    });
  });

  it("[IDM2] is 422 at another path", async () => {
    const { call } = await (CALLS["a ban"] as () => Promise<{ call: Call }>)();
    await post(call);
    const { id } = await registerPlayer(world);
    const elsewhere = { ...call, path: `/v1/players/${id}/bans` };
    await expectRefusal(world, post(elsewhere), { status: 422, code: "idempotency-key-reused" });
  });

  it("[IDM2] is the same request however its body is spelled", async () => {
    const [one = "", other = ""] = await registerPlayers(world, 2);
    const { id } = await startMatch(world, [one, other]);
    const path = `/v1/matches/${id}/settlement`;
    const ranks = { [one]: 1, [other]: 2 };
    const first = await post({ path, as: AS_OPS, body: { ranks, reason: "seen" } });
    const swapped = { reason: "seen", ranks: { [other]: 2, [one]: 1 } };
    expect(told(await post({ path, as: AS_OPS, body: swapped }))).toEqual(told(first));
  });

  it("[IDM2] has a key of its caller's own: nobody else is answered by it", async () => {
    const { call } = await (CALLS["a ban"] as () => Promise<{ call: Call }>)();
    const callers = [AS_KEY, AS_OPS, { Authorization: `Bearer ${OTHER_KEY}` }];
    const bans: string[] = [];
    for (const as of callers) bans.push((await post({ ...call, as })).body.id);
    expect(new Set(bans).size).toBe(3);
    const [ada, bob] = [await registerWithSession(world), await registerWithSession(world)];
    for (const { player, session } of [ada, bob]) {
      const { id } = await createMatch(world, { hostId: player.id });
      const { status, body } = await post({ path: `/v1/matches/${id}/start`, as: asPlayer(session.token) });
      expect([status, body.id]).toEqual([200, id]);
    }
  });

  it("[IDM2] is looked up only for who may make it", async () => {
    const [ada, bob] = [await registerWithSession(world), await registerWithSession(world)];
    const { id } = await createMatch(world, { hostId: ada.player.id });
    const path = `/v1/matches/${id}/start`;
    await post({ path, as: asPlayer(ada.session.token) });
    const asBob = post({ path, as: asPlayer(bob.session.token) });
    await expectRefusal(world, asBob, { status: 403, code: "forbidden" });
  });

  it("[IDM3] is done once where many come together", async () => {
    const { call } = await (CALLS["a ban"] as () => Promise<{ call: Call }>)();
    const answers = await Promise.all([post(call), post(call), post(call)]);
    expect(answers.map(told)).toEqual(answers.map(() => told(answers[0] as Response)));
  });

  it("[IDM4] is tried again where it was refused", async () => {
    const { id } = await createMatch(world);
    const call = { path: `/v1/matches/${id}/start`, as: AS_KEY };
    expect((await post(call)).status).toBe(409);
    const [player] = await registerPlayers(world, 1);
    await supertest(world.app).put(`/v1/matches/${id}/players/${player}`);
    expect((await post(call)).status).toBe(200);
  });

  it("[IDM1] gives a new session each time, as nothing is written", async () => {
    const identity = { provider: "device", subject: "0123456789abcdef0123456789abcdef" };
    await supertest(world.app).post("/v1/players").send({ identity });
    const signIn = { path: "/v1/sessions", as: {}, body: { identity } };
    const answers = [await post(signIn), await post(signIn)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(disk.requests.size).toBe(0);
  });

  it.each(["/v1/sessions", "/v1/matches/0190f3c2-0000-7000-8000-000000000000/start"])(
    "refuses a key that is none: %s",
    async (path) => {
      for (const key of ["a".repeat(129), "a b"]) {
        const { status, body } = await post({ path, as: {}, body: {} }, key);
        expect([status, body.errors]).toMatchObject([400, [{ header: "idempotency-key" }]]);
      }
    },
  );
});
