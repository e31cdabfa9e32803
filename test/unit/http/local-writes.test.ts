/** Open writes, and the pages that the browser of the same machine shows. */
import supertest from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { isLoopback } from "../../../src/http/local-writes.ts";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import {
  AS_KEY,
  asPlayer,
  createMatch,
  expectRefusal,
  registerPlayer,
  registerWithSession,
} from "../../support/http-calls.ts";

const REFUSED = { status: 403, code: "foreign-page" };

let world: HttpWorld;
beforeEach(async () => {
  world = await openHttpWorld();
});

const register = (headers: Record<string, string>, { app } = world) =>
  supertest(app).post("/v1/players").set(headers).send({});

describe("where writes are open to this machine", () => {
  it.each(["127.0.0.1:7400", "127.0.0.1", "127.1.2.3:1", "localhost:7400", "LOCALHOST", "[::1]:7400"])(
    "one whose host is %s is its own",
    async (host) => {
      expect((await register({ Host: host })).status).toBe(201);
    },
  );

  it.each([
    "evil.example:7400",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "10.0.0.1:7400",
    "[2001:db8::1]:7400",
    "evil.example:80#@127.0.0.1",
    "",
  ])("one whose host is %j is a page's that had its name point here", async (host) => {
    await expectRefusal(world, register({ Host: host }), REFUSED);
    expect((await supertest(world.app).get("/v1/players").set("Host", host)).status).toBe(200);
  });

  it("a page of another site cannot send what browsers do not ask for first", async () => {
    const host = await registerPlayer(world);
    const { id } = await createMatch(world, { hostId: host.id });
    const start = (origin: string) =>
      supertest(world.app).post(`/v1/matches/${id}/start`).set("Origin", origin);
    for (const origin of ["https://evil.example", "null", "http://localhost.evil.example"]) {
      await expectRefusal(world, start(origin), REFUSED);
    }
    for (const origin of ["http://127.0.0.1:7400", "http://localhost:5173"]) {
      expect((await start(origin)).status).toBe(200);
    }
  });

  it("a page of a listed origin may, of any origin may not", async () => {
    const listed = await openHttpWorld({ allowedOrigins: ["https://game.example"] });
    expect((await register({ Origin: "https://game.example" }, listed)).status).toBe(201);
    const any = await openHttpWorld({ allowedOrigins: "*" });
    await expectRefusal(any, register({ Origin: "https://game.example" }, any), REFUSED);
  });

  it("a token is proof enough, under any name", async () => {
    const { player, session } = await registerWithSession(world);
    for (const token of [AS_KEY, asPlayer(session.token)]) {
      const { status } = await supertest(world.app)
        .patch(`/v1/players/${player.id}`)
        .set({ ...token, Host: "eu-1.example", Origin: "https://game.example" })
        .send({ region: "eu" });
      expect(status).toBe(200);
    }
  });
});

it.each([
  ["others reach the server", { listensOnLoopback: false }],
  ["writes are not open", { access: { openWrites: false } }],
])("the host may be any where %s", async (_where, options) => {
  const there = await openHttpWorld(options);
  expect((await register({ Host: "eu-1.example", Origin: "https://x.example" }, there)).status).toBe(201);
});

it.each([
  ["127.0.0.1", true],
  ["127.0.1.1", true],
  ["::1", true],
  ["localhost", true],
  ["0.0.0.0", false],
  ["::", false],
  ["10.0.0.1", false],
  ["eu-1.example", false],
])("an address to listen on, %s, is of the loopback: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
