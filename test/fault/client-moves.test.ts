/**
 * Players go on with the client while servers are killed and frozen one after the other: no call fails, each reads
 * what it wrote, and nobody is registered twice. `ROLLCALL_TEST_MOVING_SECONDS=60` makes it longer than 20 s.
 */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocalServer } from "../../src/cli/demo/local-server.ts";
import { createClient, type RollcallClient } from "../../src/client/client.ts";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { allPlayerIds, expectConverged } from "../support/player-calls.ts";

const SECONDS = Number(process.env.ROLLCALL_TEST_MOVING_SECONDS ?? 20);
const PLAYERS = 4;
/** A game's pace. */
const PAUSE_MS = 10;
/** How many rounds of calls players go on without the server, if it holds nothing that only it has. */
const ROUNDS_WITHOUT = 10;
const WITHOUT_MS_MAX = 3_000;
/** For a server to come back with what only it has, on a slow machine. */
const CALL_MS_MAX = 45_000;

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(3, "each");
});

afterAll(async () => {
  await cluster?.remove();
});

/** One who registers new players, edits them and reads them back, until told to stop. */
class Game {
  rounds = 0;
  readonly playerIds: string[] = [];
  readonly failures: unknown[] = [];
  /** What was read where something else had been written. */
  readonly stale: unknown[] = [];
  /** Codes of what was made good. */
  readonly troubles = new Set<string>();
  readonly #client: RollcallClient;
  #isOver = false;

  constructor(servers: readonly LocalServer[]) {
    this.#client = createClient({
      servers: servers.map(({ url }) => url),
      ownWrites: "require",
      timeoutMs: CALL_MS_MAX,
      onTrouble: ({ code }) => this.troubles.add(code),
    });
  }

  async play(): Promise<void> {
    while (!this.#isOver) {
      try {
        await this.#round();
      } catch (error) {
        this.failures.push(error);
      }
      this.rounds++;
      await delay(PAUSE_MS);
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async #round(): Promise<void> {
    const { players } = this.#client;
    const { player } = await players.register({ displayName: "Ada" });
    this.playerIds.push(player.id);
    for (const level of [1, 2]) {
      await players.edit(player.id, { metadata: { level } });
      const { metadata } = await players.get(player.id);
      if (metadata.level !== level) this.stale.push({ id: player.id, wrote: level, read: metadata.level });
    }
  }
}

test(
  "[ID2] servers are killed and frozen one after the other, and the players notice nothing",
  async () => {
    const games = Array.from({ length: PLAYERS }, () => new Game(cluster.servers));
    const playing = games.map((game) => game.play());
    const until = performance.now() + SECONDS * 1_000;
    let faults = 0;
    while (performance.now() < until) {
      const server = cluster.servers[faults % 3];
      if (!server) throw new RangeError("three servers were started");
      await (faults % 2 === 0 ? killed(server, games) : frozen(server, games));
      faults++;
    }
    for (const game of games) game.end();
    await Promise.all(playing);

    expect(games.flatMap(({ failures }) => failures)).toEqual([]);
    expect(games.flatMap(({ stale }) => stale)).toEqual([]);
    expect(faults).toBeGreaterThan(2);
    for (const { rounds } of games) expect(rounds).toBeGreaterThan(ROUNDS_WITHOUT);
    // Servers were lost under calls that were under way.
    const lost = new Set(games.flatMap(({ troubles }) => [...troubles]));
    expect([...lost]).toEqual(expect.arrayContaining(["server-unreachable"]));
    await expectConverged(cluster.servers, cluster.opsToken);
    const expected = games.flatMap(({ playerIds }) => playerIds).sort();
    expect(new Set(expected).size).toBe(expected.length);
    expect((await cluster.everywhere(allPlayerIds)).sort()).toEqual(expected);
  },
  (SECONDS + 180) * 1_000,
);

async function killed(server: LocalServer, games: readonly Game[]): Promise<void> {
  await server.kill();
  await goOn(games);
  await server.start();
  await goOn(games);
}

async function frozen(server: LocalServer, games: readonly Game[]): Promise<void> {
  server.signal("SIGSTOP");
  await goOn(games);
  server.signal("SIGCONT");
  await goOn(games);
}

/** Until every game has gone on for some rounds, or waits for what only the server that is away has. */
async function goOn(games: readonly Game[]): Promise<void> {
  const until = performance.now() + WITHOUT_MS_MAX;
  const wanted = games.map(({ rounds }) => rounds + ROUNDS_WITHOUT);
  while (performance.now() < until && games.some(({ rounds }, index) => rounds < (wanted[index] ?? 0))) {
    await delay(PAUSE_MS);
  }
}
