/** The operators' page of a cluster of two, in a real browser, and what a split left there: for one test file. */
import type { Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { openBrowser, type WatchedPage, watchedPage } from "./browser.ts";
import { startTestCluster, type TestCluster } from "./cluster.ts";
import { edit, expectConverged, granted, newPlayers } from "./player-calls.ts";

/** A page shows what it was told within so long, on the slowest machine. */
export const SHOWN_WITHIN_MS = 30_000;

export interface ConsoleScene {
  readonly cluster: TestCluster;
  /** A page of the second server, until the test ends. */
  opened(path: string, options?: Parameters<typeof watchedPage>[2]): Promise<WatchedPage>;
  /** The same, once somebody has signed in. */
  signedIn(path: string, options?: Parameters<typeof watchedPage>[2]): Promise<WatchedPage>;
  /** Goes to another path without signing in again. */
  go(page: Page, path: string): Promise<void>;
  remove(): Promise<void>;
}

export async function startConsoleScene(): Promise<ConsoleScene> {
  const cluster = await startTestCluster(2);
  const { url } = cluster.sides[1];
  const browser = await openBrowser().catch(async (error: unknown) => {
    await cluster.remove();
    throw error;
  });
  const opened: ConsoleScene["opened"] = async (path, options = {}) => {
    const watched = await watchedPage(browser, url, options);
    onTestFinished(() => watched.page.close());
    watched.page.setDefaultTimeout(SHOWN_WITHIN_MS);
    await watched.page.goto(`${url}/console${path}`);
    return watched;
  };
  return {
    cluster,
    opened,
    async signedIn(path, options) {
      const watched = await opened(path, options);
      await signIn(watched.page, cluster.opsToken);
      return watched;
    },
    async go(page, path) {
      await page.goto(`${url}/console${path}`);
    },
    async remove() {
      try {
        await browser.close();
      } finally {
        await cluster.remove();
      }
    },
  };
}

export async function signIn(page: Page, opsToken: string): Promise<void> {
  await page.getByLabel("Operators' token").fill(opsToken);
  await page.getByLabel("Your name").fill("Grace");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
}

export interface Contested {
  /** Claimed the name first, and has a region that was set on both sides. */
  readonly owner: string;
  /** Lost the name to that one. */
  readonly loser: string;
}

/** Two players who are known to both servers. */
export async function knownPlayers(cluster: TestCluster): Promise<Contested> {
  const [loser = "", owner = ""] = await newPlayers(cluster.sides[0], 2);
  await expectConverged(cluster.servers, cluster.opsToken);
  return { owner, loser };
}

/** Writes on both sides of a split, which is there already: one name for two players, one field twice. */
export async function contend(
  { sides: [left, right] }: TestCluster,
  { owner, loser }: Contested,
): Promise<void> {
  granted(await edit(left, owner, { username: "Ada", region: "eu" }));
  granted(await edit(right, loser, { username: "ada" }));
  granted(await edit(right, owner, { region: "us" }));
}

/** A split that left a conflict of a name and one of a field. */
export async function contestedPlayers(cluster: TestCluster): Promise<Contested> {
  const players = await knownPlayers(cluster);
  await cluster.split();
  await contend(cluster, players);
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);
  return players;
}

/** Nothing was logged as an error, and nothing asked for elsewhere. */
export function expectQuiet({ errors, strangers }: WatchedPage): void {
  expect([errors, strangers]).toEqual([[], []]);
}
