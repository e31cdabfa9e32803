/** POST /v1/sessions, the session in POST /v1/players, GET /.well-known/jwks.json. */
import { inspect } from "node:util";
import { decodeJwt } from "jose";
import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { MemoryDisk } from "../../../src/storage/memory/memory-disk.ts";
import { type HttpWorld, openHttpWorld, SECRET } from "../../support/http-app.ts";
import {
  AS_KEY,
  AS_OPS,
  asPlayer,
  exchange,
  expectRefusal,
  mergedPlayers,
  registerPlayer,
} from "../../support/http-calls.ts";

const DEVICE = { provider: "device", subject: "a-secret-of-Adas-phone_22" };
const OTHER_DEVICE = { provider: "device", subject: "a-secret-of-Adas-tablet_1" };
const STEAM = { provider: "steam", subject: "42" };
const NEW_SECRET = "another secret of the cluster, long enough too";

let world: HttpWorld;
beforeEach(async () => {
  world = await openHttpWorld({ access: { openWrites: false } });
});

const register = (body: object, to = world) => supertest(to.app).post("/v1/players").send(body);
const signIn = (body: object, to = world) => supertest(to.app).post("/v1/sessions").send(body);
const ban = (id: string, body: object = { reason: "rude" }) =>
  supertest(world.app).post(`/v1/players/${id}/bans`).set(AS_KEY).send(body);
const erase = (id: string) => supertest(world.app).delete(`/v1/players/${id}`).set(AS_KEY);
/** That the token of a session is good for the player's own. */
const expectGood = async (token: string, id: string, at = world) => {
  const { status, body } = await supertest(at.app).get(`/v1/players/${id}`).set(asPlayer(token));
  expect([status, body.notices]).toEqual([200, []]);
};

describe("a device", () => {
  it("[SES4] registers and signs in by a secret of which only a hash is kept and shown", async () => {
    const disk = new MemoryDisk();
    const logged = await openHttpWorld({ access: { openWrites: false }, logLevel: "trace", disk });
    const made = await register({ identity: DEVICE, username: "ada" }, logged);
    const again = await register({ identity: DEVICE }, logged);
    const { status, body } = await signIn({ identity: DEVICE }, logged);
    expect([made.status, again.status, status]).toEqual([201, 200, 201]);
    const { id } = made.body.player;
    expect([again.body.player.id, body.player.id]).toEqual([id, id]);
    const shown = body.player.identities;
    expect(shown).toEqual([
      { provider: "device", subject: expect.stringMatching(/^sha256:[A-Za-z0-9_-]{43}$/) },
    ]);
    for (const { token } of [made.body.session, again.body.session, body.session]) {
      await expectGood(token, id, logged);
    }
    const link = `/v1/players/${id}/identities/device/${OTHER_DEVICE.subject}`;
    const linked = await supertest(logged.app).put(link).set(asPlayer(body.session.token));
    expect(linked.body.identities).toHaveLength(2);
    const spelled = `/v1/players/${id}/%69dentities/device/${OTHER_DEVICE.subject}`;
    const refused = await supertest(logged.app).put(spelled);
    expect([refused.status, refused.body.instance]).toEqual([
      401,
      `/v1/players/${id}/%69dentities/device/(hidden)`,
    ]);
    expect(logged.log).toHaveLength(8);
    const everywhere = JSON.stringify([logged.log, linked.body, refused.body]) + heldBy(disk);
    expect(everywhere).toContain(shown[0].subject);
    for (const secret of [DEVICE.subject, OTHER_DEVICE.subject, body.session.token]) {
      expect(everywhere).not.toContain(secret);
    }
  });

  it.each(["short", "x".repeat(21), `sha256:${"x".repeat(43)}`])(
    "[SES4] has a better secret than %s",
    async (subject) => {
      const identity = { provider: "device", subject };
      const refusal = { status: 400, code: "invalid-request", at: ["/identity/subject"] };
      await expectRefusal(world, register({ identity }), refusal);
      await expectRefusal(world, signIn({ identity }), refusal);
    },
  );

  it("is not known before it has registered: 401 that says what to do", async () => {
    await expectRefusal(world, signIn({ identity: DEVICE }), { status: 401, code: "identity-unknown" });
    const { headers, body } = await signIn({ identity: DEVICE });
    expect(headers["www-authenticate"]).toBe('Bearer realm="rollcall"');
    expect(body.detail).toContain("POST /v1/players");
  });

  it("[SES4] is not signed in by the hash that is shown", async () => {
    await register({ identity: DEVICE });
    const [identity] = (await signIn({ identity: DEVICE })).body.player.identities;
    await expectRefusal(world, signIn({ identity }), { status: 400, code: "invalid-request" });
  });

  it("signs in no more once its player gave it up, by the secret or by the hash", async () => {
    await register({ identity: DEVICE });
    const { player, session } = (await signIn({ identity: DEVICE })).body;
    const at = (subject: string) => `/v1/players/${player.id}/identities/device/${subject}`;
    const as = asPlayer(session.token);
    await supertest(world.app).put(at(OTHER_DEVICE.subject)).set(as);
    expect((await signIn({ identity: OTHER_DEVICE })).body.player.id).toBe(player.id);
    const byHash = await supertest(world.app).delete(at(player.identities[0].subject)).set(as);
    expect([byHash.status, byHash.body.identities.length]).toEqual([200, 1]);
    expect((await signIn({ identity: DEVICE })).status).toBe(401);
    expect((await signIn({ identity: OTHER_DEVICE })).status).toBe(201);
    const bySecret = await supertest(world.app).delete(at(OTHER_DEVICE.subject)).set(as);
    expect([bySecret.status, bySecret.body.identities]).toEqual([200, []]);
    expect((await signIn({ identity: OTHER_DEVICE })).status).toBe(401);
  });
});

it("[SES5] an account that its player gave up comes back by its player or a key, not by whoever has it", async () => {
  const { player, session } = (await register({ identity: DEVICE })).body;
  const at = `/v1/players/${player.id}/identities/device/${DEVICE.subject}`;
  const as = asPlayer(session.token);
  const giveUp = async () =>
    expect((await supertest(world.app).delete(at).set(as)).body.identities).toEqual([]);
  await giveUp();
  await expectRefusal(world, register({ identity: DEVICE }), { status: 409, code: "identity-given-up" });
  expect((await register({ identity: DEVICE }).set(AS_KEY)).body.player.identities).toHaveLength(1);
  await giveUp();
  expect((await supertest(world.app).put(at).set(as)).body.identities).toHaveLength(1);
  expect((await register({ identity: DEVICE })).body.player.id).toBe(player.id);
});

it("[CLM4] an account that came along with a merge registers and signs in the survivor", async () => {
  const one = (await register({ identity: DEVICE })).body.player;
  const other = (await register({ identity: OTHER_DEVICE })).body.player;
  const [survivor, merged] = one.id < other.id ? [one, other] : [other, one];
  const path = `/v1/players/${merged.id}/merge`;
  await supertest(world.app).post(path).set(AS_OPS).send({ into: survivor.id });
  for (const identity of [DEVICE, OTHER_DEVICE]) {
    const { status, body } = await register({ identity });
    expect([status, body.player.id]).toEqual([200, survivor.id]);
    expect((await signIn({ identity })).body.player.id).toBe(survivor.id);
  }
});

describe("an account at a platform", () => {
  it("[SES5] registers and signs in on the word of a key alone", async () => {
    const { body } = await register({ identity: DEVICE });
    const calls = [register, signIn];
    for (const call of calls) {
      await expectRefusal(world, call({ identity: STEAM }), { status: 401, code: "unauthorized" });
      for (const headers of [AS_OPS, asPlayer(body.session.token)]) {
        await expectRefusal(world, call({ identity: STEAM }).set(headers), {
          status: 403,
          code: "forbidden",
        });
      }
    }
    const made = await register({ identity: STEAM }).set(AS_KEY);
    expect([made.status, made.body.player.identities]).toEqual([201, [STEAM]]);
    const { status, body: session } = await signIn({ identity: STEAM }).set(AS_KEY);
    expect([status, session.player.id]).toEqual([201, made.body.player.id]);
    await expectGood(session.session.token, made.body.player.id);
  });

  it("[SES5] is linked on the word of a key alone, and given up by its player", async () => {
    const { body } = await register({ identity: DEVICE });
    const at = `/v1/players/${body.player.id}/identities/steam/42`;
    const as = asPlayer(body.session.token);
    await expectRefusal(world, supertest(world.app).put(at).set(as), { status: 403, code: "forbidden" });
    expect((await supertest(world.app).put(at).set(AS_KEY)).body.identities).toHaveLength(2);
    expect((await supertest(world.app).delete(at).set(as)).body.identities).toHaveLength(1);
  });

  it("[CLM4] signs in the player that it is linked to", async () => {
    const { body } = await register({ identity: DEVICE });
    await supertest(world.app).put(`/v1/players/${body.player.id}/identities/steam/42`).set(AS_KEY);
    const { body: session } = await signIn({ identity: STEAM }).set(AS_KEY);
    expect(session.player.id).toBe(body.player.id);
  });
});

describe("an idempotency key", () => {
  const byKey = (key: string, to = world) => register({}, to).set("Idempotency-Key", key);

  it("[ID2] gives whoever repeats it a session, if nobody can guess it", async () => {
    const key = "a82f6b0e-52ce-4cf4-8f2b-c1f1a0ad1f7c";
    const [made, again] = [await byKey(key), await byKey(key)];
    expect([made.status, again.status]).toEqual([201, 200]);
    await expectGood(again.body.session.token, made.body.player.id);
  });

  it("[SES5] gives a session once, if it can be guessed; to a trusted back end always", async () => {
    const [made, again] = [await byKey("order-1"), await byKey("order-1")];
    expect([made.status, again.status]).toEqual([201, 200]);
    expect(again.body.player.id).toBe(made.body.player.id);
    await expectGood(made.body.session.token, made.body.player.id);
    expect(again.body).not.toHaveProperty("session");
    expect((await byKey("order-1").set(AS_KEY)).body).toHaveProperty("session.token");
  });
});

describe("a refresh token", () => {
  const refresh = (refreshToken: string, to = world) => signIn({ refreshToken }, to);
  const refused = { status: 401, code: "session-refused" };

  it("gives a new pair, at another server as well", async () => {
    const { body } = await register({ identity: DEVICE, username: "ada" });
    const other = await openHttpWorld({ server: "us-1", origin: "f".repeat(32) });
    await exchange(world, other);
    const { status, body: next } = await refresh(body.session.refreshToken, other);
    expect([status, next.player.username]).toEqual([201, "ada"]);
    expect(next.session.refreshToken).not.toBe(body.session.refreshToken);
    for (const at of [world, other]) await expectGood(next.session.token, body.player.id, at);
    expect((await refresh(next.session.refreshToken)).status).toBe(201);
  });

  it("is no token for calls, nor the other way round", async () => {
    const { session, player } = (await register({ identity: DEVICE })).body;
    const edit = supertest(world.app).patch(`/v1/players/${player.id}`);
    const asRefresh = edit.set(asPlayer(session.refreshToken)).send({});
    await expectRefusal(world, asRefresh, { status: 401, code: "unauthorized" });
    await expectRefusal(world, refresh(session.token), refused);
  });

  it("[SES3] is refused to who is banned, until the ban ends", async () => {
    const { session, player } = (await register({ identity: DEVICE })).body;
    const until = new Date(Date.now() + 60_000).toISOString();
    expect((await ban(player.id, { reason: "rude", until })).status).toBe(201);
    await expectRefusal(world, refresh(session.refreshToken), refused);
    await expectRefusal(world, signIn({ identity: DEVICE }), refused);
    const again = await register({ identity: DEVICE });
    expect([again.status, again.body.player.status]).toEqual([200, "banned"]);
    expect(again.body).not.toHaveProperty("session");
    world.clock.aheadMs = 61_000;
    expect((await refresh(session.refreshToken)).status).toBe(201);
  });

  it("[SES3] is refused to who was erased", async () => {
    const { session, player } = (await register({ identity: DEVICE })).body;
    expect((await erase(player.id)).status).toBe(202);
    await expectRefusal(world, refresh(session.refreshToken), refused);
    await expectRefusal(world, signIn({ identity: DEVICE }), { status: 401, code: "identity-unknown" });
    await expectRefusal(world, register({ identity: DEVICE }), { status: 410, code: "player-erased" });
  });

  it("[SES3] of a player who was merged into another gives the survivor's", async () => {
    const { survivor, merged } = await mergedPlayers(world);
    const { status, body } = await refresh(merged.session.refreshToken);
    expect([status, body.player.id]).toEqual([201, survivor.player.id]);
    expect(decodeJwt(body.session.refreshToken).sub).toBe(survivor.player.id);
    await expectGood(body.session.token, survivor.player.id);
  });

  it("expires, and says so", async () => {
    const { session } = (await register({ identity: DEVICE })).body;
    world.clock.aheadMs = 31 * 24 * 3_600_000;
    await expectRefusal(world, refresh(session.refreshToken), refused);
    expect((await refresh(session.refreshToken)).body.detail).toContain("expired");
  });

  it("is good, but for later, where its player is not known yet: 503", async () => {
    const { session } = (await register({ identity: DEVICE })).body;
    const other = await openHttpWorld({ server: "us-1", origin: "f".repeat(32) });
    await expectRefusal(other, refresh(session.refreshToken, other), {
      status: 503,
      code: "not-replicated-yet",
    });
  });
});

it.each([
  ["nothing", {}, [""]],
  ["both", { identity: DEVICE, refreshToken: "x" }, [""]],
  ["an empty token", { refreshToken: "" }, ["/refreshToken"]],
  ["a token too long", { refreshToken: "x".repeat(1_025) }, ["/refreshToken"]],
  ["more", { identity: DEVICE, password: "x" }, ["/password"]],
  [
    "a subject too long",
    { identity: { provider: "steam", subject: "x".repeat(257) } },
    ["/identity/subject"],
  ],
])("signing in refuses %s", async (_title, body, at) => {
  await expectRefusal(world, signIn(body), { status: 400, code: "invalid-request", at });
});

describe("two servers that cannot hear each other", () => {
  it("[SES1] each verify what the other issued, and sign the same device in as the same player", async () => {
    const [one, other] = [world, await openHttpWorld({ server: "us-1", origin: "f".repeat(32) })];
    const here = await register({ identity: DEVICE, username: "ada" }, one);
    const there = await register({ identity: DEVICE, region: "us" }, other);
    expect(there.body.player.id).toBe(here.body.player.id);
    const { id } = here.body.player;
    for (const { token } of [here.body.session, there.body.session]) {
      for (const at of [one, other]) await expectGood(token, id, at);
    }
    const edited = await supertest(other.app)
      .patch(`/v1/players/${id}`)
      .set(asPlayer(here.body.session.token))
      .send({ displayName: "Ada" });
    expect(edited.status).toBe(200);
    await exchange(one, other);
  });
});

describe("GET /.well-known/jwks.json", () => {
  it("[SES2] shows the keys of both secrets while one is changed for the other, and tokens of both are good", async () => {
    const during = await openHttpWorld({ access: { secrets: [SECRET, NEW_SECRET] } });
    const after = await openHttpWorld({ access: { secrets: [NEW_SECRET] } });
    const keysOf = async ({ app }: HttpWorld) =>
      (await supertest(app).get("/.well-known/jwks.json")).body.keys;
    const [first, second] = await keysOf(during);
    expect(first).toMatchObject({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" });
    expect(first).not.toHaveProperty("d");
    expect(await keysOf(world)).toEqual([first]);
    expect(await keysOf(after)).toEqual([second]);
    const { body: old } = await register({ identity: DEVICE });
    const { body: fresh } = await register({ identity: DEVICE }, after);
    await register({ identity: DEVICE }, during);
    for (const { session, player } of [old, fresh]) {
      await expectGood(session.token, player.id, during);
      expect((await signIn({ refreshToken: session.refreshToken }, during)).status).toBe(201);
    }
    const refused = supertest(after.app).get("/v1/players").set(asPlayer(old.session.token));
    await expectRefusal(after, refused, { status: 401, code: "unauthorized" });
  });
});

it("a session that has expired is refused with the way to the next", async () => {
  const { id } = await registerPlayer(world);
  const { session } = (await register({ identity: DEVICE })).body;
  world.clock.aheadMs = 16 * 60_000;
  const { status, body, headers } = await supertest(world.app)
    .get(`/v1/players/${id}`)
    .set(asPlayer(session.token));
  expect([status, body.code]).toEqual([401, "unauthorized"]);
  expect(body.detail).toContain("POST /v1/sessions");
  expect(headers["www-authenticate"]).toBe('Bearer realm="rollcall", error="invalid_token"');
});

/** All that is stored, texts in changes too. */
function heldBy({ log, players, claims, documents }: MemoryDisk): string {
  const bodies = [...log.values()].flat().map(({ body }) => Buffer.from(body).toString("latin1"));
  return bodies.join("\n") + inspect([players, claims, documents], { depth: null, maxArrayLength: null });
}
