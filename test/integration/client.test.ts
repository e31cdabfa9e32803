/** The client against a real server: every call that there is, and the examples of its documentation. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { type LocalServer, startLocalServer } from "../../src/cli/demo/local-server.ts";
import { createClient, ProblemError, type RollcallClient } from "../../src/client/client.ts";
import { ban } from "../../src/http/contract/ban.ts";
import { leaderboard, ratings } from "../../src/http/contract/board.ts";
import { playerExport } from "../../src/http/contract/export.ts";
import { joined, match, matchPage } from "../../src/http/contract/match.ts";
import { erased, player, playerPage } from "../../src/http/contract/player.ts";
import { reported } from "../../src/http/contract/report.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { examplesOf, runExample, typeCheck } from "../support/doc-examples.ts";
import { eventually } from "../support/eventually.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

const API_KEY = "key-of-a-back-end";
const PAGE = "docs/client.md";
const BUILT = fileURLToPath(new URL("../../dist/src/client", import.meta.url));

let database: TestDatabase;
let broker: TestBroker;
let folder: TemporaryFolder;
let server: LocalServer;
let client: RollcallClient;

beforeAll(async () => {
  database = await freshDatabase();
  broker = await startTestBroker();
  folder = await temporaryFolder("client");
  server = await startLocalServer({
    name: "eu-1",
    folder: folder.path,
    settings: {
      ROLLCALL_DATABASE_URL: database.url,
      ROLLCALL_BROKER_URL: broker.broker.url,
      ROLLCALL_CLUSTER_SECRET: "0123456789abcdef0123456789abcdef",
      ROLLCALL_API_KEYS: API_KEY,
      ROLLCALL_RATE_LIMIT: "off",
      ROLLCALL_ALLOW_UNSAFE_DATABASE: "on",
    },
  });
  // However busy the machine is, no call is repeated.
  client = createClient({ servers: [server.url], token: API_KEY, patienceMs: 30_000, timeoutMs: 30_000 });
});

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
  await broker?.remove();
  await database?.drop();
});

/** What the call gives is what the schema of its answer says. */
async function gives<Schema extends z.ZodType>(
  schema: Schema,
  call: Promise<unknown>,
): Promise<z.output<Schema>> {
  return schema.parse(await call);
}

describe("calls", () => {
  it("of players", async () => {
    const identity = { provider: "steam", subject: "a/b c" };
    const first = await client.players.register({ identity, username: "first" });
    expect(first.isNew).toBe(true);
    expect(player.parse(first.player)).toMatchObject({ username: "first", identities: [identity] });
    const again = await client.players.register({ identity, region: "eu" });
    expect([again.isNew, again.player.id, again.player.region]).toEqual([false, first.player.id, "eu"]);
    const { id } = first.player;

    await gives(player, client.players.edit(id, { metadata: { level: 7 } }));
    expect((await gives(player, client.players.get(id))).metadata).toEqual({ level: 7 });
    const { headers } = await client.call({ method: "GET", path: ["v1", "players", id] });
    const etag = headers.get("etag") ?? "";
    await client.players.edit(id, { region: null }, { ifMatch: etag });
    await expect(client.players.edit(id, { region: "us" }, { ifMatch: etag })).rejects.toMatchObject({
      code: "precondition-failed",
      afterUnknownOutcome: false,
    });

    await client.players.linkIdentity(id, { provider: "xbox", subject: ".x" });
    const linked = await client.players.unlinkIdentity(id, identity);
    expect(linked.identities).toEqual([{ provider: "xbox", subject: ".x" }]);
    const { id: banId } = await gives(ban, client.players.ban(id, { reason: "cheats" }));
    expect((await client.players.get(id)).status).toBe("banned");
    expect((await client.players.liftBan(id, banId)).status).toBe("active");
    await gives(playerExport, client.players.export(id));
    await gives(erased, client.players.erase(id));
    await expect(client.players.get(id)).rejects.toMatchObject({ code: "player-erased", status: 410 });
  });

  it("of lists, page after page", async () => {
    for (const number of [1, 2, 3]) await client.players.register({ username: `listed-${number}` });
    await gives(playerPage, client.players.list({ prefix: "listed-", limit: 2 }));
    const names: (string | null)[] = [];
    for await (const { username } of client.players.all({ prefix: "listed-", limit: 1 }))
      names.push(username);
    expect(names).toEqual(["listed-1", "listed-2", "listed-3"]);
  });

  it("of matches, reports and leaderboards", async () => {
    const [host, guest, late] = await Promise.all(
      [1, 2, 3].map(async () => (await client.players.register()).player.id),
    );
    if (!host || !guest || !late) throw new RangeError("three players were registered");
    const { id } = await gives(match, client.matches.create({ mode: "tested", capacity: 2, hostId: host }));
    await client.presence.announce({ playerId: host, matchId: id });
    expect((await gives(joined, client.matches.join(id, guest))).seat.status).toBe("seated");
    await expect(client.matches.join(id, late)).rejects.toMatchObject({ code: "match-full" });
    await gives(match, client.matches.leave(id, guest));
    await client.matches.join(id, guest);
    expect(await client.matches.list({ state: "open", mode: "tested" })).toMatchObject({ items: [{ id }] });
    expect((await gives(match, client.matches.start(id))).state).toBe("running");
    expect((await client.matches.start(id)).state).toBe("running");
    await expect(client.matches.join(id, late)).rejects.toMatchObject({ code: "match-not-open" });
    const ranks = { [host]: 1, [guest]: 2 };
    await client.matches.report(id, host, ranks);
    const { match: ended } = await gives(reported, client.matches.report(id, guest, ranks));
    expect(ended.result).toEqual({ status: "settled", ranks });
    await gives(matchPage, client.players.matches(host));
    await eventually(async () => {
      const { items } = await gives(leaderboard, client.leaderboards.get("tested"));
      expect(items.map(({ playerId }) => playerId)).toEqual([host, guest]);
    });
    expect((await gives(ratings, client.players.ratings(host))).items).toMatchObject([
      { mode: "tested", wins: 1 },
    ]);

    const other = await client.matches.create({ mode: "tested", capacity: 2 });
    expect((await client.matches.cancel(other.id)).state).toBe("cancelled");
    expect((await client.matches.get(other.id)).state).toBe("cancelled");
  });

  it("of what is wrong, with where", async () => {
    const wrong = client.players.register({ username: " x ", region: "e u" });
    await expect(wrong).rejects.toBeInstanceOf(ProblemError);
    await expect(wrong).rejects.toMatchObject({
      code: "invalid-request",
      pointers: ["/username", "/region"],
    });
    const stranger = createClient({ servers: [server.url], token: "no-key" });
    await expect(stranger.players.get("0190f3c2-0000-7000-8000-000000000000")).rejects.toMatchObject({
      code: "unauthorized",
      status: 401,
    });
  });

  it("that carry positions of many servers", async () => {
    const { player: written } = await client.players.register();
    const [position = ""] = client.positions.kept;
    const reading = createClient({
      servers: [server.url],
      positions: [position, position.replace(/:.*/, ":1")],
    });
    expect((await reading.players.get(written.id)).id).toBe(written.id);
    const other = `${"f".repeat(32)}:1`;
    const waiting = createClient({
      servers: [server.url],
      positions: [position, other],
      ownWrites: "require",
    });
    await expect(waiting.players.get(written.id, { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: "not-replicated-yet",
    });
  });
});

describe("documentation", async () => {
  const examples = await examplesOf(PAGE);

  it("has examples, of which most run", () => {
    expect(examples.filter(({ runs }) => runs).length).toBeGreaterThan(examples.length / 2);
  });

  it("has examples that the compiler accepts", async () => {
    expect(await typeCheck(examples)).toEqual({ exitCode: 0, output: "" });
  });

  it.each(examples.filter(({ runs }) => runs))("has example $number, which runs", async (example) => {
    const { exitCode, output } = await runExample(example, server.url);
    expect(exitCode, output).toBe(0);
  });
});

describe("what a browser loads", () => {
  it("is in the client's own folder, without any package or part of Node", () => {
    const files = readdirSync(BUILT).filter((name) => name.endsWith(".js"));
    expect(files).toContain("client.js");
    for (const name of files) {
      const text = readFileSync(join(BUILT, name), "utf8");
      const imported = Array.from(
        text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g),
        ([, target]) => target,
      );
      for (const target of imported) {
        expect(target, name).toMatch(/^\.\/[a-z-]+\.js$/);
        expect(files).toContain(target?.slice(2));
      }
    }
  });
});
