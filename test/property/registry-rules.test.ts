/**
 * Intents of every kind, spread over servers that hear of each other late, whole or in pieces; then all hear all. The
 * rules that join documents (CLM, MAT, RAT, ERA, HIS2) must have come to the same on every server, and on one that
 * got all entries from nobody but a log, in another order.
 */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import type { Entry } from "../../crdt/entry.ts";
import { RollcallError } from "../../crdt/errors.ts";
import { documentIdOfKey, playerIdOfIdentity } from "../../crdt/ids.ts";
import { MatchNotFoundError } from "../../src/registry/errors.ts";
import { seeded } from "../support/seeded.ts";
import { AUTHOR, deliver, REALM, startTestServer, type TestServer } from "../support/test-server.ts";

const PEOPLE = 5;
const MATCHES = 2;
const NAMES = ["Ada", "ada", "Bob"];
const MODES = ["duel", "duel"];

function identity(person: number) {
  return { provider: "device", subject: `person-${person}` };
}

function playerId(person: number): string {
  return playerIdOfIdentity(REALM, identity(person));
}

function matchId(match: number): string {
  return documentIdOfKey(REALM, "match", `match-${match}`);
}

interface Step {
  readonly type: (typeof TYPES)[number];
  readonly at: number;
  readonly person: number;
  readonly other: number;
  readonly match: number;
  readonly pick: number;
  /** The wall clock of the acting server moves so far, milliseconds. */
  readonly ms: number;
}

const TYPES = [
  "register",
  "register",
  "rename",
  "link",
  "unlink",
  "ban",
  "unban",
  "merge",
  "erase",
  "create",
  "join",
  "join",
  "leave",
  "start",
  "start",
  "cancel",
  "expire",
  "report",
  "report",
  "report",
  "settle",
  "deliver",
  "deliver",
] as const;

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom(...TYPES),
  at: fc.nat(3),
  person: fc.nat(PEOPLE - 1),
  other: fc.nat(PEOPLE - 1),
  match: fc.nat(MATCHES - 1),
  pick: fc.nat(5),
  ms: fc.integer({ min: -2, max: 5 }),
});

const EXPECTED = [
  ...["username", "identity", "seat", "result"].map((kind) => `conflict: ${kind}`),
  ...["open", "running", "finished", "cancelled", "expired"].map((state) => `match: ${state}`),
  ...["pending", "settled", "disputed"].map((status) => `result: ${status}`),
  ...["overflow", "rated", "rated as another"],
];

const NOTHING = { at: 0, person: 0, other: 0, match: 0, pick: NAMES.length, ms: 1 };

/** Most people are known on two servers and both matches on one, or hardly anything would be possible. */
const BEGINNING: readonly Step[] = [
  ...[0, 1, 2, 3].map((person) => ({ ...NOTHING, type: "register" as const, person })),
  ...[0, 1].map((match) => ({ ...NOTHING, type: "create" as const, match, person: match })),
  { ...NOTHING, type: "deliver", other: 1, pick: 0 },
];

/** The last seat of one match is taken on both sides; the players of the other report opposite results there. */
const CONTEST: readonly Step[] = [
  { ...NOTHING, type: "join", at: 0, person: 2, match: 0 },
  { ...NOTHING, type: "join", at: 1, person: 3, match: 0 },
  { ...NOTHING, type: "join", at: 0, person: 2, match: 1 },
  { ...NOTHING, type: "start", at: 0, match: 1 },
  { ...NOTHING, type: "deliver", at: 0, other: 1, pick: 0 },
  { ...NOTHING, type: "report", at: 0, person: 0, match: 1, pick: 0 },
  { ...NOTHING, type: "report", at: 1, person: 1, match: 1, pick: 1 },
];

async function act(server: TestServer, servers: readonly TestServer[], given: Step): Promise<void> {
  const { registry, wall } = server;
  const { players, matches } = registry;
  const id = playerId(given.person);
  const match = matchId(given.match);
  wall.nowMs += given.ms;
  switch (given.type) {
    case "register": {
      const username = NAMES[given.pick];
      const fields = username === undefined ? {} : { username };
      await players.register({ identity: identity(given.person), fields }, AUTHOR);
      return;
    }
    case "rename":
      await players.edit(id, { username: NAMES[given.pick] ?? null }, AUTHOR);
      return;
    case "link":
      await players.linkIdentity(id, identity(given.other), AUTHOR);
      return;
    case "unlink":
      await players.unlinkIdentity(id, identity(given.other), AUTHOR);
      return;
    case "ban":
      await players.ban(id, { reason: "cheating", untilMs: null }, AUTHOR);
      return;
    case "unban": {
      const { player } = await players.read(id);
      const ban = player.bans[given.pick % Math.max(1, player.bans.length)];
      if (ban) await players.liftBan(id, ban.id, AUTHOR);
      return;
    }
    case "merge":
      await players.merge(id, playerId(given.other), AUTHOR);
      return;
    case "erase":
      // Seldom, or nobody would be left.
      if (given.pick === 0) await players.erase(id, AUTHOR);
      return;
    case "create":
      await matches.create(
        {
          mode: MODES[given.match] ?? "duel",
          capacity: 2,
          hostId: id,
          idempotencyKey: `match-${given.match}`,
        },
        AUTHOR,
      );
      return;
    case "join":
      await matches.join(match, id, AUTHOR);
      return;
    case "leave":
      await matches.leave(match, id, AUTHOR);
      return;
    case "start":
      await matches.start(match, AUTHOR);
      return;
    case "cancel":
      if (given.pick === 0) await matches.cancel(match, AUTHOR);
      return;
    case "expire":
      if (given.pick !== 0) return;
      wall.nowMs += 70_000;
      await registry.expirySweep.run(AUTHOR);
      return;
    case "report":
    case "settle": {
      const { seats } = (await registry.matchReads.read(match)).match;
      const seated = seats.filter(({ status }) => status === "seated").map((seat) => seat.playerId);
      const ranks = Object.fromEntries(seated.map((seat, index) => [seat, ((index + given.pick) % 2) + 1]));
      if (given.type === "settle") await matches.settle(match, { ranks, reason: "seen" }, AUTHOR);
      else
        await matches.report(match, seated[given.person % Math.max(1, seated.length)] ?? id, ranks, AUTHOR);
      return;
    }
    case "deliver":
      await tell(server, servers[given.other % servers.length] ?? server, given.pick);
  }
}

/** All that one server holds, or the next few entries of one origin. */
async function tell(from: TestServer, to: TestServer, pick: number): Promise<void> {
  if (pick < 3) return deliver(from, to);
  const origins = [...from.registry.vector.keys()];
  const origin = origins[pick % Math.max(1, origins.length)];
  if (!origin) return;
  const held = to.registry.vector.get(origin) ?? 0;
  const missing = (await from.entries(origin)).filter(({ sequence }) => sequence > held);
  await to.registry.receive(missing.slice(0, pick));
}

/** How often the servers came to what the rules are about; a property that never does shows nothing. */
const seen = new Map<string, number>();

function count(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

function countAll({ matches, board, conflicts }: Awaited<ReturnType<typeof visible>>): void {
  for (const { kind } of conflicts) count(`conflict: ${kind}`);
  for (const { match, ratedAs } of matches) {
    count(`match: ${match.state}`);
    count(`result: ${match.result.status}`);
    if (match.seats.some(({ status }) => status === "overflow")) count("overflow");
    if (Object.keys(ratedAs).length > 0) count("rated as another");
  }
  if (board.length > 0) count("rated");
}

afterAll(() => {
  for (const what of EXPECTED) expect(seen.get(what) ?? 0, `it must come to: ${what}`).toBeGreaterThan(0);
});

/** By their ids: which open ones are listed is each server's own view of who is silent (MAT4). */
async function allMatches({ matchReads }: TestServer["registry"]) {
  const ids = Array.from({ length: MATCHES }, (_, match) => matchId(match));
  const reads = await Promise.allSettled(ids.map((id) => matchReads.read(id)));
  return reads.flatMap((read) => {
    if (read.status === "fulfilled") return [read.value];
    if (read.reason instanceof MatchNotFoundError) return [];
    throw read.reason;
  });
}

/** What a person would compare: owners, seats, results, ratings, conflicts. */
async function visible({ registry }: TestServer) {
  await registry.boards.folded(5_000);
  const { items: players } = await registry.players.list({ limit: 100 });
  const matches = await allMatches(registry);
  const { items: conflicts } = await registry.conflicts({ limit: 100 });
  return {
    players: players.map(({ player, handle, status }) => ({ player, handle, status })),
    matches: matches.map(({ match, ratedAs }) => ({ match, ratedAs })),
    board: (await registry.boards.leaderboard({ mode: "duel", limit: 100 })).items,
    conflicts,
    digest: registry.digest().stateDigest,
    heads: registry.digest().headsDigest,
  };
}

it("[CLM1] [CLM4] [MAT2] [MAT3] [RAT1] [RAT2] [ERA1] [HIS2] names, seats, results, ratings and conflicts agree after any split", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 4 }),
      fc.boolean(),
      fc.array(step, { minLength: 20, maxLength: 60, size: "max" }),
      fc.infiniteStream(fc.nat(1_000)),
      async (count, isContested, steps, choices) => {
        const servers = await Promise.all(
          Array.from({ length: count }, (_, index) => startTestServer({ number: index + 1 })),
        );
        for (const given of [...BEGINNING, ...(isContested ? CONTEST : []), ...steps]) {
          const server = servers[given.at % count] as TestServer;
          try {
            await act(server, servers, given);
          } catch (error) {
            if (!(error instanceof RollcallError) || error.code === "invariant") throw error;
          }
        }
        for (let round = 0; round < 2; round++) {
          for (const from of servers) for (const to of servers) if (from !== to) await deliver(from, to);
        }
        const nowMs = Math.max(...servers.map(({ wall }) => wall.nowMs));
        for (const { wall } of servers) wall.nowMs = nowMs;
        const [first] = servers as [TestServer, ...TestServer[]];
        const expected = await visible(first);
        countAll(expected);
        for (const server of servers) {
          expect(server.trouble).toEqual([]);
          expect(await visible(server)).toEqual(expected);
        }
        const stranger = await startTestServer({ number: 9 });
        stranger.wall.nowMs = nowMs;
        await receiveInPieces(first, stranger, choices);
        expect(await visible(stranger)).toEqual(expected);
        await Promise.all([...servers, stranger].map(({ registry }) => registry.close()));
      },
    ),
    seeded(60),
  );
});

/** All entries of one server, some of one origin after some of another. */
async function receiveInPieces(from: TestServer, to: TestServer, choices: fc.Stream<number>): Promise<void> {
  const queues: Entry[][] = [];
  for (const origin of from.registry.vector.keys()) queues.push(await from.entries(origin));
  for (const choice of choices) {
    const left = queues.filter(({ length }) => length > 0);
    if (left.length === 0) return;
    const queue = left[choice % left.length] as Entry[];
    await to.registry.receive(queue.splice(0, 1 + (choice % 3)));
  }
}
