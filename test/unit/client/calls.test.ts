/** What each method sends: method, path, query and body; what errors and options say. */
import { describe, expect, it } from "vitest";
import {
  createClient,
  InvalidArgumentError,
  ProblemError,
  type RollcallClient,
} from "../../../src/client/client.ts";
import { problemAnswer } from "../../support/problem-response.ts";
import { answering, type Script, scriptedNetwork } from "../../support/scripted-network.ts";

const A = "https://a.example/game";
const ORIGIN = "https://a.example";

function world(script: Script = answering({ items: [], next: null })) {
  const network = scriptedNetwork({ [ORIGIN]: script });
  return { network, client: createClient({ servers: [`${A}/`], fetch: network.fetch }) };
}

describe("a call", () => {
  const CASES: readonly [string, (client: RollcallClient) => Promise<unknown>, unknown?][] = [
    ["POST /v1/players", (c) => c.players.register({ username: "ada" }), { username: "ada" }],
    ["GET /v1/players/1", (c) => c.players.get("1")],
    ["GET /v1/players?prefix=a%26b&limit=5", (c) => c.players.list({ prefix: "a&b", limit: 5 })],
    ["PATCH /v1/players/1", (c) => c.players.edit("1", { region: null }), { region: null }],
    [
      "PUT /v1/players/1/identities/steam/a%2Fb",
      (c) => c.players.linkIdentity("1", { provider: "steam", subject: "a/b" }),
    ],
    [
      "DELETE /v1/players/1/identities/steam/2",
      (c) => c.players.unlinkIdentity("1", { provider: "steam", subject: "2" }),
    ],
    ["DELETE /v1/players/1?ack=2", (c) => c.players.erase("1", { ack: 2 })],
    ["GET /v1/players/1/export", (c) => c.players.export("1")],
    ["GET /v1/players/1/ratings", (c) => c.players.ratings("1")],
    ["GET /v1/players/1/matches?limit=2", (c) => c.players.matches("1", { limit: 2 })],
    ["POST /v1/players/1/bans", (c) => c.players.ban("1", { reason: "x" }), { reason: "x" }],
    ["DELETE /v1/players/1/bans/2", (c) => c.players.liftBan("1", "2")],
    [
      "POST /v1/matches",
      (c) => c.matches.create({ mode: "duel", capacity: 2 }),
      { mode: "duel", capacity: 2 },
    ],
    ["GET /v1/matches/1", (c) => c.matches.get("1")],
    ["GET /v1/matches?state=open&mode=duel", (c) => c.matches.list({ state: "open", mode: "duel" })],
    ["PUT /v1/matches/1/players/2", (c) => c.matches.join("1", "2")],
    ["DELETE /v1/matches/1/players/2", (c) => c.matches.leave("1", "2")],
    ["POST /v1/matches/1/start", (c) => c.matches.start("1")],
    ["POST /v1/matches/1/cancel", (c) => c.matches.cancel("1")],
    ["PUT /v1/matches/1/reports/2", (c) => c.matches.report("1", "2", { 2: 1 }), { ranks: { 2: 1 } }],
    ["PUT /v1/presence", (c) => c.presence.announce({ matchId: "1" }), { matchId: "1" }],
    ["GET /v1/leaderboards?limit=3", (c) => c.leaderboards.modes({ limit: 3 })],
    ["GET /v1/leaderboards/duel?limit=3", (c) => c.leaderboards.get("duel", { limit: 3 })],
    ["GET /v1/positions/o%3A1", (c) => c.positions.get("o:1")],
    ["GET /v1/cluster", (c) => c.call({ method: "GET", path: ["v1", "cluster"] })],
  ];

  it.each(CASES)("%s", async (line, make, body) => {
    const { network, client } = world();
    await make(client);
    const [seen, ...others] = network.calls;
    expect(others).toEqual([]);
    expect(`${seen?.method} ${seen?.path.replace("/game", "")}`).toBe(line);
    expect(seen?.path).toMatch(/^\/game\/v1\//);
    expect(seen?.body).toEqual(body);
  });

  it("sends a patch as what it is, and what it is based on", async () => {
    const { network, client } = world();
    await client.players.edit("1", { region: "eu" }, { ifMatch: '"abc"' });
    const headers = network.calls[0]?.headers;
    expect(headers?.get("content-type")).toBe("application/merge-patch+json");
    expect(headers?.get("if-match")).toBe('"abc"');
  });

  it.each(["", ".", ".."])("refuses an id that would make another call of it: %j", async (id) => {
    const { network, client } = world();
    await expect(client.players.erase(id)).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(network.calls).toEqual([]);
  });
});

describe("a list", () => {
  it("is read page after page, as far as it is wanted", async () => {
    const { network, client } = world(({ path }) => {
      const page = Number(new URL(path, ORIGIN).searchParams.get("cursor") ?? 0);
      return Response.json({ items: [{ rank: 2 * page }, { rank: 2 * page + 1 }], next: String(page + 1) });
    });
    const ranks: number[] = [];
    for await (const { rank } of client.leaderboards.all("duel", { limit: 2 })) {
      ranks.push(rank);
      if (rank === 4) break;
    }
    expect(ranks).toEqual([0, 1, 2, 3, 4]);
    expect(network.calls.map(({ path }) => path.split("?")[1])).toEqual([
      "limit=2",
      "limit=2&cursor=1",
      "limit=2&cursor=2",
    ]);
  });

  it("ends with its last page", async () => {
    const { client } = world(answering({ items: [{ id: "1" }], next: null }));
    const ids: string[] = [];
    for await (const { id } of client.players.all()) ids.push(id);
    expect(ids).toEqual(["1"]);
  });
});

describe("an error", () => {
  it("says what was wrong with the input, and where", async () => {
    const faults = [
      { pointer: "/metadata/level", detail: "must be a number" },
      { parameter: "limit", detail: "must be less" },
    ];
    const { client } = world(() => problemAnswer(400, "invalid-request", {}, faults));
    const refused = await client.players.register().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({
      name: "ProblemError",
      code: "invalid-request",
      status: 400,
      retryable: false,
      requestId: "request-1",
      pointers: ["/metadata/level"],
      faults,
      message: "invalid-request: it is invalid-request",
      afterUnknownOutcome: false,
    });
  });

  it("is typed, too, when something else than Rollcall answers", async () => {
    const { client } = world(() => new Response("<html>", { status: 404 }));
    await expect(client.players.get("1")).rejects.toMatchObject({ code: "unexpected-answer", status: 404 });
  });
});

describe("options", () => {
  it.each<[string, object]>([
    ["servers", { servers: [] }],
    ["servers", { servers: ["a.example"] }],
    ["servers", { servers: ["ftp://a.example"] }],
    ["servers", { servers: ["https://name:word@a.example"] }],
    ["patienceMs", { servers: [A], patienceMs: 100 }],
    ["timeoutMs", { servers: [A], timeoutMs: Number.NaN }],
  ])("that cannot work are refused by name: %s in %j", (argument, options) => {
    const make = () => createClient(options as { servers: string[] });
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(argument);
  });
});
