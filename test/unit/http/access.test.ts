import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { API_KEY, type HttpWorld, OPS_TOKEN, openHttpWorld } from "../../support/http-app.ts";
import { UNKNOWN_ID } from "../../support/http-calls.ts";

const KEY = `Bearer ${API_KEY}`;
const OPS = `Bearer ${OPS_TOKEN}`;

type Method = "get" | "post" | "put" | "patch" | "delete";

/** Calls with an `Authorization` header or none. */
async function call({ app }: HttpWorld, method: Method, path: string, authorization?: string) {
  const request = supertest(app)[method](path);
  if (authorization !== undefined) request.set("Authorization", authorization);
  return method === "get" ? request : request.send({});
}

async function withPlayer(options: Parameters<typeof openHttpWorld>[0] = {}) {
  const world = await openHttpWorld(options);
  const { player } = await world.registry.players.register({ fields: { username: "ada" } }, { by: "key" });
  return { world, path: `/v1/players/${player.id}` };
}

describe("a token", () => {
  const UNKNOWN = [
    "Bearer wrong",
    `Bearer ${API_KEY}x`,
    `Bearer ${API_KEY} x`,
    "Bearer",
    "Bearer ",
    `Basic ${Buffer.from(`a:${API_KEY}`).toString("base64")}`,
    API_KEY,
    "",
  ];
  it.each(UNKNOWN)(
    "that is not known is refused everywhere, and never acts as nobody: %j",
    async (authorization) => {
      const { world, path } = await withPlayer();
      const before = world.registry.digest();
      const calls: [Method, string][] = [
        ["get", path],
        ["get", "/v1/players"],
        ["post", "/v1/players"],
        ["patch", path],
        ["get", "/v1/cluster"],
        ["get", "/healthz"],
      ];
      for (const [method, target] of calls) {
        const { status, body, headers } = await call(world, method, target, authorization);
        expect([target, status, body.code]).toEqual([target, 401, "unauthorized"]);
        expect(headers["www-authenticate"]).toBe('Bearer realm="rollcall", error="invalid_token"');
      }
      expect(world.registry.digest()).toEqual(before);
    },
  );

  it("is one of several keys, in any case of the scheme", async () => {
    const { world, path } = await withPlayer({ access: { apiKeys: ["first", "second"] } });
    for (const authorization of ["Bearer first", "bearer second", "BEARER  first"]) {
      const { body } = await call(world, "get", path, authorization);
      expect(body).toHaveProperty("identities");
    }
  });
});

describe("players' own writes", () => {
  it("are open where they are opened", async () => {
    const { world, path } = await withPlayer({ access: { openWrites: true } });
    expect((await call(world, "post", "/v1/players")).status).toBe(201);
    expect((await call(world, "patch", path)).status).toBe(200);
  });

  it("need a token elsewhere: 401 that says so, and nothing stored; only registering does not", async () => {
    const { world, path } = await withPlayer({ access: { openWrites: false } });
    const before = world.registry.digest();
    const { status, body, headers } = await call(world, "patch", path);
    expect([status, body.code]).toEqual([401, "unauthorized"]);
    expect(body.detail).toContain("API key");
    expect(headers["www-authenticate"]).toBe('Bearer realm="rollcall"');
    expect(world.registry.digest()).toEqual(before);
    expect((await call(world, "post", "/v1/players")).status).toBe(201);
    expect((await call(world, "get", path)).status).toBe(200);
    expect((await call(world, "post", "/v1/players", KEY)).status).toBe(201);
    expect((await call(world, "patch", path, KEY)).status).toBe(200);
    expect((await call(world, "post", "/v1/players", OPS)).status).toBe(201);
  });
});

it("an operator may not edit a player: 403", async () => {
  const { world, path } = await withPlayer();
  const { status, body } = await call(world, "patch", path, OPS);
  expect([status, body.code]).toEqual([403, "forbidden"]);
});

/** By who may: what is sent need not be right, as that is looked at only after. */
const GUARDED: { readonly [access: string]: readonly (readonly [Method, string])[] } = {
  "players and keys": [
    ["put", "/identities/steam/1"],
    ["delete", "/identities/steam/1"],
    ["post", "/v1/matches"],
    ["put", `/v1/matches/${UNKNOWN_ID}/players/${UNKNOWN_ID}`],
    ["delete", `/v1/matches/${UNKNOWN_ID}/players/${UNKNOWN_ID}`],
    ["post", `/v1/matches/${UNKNOWN_ID}/start`],
    ["post", `/v1/matches/${UNKNOWN_ID}/cancel`],
    ["put", `/v1/matches/${UNKNOWN_ID}/reports/${UNKNOWN_ID}`],
    ["put", "/v1/presence"],
  ],
  "players, keys and operators": [
    ["get", "/export"],
    ["delete", ""],
  ],
  "keys and operators": [
    ["post", "/bans"],
    ["delete", `/bans/${UNKNOWN_ID}`],
  ],
  operators: [
    ["post", "/merge"],
    ["post", `/v1/matches/${UNKNOWN_ID}/settlement`],
    ["get", "/v1/conflicts"],
    ["get", `/v1/documents/${UNKNOWN_ID}/conflicts`],
  ],
};

/** What each is answered where writes are open, then where they are not; 0: let in. */
const ANSWERS: {
  readonly [access: string]: readonly [open: number, key: number, ops: number, closed: number];
} = {
  "players and keys": [0, 0, 403, 401],
  "players, keys and operators": [0, 0, 0, 401],
  "keys and operators": [401, 0, 0, 401],
  operators: [401, 403, 0, 401],
};

describe.each(Object.keys(GUARDED))("for %s:", (access) => {
  const [open = 0, key = 0, ops = 0, closed = 0] = ANSWERS[access] ?? [];
  it.each(GUARDED[access] ?? [])("%s %s", async (method, path) => {
    for (const [openWrites, authorization, expected] of [
      [true, undefined, open],
      [true, KEY, key],
      [true, OPS, ops],
      [false, undefined, closed],
      [false, KEY, key],
    ] as const) {
      const { world, path: player } = await withPlayer({ access: { openWrites } });
      const before = world.registry.digest();
      const target = path.startsWith("/v1") ? path : player + path;
      const { status } = await call(world, method, target, authorization);
      const answered = status === 401 || status === 403 ? status : 0;
      expect([openWrites, authorization, answered]).toEqual([openWrites, authorization, expected]);
      if (answered !== 0) expect(world.registry.digest()).toEqual(before);
    }
  });
});

describe.each(["/v1/cluster", "/v1/cluster/digest"])("%s", (path) => {
  it("is for operators", async () => {
    const world = await openHttpWorld();
    const ops = await call(world, "get", path, OPS);
    const key = await call(world, "get", path, KEY);
    const open = await call(world, "get", path);
    expect([ops.status, key.status, open.status]).toEqual([200, 403, 401]);
    expect([key.body.code, open.body.code]).toEqual(["forbidden", "unauthorized"]);
    expect(open.headers["www-authenticate"]).toBe('Bearer realm="rollcall"');
  });

  it("is closed without a token of operators, and says what opens it", async () => {
    const world = await openHttpWorld({ access: { opsToken: undefined } });
    for (const authorization of [undefined, KEY, OPS, "Bearer undefined", "Bearer"]) {
      const { status, body } = await call(world, "get", path, authorization);
      expect([status, body.code]).toEqual([403, "ops-closed"]);
      expect(body.detail).toContain("ROLLCALL_OPS_TOKEN");
    }
  });
});
