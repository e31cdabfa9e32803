import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { API_KEY, type HttpWorld, OPS_TOKEN, openHttpWorld } from "../../support/http-app.ts";

const KEY = `Bearer ${API_KEY}`;
const OPS = `Bearer ${OPS_TOKEN}`;

type Method = "get" | "post" | "patch";

/** Calls with an `Authorization` header or none. */
async function call({ app }: HttpWorld, method: Method, path: string, authorization?: string) {
  const request = supertest(app)[method](path);
  if (authorization !== undefined) request.set("Authorization", authorization);
  return method === "get" ? request : request.send({});
}

async function withPlayer(options: Parameters<typeof openHttpWorld>[0] = {}) {
  const world = await openHttpWorld(options);
  const { player } = await world.registry.register({ fields: { username: "ada" } }, { by: "key" });
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

  it("need a key elsewhere: 401 that says so, and nothing stored", async () => {
    const { world, path } = await withPlayer({ access: { openWrites: false } });
    const before = world.registry.digest();
    for (const [method, target] of [
      ["post", "/v1/players"],
      ["patch", path],
    ] as const) {
      const { status, body, headers } = await call(world, method, target);
      expect([status, body.code]).toEqual([401, "unauthorized"]);
      expect(body.detail).toContain("API key");
      expect(headers["www-authenticate"]).toBe('Bearer realm="rollcall"');
    }
    expect(world.registry.digest()).toEqual(before);
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
