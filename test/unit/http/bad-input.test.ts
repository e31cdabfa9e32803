/** Everything that must be refused: as 4xx, at the right place, with nothing stored. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import supertest from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";

let world: HttpWorld;
let location: string;

beforeAll(async () => {
  world = await openHttpWorld();
  const { headers } = await supertest(world.app)
    .post("/v1/players")
    .send({ username: "ada", metadata: { a: 1 } });
  location = headers.location ?? "";
});

interface Case {
  readonly title: string;
  readonly body: string | Buffer;
  readonly status?: number;
  readonly code?: string;
  /** Pointers into the body. */
  readonly at?: readonly string[];
  readonly detail?: RegExp;
}

const INVALID = { status: 400, code: "invalid-request" };
const MALFORMED = { status: 400, code: "malformed-json" };

function field(title: string, body: unknown, ...at: string[]): Case {
  return { title, body: JSON.stringify(body), ...INVALID, at };
}

function raw(title: string, body: string, ...at: string[]): Case {
  return { title, body, ...INVALID, at };
}

/** Refused by POST and PATCH alike. */
const BODIES: readonly Case[] = [
  { title: "nothing", body: "", ...MALFORMED, detail: /empty/ },
  { title: "half an object", body: '{"username":"a"', ...MALFORMED, detail: /ends too early/ },
  { title: "a bad token", body: '{\n "username": x}', ...MALFORMED, detail: /line 2, column 14/ },
  { title: "a trailing comma", body: '{"username":"a",}', ...MALFORMED, detail: /column 17/ },
  { title: "two values", body: "{} {}", ...MALFORMED, detail: /column 4/ },
  { title: "NaN", body: '{"metadata":{"a":NaN}}', ...MALFORMED, detail: /column 18/ },
  { title: "a raw control character", body: '{"username":"a\u0000"}', ...MALFORMED, detail: /column 13/ },
  {
    title: "no UTF-8",
    body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    ...MALFORMED,
    detail: /UTF-8/,
  },
  {
    title: "33 KiB",
    body: JSON.stringify({ displayName: "x".repeat(33 * 1024) }),
    status: 413,
    code: "body-too-large",
  },
  raw("an array", "[]", ""),
  raw("null", "null", ""),
  raw("a number", "7", ""),
  raw("a text", '"username"', ""),
  field("an unknown field", { usrname: "a" }, "/usrname"),
  field(
    "several faults at once",
    { usrname: "a", region: 7, platform: "-" },
    "/region",
    "/platform",
    "/usrname",
  ),
  field("a field with a name to escape", { "a/b~c": 1 }, "/a~1b~0c"),
  field("a field that only the server sets", { homeServer: "x", id: "y" }, "/homeServer", "/id"),
  field("a number as username", { username: 7 }, "/username"),
  field("an empty username", { username: "" }, "/username"),
  field("a username of 33 characters", { username: "a".repeat(33) }, "/username"),
  field("a username of 33 emoji", { username: "😀".repeat(33) }, "/username"),
  field("a username in white space", { username: " ada" }, "/username"),
  field("a username of spaces", { username: "\u3000" }, "/username", "/username"),
  field("an invisible username", { username: "\u200b\u3164\u2060" }, "/username"),
  field("a username that turns text about", { username: "a\u202eb" }, "/username"),
  field("a username with a line feed", { username: "a\nb" }, "/username"),
  field("a username with an escaped NUL", { username: "a\u0000b" }, "/username"),
  raw("a username with a lone surrogate", '{"username":"a\\ud800b"}', "/username"),
  raw("a username ending in a lone surrogate", '{"username":"a\\udc00"}', "/username"),
  field("a display name of 65 characters", { displayName: "a".repeat(65) }, "/displayName"),
  field("a region with a space", { region: "eu west" }, "/region"),
  field("a region of 33 characters", { region: "a".repeat(33) }, "/region"),
  field("a platform in other letters", { platform: "é" }, "/platform"),
  field("metadata as a list", { metadata: [1] }, "/metadata"),
  field("metadata as a text", { metadata: "a" }, "/metadata"),
  field("a list in metadata", { metadata: { a: [1] } }, "/metadata/a"),
  field("an object in metadata", { metadata: { a: { b: 1 } } }, "/metadata/a"),
  field("513 characters in metadata", { metadata: { a: "x".repeat(513) } }, "/metadata/a"),
  field("an empty key in metadata", { metadata: { "": 1 } }, "/metadata/"),
  field(
    "a key of 65 characters in metadata",
    { metadata: { ["k".repeat(65)]: 1 } },
    `/metadata/${"k".repeat(65)}`,
  ),
  field(
    "65 keys in metadata",
    { metadata: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, 1])) },
    "/metadata",
  ),
  raw("the key __proto__", '{"__proto__":{"username":"a"}}', "/__proto__"),
  raw("the key __proto__ in metadata", '{"metadata":{"__proto__":1}}', "/metadata/__proto__"),
  raw("the key __proto__ spelt with escapes", '{"metadata":{"\\u005f_proto__":1}}', "/metadata/__proto__"),
  raw("the key constructor", '{"metadata":{"constructor":1}}', "/metadata/constructor"),
  raw("the key prototype", '{"prototype":1}', "/prototype"),
  raw("a key with a lone surrogate", '{"metadata":{"\\udfff":1}}', "/metadata/\udfff"),
  raw("a key with NUL", '{"metadata":{"a\\u0000":1}}', "/metadata/a\u0000"),
  raw("9007199254740993", '{"metadata":{"a":9007199254740993}}', "/metadata/a"),
  raw("2^53", '{"metadata":{"a":9007199254740992}}', "/metadata/a"),
  raw("-2^53", '{"metadata":{"a":-9007199254740992}}', "/metadata/a"),
  raw("1e400", '{"metadata":{"a":1e400}}', "/metadata/a"),
  raw("-1e400", '{"metadata":{"a":-1e400}}', "/metadata/a"),
  raw("1e300", '{"metadata":{"a":1e300}}', "/metadata/a"),
  raw("nesting beyond 8", `{"metadata":${"[".repeat(8)}${"]".repeat(8)}}`, "/metadata/0/0/0/0/0/0/0"),
  raw(
    "nesting without end",
    `{"metadata":${"[".repeat(15_000)}${"]".repeat(15_000)}}`,
    "/metadata/0/0/0/0/0/0/0",
  ),
  raw(
    "many faults",
    JSON.stringify({ metadata: Array.from({ length: 500 }, () => "\n") }),
    ...Array.from({ length: 20 }, (_, i) => `/metadata/${i}`),
  ),
];

const POST_ONLY: readonly Case[] = [
  field("null as username", { username: null }, "/username"),
  field("null in metadata", { metadata: { a: null } }, "/metadata/a"),
  field("an identity without subject", { identity: { provider: "steam" } }, "/identity/subject"),
  field("an identity with more", { identity: { provider: "a", subject: "b", x: 1 } }, "/identity/x"),
  field("a provider with a colon", { identity: { provider: "a:b", subject: "b" } }, "/identity/provider"),
  field("a provider in upper case", { identity: { provider: "Steam", subject: "b" } }, "/identity/provider"),
  field("an empty subject", { identity: { provider: "a", subject: "" } }, "/identity/subject"),
  field(
    "a subject of 257 characters",
    { identity: { provider: "a", subject: "s".repeat(257) } },
    "/identity/subject",
  ),
  field(
    "a subject with a control character",
    { identity: { provider: "a", subject: "a\u0007" } },
    "/identity/subject",
  ),
];

const PATCH_ONLY: readonly Case[] = [
  field("an identity", { identity: { provider: "a", subject: "b" } }, "/identity"),
  field("null in a list in metadata", { metadata: { a: [null] } }, "/metadata/a"),
];

async function refused(method: "post" | "patch", { body, status, code, at, detail }: Case): Promise<void> {
  const { app, registry, troubles, log } = world;
  const before = registry.digest();
  const request = supertest(app)[method](method === "post" ? "/v1/players" : location);
  const answer = await request.set("Content-Type", "application/json").serialize(asItIs).send(body);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  if (at) expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toEqual(at);
  else expect(answer.body).not.toHaveProperty("errors");
  if (detail) expect(answer.body.detail).toMatch(detail);
  expect(registry.digest()).toEqual(before);
  expect((await supertest(app).get("/healthz")).status).toBe(200);
  expect([troubles, log]).toEqual([[], []]);
}

describe("a body that is refused by POST and PATCH, with nothing stored:", () => {
  it.each([...BODIES, ...POST_ONLY])("POST: $title", (bad) => refused("post", bad));
  it.each([...BODIES, ...PATCH_ONLY])("PATCH: $title", (bad) => refused("patch", bad));
});

describe("a body of another type is refused: 415", () => {
  const TYPES = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=latin1",
    "application/json5",
    "text/json",
    "application/json, text/plain",
    "",
  ];
  it.each(TYPES)("POST: %s", async (type) => {
    const before = world.registry.digest();
    const { status, body, headers } = await supertest(world.app)
      .post("/v1/players")
      .set("Content-Type", type)
      .serialize(asItIs)
      .send('{"username":"a"}');
    expect([status, body.code, headers.accept]).toEqual([415, "unsupported-media-type", "application/json"]);
    expect(world.registry.digest()).toEqual(before);
  });

  it("POST: a merge patch, which PATCH takes", async () => {
    const send = (method: "post" | "patch", path: string) =>
      supertest(world.app)
        [method](path)
        .set("Content-Type", "application/merge-patch+json")
        .serialize(asItIs)
        .send("{}");
    expect((await send("post", "/v1/players")).status).toBe(415);
    expect((await send("patch", location)).status).toBe(200);
  });

  it("a compressed body", async () => {
    const { status } = await supertest(world.app)
      .post("/v1/players")
      .set({ "Content-Type": "application/json", "Content-Encoding": "gzip" })
      .send("{}");
    expect(status).toBe(415);
  });
});

describe("a path, a query or a header that is refused:", () => {
  const CASES: readonly [string, string, Record<string, string>, object[]][] = [
    ["an id that is no UUID", "/v1/players/ada", {}, [{ parameter: "id" }]],
    [
      "an id with more behind it",
      "/v1/players/0190f3c2-0000-7000-8000-0000000000001",
      {},
      [{ parameter: "id" }],
    ],
    ["an id with a slash in it", "/v1/players/a%2Fb", {}, [{ parameter: "id" }]],
    ["an unknown parameter", "/v1/players?regoin=eu", {}, [{ parameter: "regoin" }]],
    ["a parameter where there are none", "/healthz?x=1", {}, [{ parameter: "x" }]],
    ["a parameter twice", "/v1/players?region=eu&region=us", {}, [{ parameter: "region" }]],
    ["__proto__ as parameter", "/v1/players?__proto__=1", {}, [{ parameter: "__proto__" }]],
    ["brackets", "/v1/players?region[a]=eu", {}, [{ parameter: "region[a]" }]],
    ["a parameter encoded wrongly", "/v1/players?username=%ff", {}, [{ parameter: "username" }]],
    ["a name encoded wrongly", "/v1/players?%e0=1", {}, [{ parameter: "%e0=1" }]],
    ["NUL in a parameter", "/v1/players?prefix=a%00", {}, [{ parameter: "prefix" }]],
    ["an encoded surrogate", "/v1/players?prefix=%ED%A0%80", {}, [{ parameter: "prefix" }]],
    [
      "an empty parameter",
      "/v1/players?username=&region=",
      {},
      [{ parameter: "username" }, { parameter: "region" }],
    ],
    ["a limit of 0", "/v1/players?limit=0", {}, [{ parameter: "limit" }]],
    ["a limit of 101", "/v1/players?limit=101", {}, [{ parameter: "limit" }]],
    ["a limit that is no number", "/v1/players?limit=1e1", {}, [{ parameter: "limit" }]],
    ["an unknown status", "/v1/players?status=sleeping", {}, [{ parameter: "status" }]],
    ["a cursor that is none", "/v1/players?cursor=abc", {}, [{ parameter: "cursor" }]],
    [
      "a cursor of a list by name",
      `/v1/players?cursor=${cursor(["0190f3c2-0000-7000-8000-000000000000", "a"])}`,
      {},
      [{ parameter: "cursor" }],
    ],
    [
      "a cursor of a list by id",
      `/v1/players?prefix=a&cursor=${cursor(["0190f3c2-0000-7000-8000-000000000000"])}`,
      {},
      [{ parameter: "cursor" }],
    ],
    [
      "a cursor with NUL in it",
      `/v1/players?prefix=a&cursor=${cursor(["0190f3c2-0000-7000-8000-000000000000", "\u0000"])}`,
      {},
      [{ parameter: "cursor" }],
    ],
    ["a cursor with another id", `/v1/players?cursor=${cursor(["x"])}`, {}, [{ parameter: "cursor" }]],
    [
      "a position that is none",
      "/v1/players",
      { "Rollcall-After": "eu-1:7" },
      [{ header: "rollcall-after" }],
    ],
    [
      "two positions without a comma",
      "/v1/players",
      { "Rollcall-After": `${"a".repeat(32)}:1 ${"b".repeat(32)}:1` },
      [{ header: "rollcall-after" }],
    ],
    [
      "seventeen positions",
      "/v1/players",
      {
        "Rollcall-After": Array(17)
          .fill(`${"a".repeat(32)}:1`)
          .join(", "),
      },
      [{ header: "rollcall-after" }],
    ],
    ["a wait that is no number", "/v1/players", { "Rollcall-Wait": "long" }, [{ header: "rollcall-wait" }]],
    ["a wait beyond 10 s", "/v1/players", { "Rollcall-Wait": "10001" }, [{ header: "rollcall-wait" }]],
  ];
  it.each(CASES)("%s", async (_title, path, headers, errors) => {
    const { status, body } = await supertest(world.app).get(path).set(headers);
    expect([status, body.code]).toEqual([400, "invalid-request"]);
    expect(body.errors).toMatchObject(errors);
    expect(body.errors).toHaveLength(errors.length);
    expect(world.log).toEqual([]);
  });

  it.each(["a".repeat(129), "a b", "é"])("an idempotency key that is none: %s", async (key) => {
    const before = world.registry.digest();
    const { status, body } = await supertest(world.app)
      .post("/v1/players")
      .set("Idempotency-Key", key)
      .send({});
    expect([status, body.errors]).toMatchObject([400, [{ header: "idempotency-key" }]]);
    expect(world.registry.digest()).toEqual(before);
  });

  it.each(["/v1/players/%zz", "/%zz", "/v1/players/%ff"])("a path encoded wrongly: %s", async (path) => {
    const { status, body } = await supertest(world.app).get(path);
    expect([status, body.code]).toEqual([400, "malformed-path"]);
  });

  it.each(["/", "/v1", "/v1/player", "/v1/players/", "/V1/players", "/v1/players/a/b"])(
    "a path that is not served: 404 for %s",
    async (path) => {
      const { status, body } = await supertest(world.app).get(path);
      expect([status, body.code]).toEqual([404, "path-not-found"]);
    },
  );

  it.each([
    ["put", "/v1/players", "POST, GET, HEAD"],
    ["put", "/v1/players/x", "GET, HEAD, PATCH, DELETE"],
    ["post", "/healthz", "GET, HEAD"],
    ["options", "/v1/players", "POST, GET, HEAD"],
  ] as const)("a method that is not served: 405 for %s %s", async (method, path, allow) => {
    const { status, body, headers } = await supertest(world.app)[method](path);
    expect([status, body.code, headers.allow]).toEqual([405, "method-not-allowed", allow]);
  });
});

describe("on the wire", () => {
  const server = createServer((request, response) => world.app(request, response));
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => server.close());

  async function send(...parts: readonly (string | Buffer)[]): Promise<string> {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    for (const part of parts) socket.write(part);
    socket.end();
    await once(socket, "close");
    return answer;
  }
  const turnOfServer = () => new Promise((resolve) => setImmediate(resolve));
  const HEAD =
    "POST /v1/players HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n";

  it("counts a body that is sent in chunks: 413", async () => {
    const before = world.registry.digest();
    const chunk = `1000\r\n${" ".repeat(0x1000)}\r\n`;
    const answer = await send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, chunk.repeat(9), "0\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(world.registry.digest()).toEqual(before);
  });

  it("takes a body of exactly 32 KiB, in pieces", async () => {
    const body = `{}${" ".repeat(32 * 1024 - 2)}`;
    const answer = await send(
      `${HEAD}Content-Length: ${body.length}\r\n\r\n`,
      body.slice(0, 1),
      body.slice(1),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    const one = await send(`${HEAD}Content-Length: ${body.length + 1}\r\n\r\n`, `${body} `);
    expect(one).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("reads a body that is too large to its end, so that its sender sees the answer", async () => {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    const closed = once(socket, "close");
    const piece = " ".repeat(1024);
    socket.write(`${HEAD}Content-Length: ${piece.length * 64}\r\n\r\n`);
    for (let piecesLeft = 64; piecesLeft > 0; piecesLeft--) {
      socket.write(piece);
      for (let turns = 0; turns < 5; turns++) await turnOfServer();
      if (piecesLeft > 1) expect(answer).toBe("");
    }
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("refuses a body of more than a megabyte without waiting for it", async () => {
    const head = `${HEAD}Content-Length: ${2 * 1024 * 1024}\r\n\r\n`;
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(head);
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it("outlives a client that goes away within its body, and stores nothing", async () => {
    const before = world.registry.digest();
    await send(`${HEAD}Content-Length: 50\r\n\r\n`, '{"username":"gone"}');
    expect(world.registry.digest()).toEqual(before);
    expect((await supertest(world.app).get("/healthz")).status).toBe(200);
    expect(world.log).toEqual([]);
  });

  it("answers a target that is no path with a 4xx", async () => {
    for (const target of ["*", "http://[", "//", "/v1/players?%", "/\\..\\x"]) {
      const answer = await send(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer, target).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
    expect(world.log).toEqual([]);
  });
});

function cursor(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

/** Keeps superagent from encoding what is sent. */
function asItIs(body: string): string {
  return body;
}
