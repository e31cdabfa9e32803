/** Which player may do what, and see what, by the token of its session. */
import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import type { MatchAnswer } from "../../../src/http/contract/match.ts";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import {
  AS_KEY,
  asPlayer,
  expectRefusal,
  mergedPlayers,
  registerWithSession,
  UNKNOWN_ID,
} from "../../support/http-calls.ts";

type Registered = Awaited<ReturnType<typeof registerWithSession>>;
type Method = "get" | "post" | "put" | "patch" | "delete";

/** A path, with whose it is in place of the letters. */
interface Call {
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
}

const FORBIDDEN = { status: 403, code: "forbidden" };

let world: HttpWorld;
let ada: Registered;
let bob: Registered;
beforeEach(async () => {
  world = await openHttpWorld({ access: { openWrites: false } });
  [ada, bob] = [await registerWithSession(world), await registerWithSession(world)];
});

function call({ method, path, body = {} }: Call, { session }: Registered = ada) {
  const request = supertest(world.app)[method](path).set(asPlayer(session.token));
  return method === "get" ? request : request.send(body);
}

async function hosted(by: Registered = ada, fields: object = {}): Promise<MatchAnswer> {
  const { status, body } = await call(
    { method: "post", path: "/v1/matches", body: { mode: "duel", capacity: 2, ...fields } },
    by,
  );
  expect(status).toBe(201);
  return body;
}

describe("[SES6] a player", () => {
  const OWN: readonly (readonly [Method, string, number])[] = [
    ["patch", "", 200],
    ["put", "/identities/device/a-secret-of-another-device", 200],
    ["delete", "/identities/steam/1", 200],
    ["get", "/export", 200],
    ["delete", "", 202],
  ];

  it.each(OWN)("may for itself, and for nobody else: %s …%s", async (method, path, good) => {
    for (const other of [bob.player.id, UNKNOWN_ID]) {
      await expectRefusal(world, call({ method, path: `/v1/players/${other}${path}` }), FORBIDDEN);
    }
    const { status } = await call({ method, path: `/v1/players/${ada.player.id}${path}` });
    expect(status).toBe(good);
  });

  it("sees the whole of itself, and what is public of others", async () => {
    await call({ method: "patch", path: `/v1/players/${ada.player.id}`, body: { region: "eu" } });
    const read = async (id: string) => (await call({ method: "get", path: `/v1/players/${id}` })).body;
    expect(await read(ada.player.id)).toMatchObject({ identities: [{ provider: "device" }], notices: [] });
    expect(await read(bob.player.id)).toEqual(bob.player);
    const { body } = await call({ method: "get", path: "/v1/players" });
    const seen = body.items.map((item: object & { id: string }) => [item.id, "identities" in item]);
    expect(new Map(seen)).toEqual(
      new Map([
        [ada.player.id, true],
        [bob.player.id, false],
      ]),
    );
  });

  it("neither bans nor merges nor settles, nor looks at the cluster", async () => {
    for (const path of [`/v1/players/${bob.player.id}/bans`, `/v1/players/${bob.player.id}/merge`]) {
      await expectRefusal(world, call({ method: "post", path }), FORBIDDEN);
    }
    for (const path of ["/v1/conflicts", "/v1/cluster", "/v1/cluster/samples", "/v1/cluster/digest"]) {
      await expectRefusal(world, call({ method: "get", path }), FORBIDDEN);
    }
    const settlement = `/v1/matches/${UNKNOWN_ID}/settlement`;
    await expectRefusal(world, call({ method: "post", path: settlement }), FORBIDDEN);
  });

  it("hosts the matches that it creates, and none for others", async () => {
    const own = await hosted();
    expect([own.hostId, own.players[0]?.playerId]).toEqual([ada.player.id, ada.player.id]);
    const body = { mode: "duel", capacity: 2, hostId: bob.player.id };
    await expectRefusal(world, call({ method: "post", path: "/v1/matches", body }), FORBIDDEN);
  });

  it.each(["start", "cancel"])("may %s a match as its host alone", async (fact) => {
    const own = await hosted();
    const path = `/v1/matches/${own.id}/${fact}`;
    await expectRefusal(world, call({ method: "post", path }, bob), FORBIDDEN);
    expect((await call({ method: "post", path })).status).toBe(200);
  });

  it.each(["start", "cancel"])("may not %s a match that has no host, or is not there", async (fact) => {
    const fields = { mode: "duel", capacity: 2 };
    const { body } = await supertest(world.app).post("/v1/matches").set(AS_KEY).send(fields);
    await expectRefusal(world, call({ method: "post", path: `/v1/matches/${body.id}/${fact}` }), FORBIDDEN);
    await expectRefusal(world, call({ method: "post", path: `/v1/matches/${UNKNOWN_ID}/${fact}` }), {
      status: 404,
      code: "match-not-found",
    });
  });

  it("takes, gives up and reports for its own seat", async () => {
    const { id } = await hosted();
    const seat = (of: Registered): string => `/v1/matches/${id}/players/${of.player.id}`;
    const report = (of: Registered): string => `/v1/matches/${id}/reports/${of.player.id}`;
    await expectRefusal(world, call({ method: "put", path: seat(bob) }), FORBIDDEN);
    expect((await call({ method: "put", path: seat(bob) }, bob)).status).toBe(200);
    await expectRefusal(world, call({ method: "delete", path: seat(bob) }), FORBIDDEN);
    expect((await call({ method: "delete", path: seat(bob) }, bob)).status).toBe(200);
    expect((await call({ method: "put", path: seat(bob) }, bob)).status).toBe(200);
    expect((await call({ method: "post", path: `/v1/matches/${id}/start` })).status).toBe(200);
    const body = { ranks: { [ada.player.id]: 1, [bob.player.id]: 2 } };
    await expectRefusal(world, call({ method: "put", path: report(bob), body }), FORBIDDEN);
    expect((await call({ method: "put", path: report(bob), body }, bob)).status).toBe(200);
    expect((await call({ method: "put", path: report(ada), body })).body.match.result.status).toBe("settled");
  });

  it("is there itself, and says so of nobody else", async () => {
    const path = "/v1/presence";
    const body = { playerId: bob.player.id };
    await expectRefusal(world, call({ method: "put", path, body }), FORBIDDEN);
    expect(world.present).toEqual([]);
    const answers = [
      await call({ method: "put", path, body: { address: "192.0.2.7:1" } }),
      await call({ method: "put", path, body: { playerId: ada.player.id } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(world.present).toEqual([
      { playerId: ada.player.id, matchId: null, address: "192.0.2.7:1" },
      { playerId: ada.player.id, matchId: null, address: null },
    ]);
    const byKey = supertest(world.app).put(path).set(AS_KEY).send({});
    await expectRefusal(world, byKey, { status: 400, code: "invalid-request", at: ["/playerId"] });
  });

  it("is named as kind of author in the history", async () => {
    await call({ method: "patch", path: `/v1/players/${ada.player.id}`, body: { region: "eu" } });
    const { body } = await call({ method: "get", path: `/v1/players/${ada.player.id}/export` });
    expect(body.history.map(({ by }: { by: string }) => by).sort()).toEqual(["open", "player"]);
  });
});

describe("[CLM4] the token of a player who was merged into another", () => {
  let survivor: Registered;
  let merged: Registered;
  beforeEach(async () => {
    ({ survivor, merged } = await mergedPlayers(world));
  });

  it("is good for the survivor, under both ids, and the other way round", async () => {
    for (const { id } of [survivor.player, merged.player]) {
      for (const by of [survivor, merged]) {
        const path = `/v1/players/${id}`;
        expect((await call({ method: "patch", path, body: { region: "eu" } }, by)).status).toBe(200);
        const { body } = await call({ method: "get", path }, by);
        expect([body.id, body.identities.length]).toEqual([survivor.player.id, 2]);
      }
      await expectRefusal(world, call({ method: "patch", path: `/v1/players/${id}` }, bob), FORBIDDEN);
    }
    const { body } = await call({ method: "get", path: "/v1/players" }, merged);
    const whole = body.items.filter((item: object) => "identities" in item);
    expect(whole.map(({ id }: { id: string }) => id)).toEqual([survivor.player.id]);
  });

  it("hosts, starts and is there as the survivor", async () => {
    const { id, hostId } = await hosted(merged);
    expect(hostId).toBe(survivor.player.id);
    expect((await call({ method: "put", path: "/v1/presence", body: { matchId: id } }, merged)).status).toBe(
      204,
    );
    expect(world.present.map(({ playerId }) => playerId)).toEqual([survivor.player.id]);
    expect((await call({ method: "post", path: `/v1/matches/${id}/start` }, merged)).status).toBe(200);
  });
});
