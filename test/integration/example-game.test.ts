/** The example game on real servers: bots meet, play and report, and every server has the same of it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Game } from "../../scripts/example-game/game.ts";
import { resultText } from "../../scripts/example-game/game-text.ts";
import { createClient } from "../../src/client/client.ts";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { expectConverged } from "../support/player-calls.ts";

const MATCHES = 6;
const LEADERS = { limit: 5 };

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(2);
});

afterAll(async () => {
  await cluster?.remove();
});

test("six bots play some matches; no call fails, and every server has the same leaderboard", async () => {
  const servers = cluster.servers.map(({ url }) => url);
  const game = new Game({ servers, bots: 6, seed: 3, speed: 20, matches: MATCHES });
  const result = await game.play();

  expect(Object.fromEntries(result.record.failures)).toEqual({});
  expect(result.players).toBe(6);
  expect(result.tally.played).toBeGreaterThanOrEqual(MATCHES);
  expect(result.leaders.length).toBeGreaterThan(1);
  expect(resultText(result)).toContain("failed                   none");
  await expectConverged(cluster.servers, cluster.opsToken);
  const boards = await cluster.everywhere(({ url }) =>
    createClient({ servers: [url] }).leaderboards.get(result.mode, LEADERS),
  );
  const rated = boards.items.reduce((sum, { matches }) => sum + matches, 0);
  expect(rated).toBeGreaterThan(0);

  const again = await new Game({ servers, bots: 6, seed: 3, speed: 20, matches: 1 }).play();
  expect(again.record.failed).toBe(0);
  const { items } = await createClient({ servers, token: cluster.apiKey }).players.list();
  expect(items.length, "the same seed is the same players").toBe(6);
});
