/**
 * The operators' page in a real browser on real servers: a split and its healing, a name that was lost in it, why,
 * and putting it back.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { graveFaultsOf, openBrowser, type WatchedPage, watchedPage } from "../support/browser.ts";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { edit, expectConverged, granted, newPlayers, player } from "../support/player-calls.ts";

/** A page shows what it was told within so long, on the slowest machine. */
const SHOWN_WITHIN_MS = 30_000;

let cluster: TestCluster;
let browser: Browser;
/** Of the name: who claimed it first, and who lost it to that one. */
let owner: string;
let loser: string;

beforeAll(async () => {
  cluster = await startTestCluster(2);
  browser = await openBrowser();
  [loser = "", owner = ""] = await newPlayers(cluster.sides[0], 2);
  await expectConverged(cluster.servers, cluster.opsToken);
});

afterAll(async () => {
  await browser?.close();
  await cluster?.remove();
});

async function opened(path: string, options: Parameters<typeof watchedPage>[2] = {}): Promise<WatchedPage> {
  const { url } = cluster.sides[1];
  const watched = await watchedPage(browser, url, options);
  onTestFinished(() => watched.page.close());
  watched.page.setDefaultTimeout(SHOWN_WITHIN_MS);
  await watched.page.goto(`${url}/console${path}`);
  return watched;
}

async function signIn(page: Page, operator = "Grace"): Promise<void> {
  await page.getByLabel("Operators' token").fill(cluster.opsToken);
  await page.getByLabel("Your name").fill(operator);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
}

describe("the operators' page", () => {
  it("[HIS3] shows a split, why a name was lost in it, and puts it back on every server", async () => {
    const [left, right] = cluster.sides;
    const watched = await opened("/cluster");
    const { page } = watched;
    await signIn(page);
    const servers = page.getByRole("table", { name: "Servers" });
    await servers.getByText(left.name).waitFor();

    await cluster.split();
    await page
      .locator("table")
      .getByText(/suspect|down/)
      .first()
      .waitFor();
    granted(await edit(left, owner, { username: "Ada", region: "eu" }));
    granted(await edit(right, loser, { username: "ada" }));
    granted(await edit(right, owner, { region: "us" }));
    await page.getByRole("link", { name: "Conflicts" }).click();
    await page.getByText("Nothing had to be decided.").waitFor();

    await cluster.heal();
    await expectConverged(cluster.servers, cluster.opsToken);
    // It was told by an event: nobody loaded it again.
    const conflict = page.locator("details", { hasText: "username" });
    await conflict.waitFor();
    await conflict.locator("summary").click();
    await conflict.getByText("the earliest claim").waitFor();
    await conflict.getByRole("link", { name: loser.slice(-8) }).click();
    await page
      .getByText(/name .*(?:belongs|taken|owned|lost)/i)
      .first()
      .waitFor();
    await page.getByText("lost", { exact: true }).first().waitFor();

    granted(await edit(right, loser, { username: "ada-2" }));
    granted(await edit(left, owner, { username: "Lovelace" }));
    await expectConverged(cluster.servers, cluster.opsToken);
    await page.getByRole("link", { name: "History" }).click();
    const lost = page.getByRole("option", { name: 'set username to "ada"' });
    await lost.click();
    await page.getByRole("heading", { name: /^Change / }).waitFor();
    await page.locator(".sets li", { hasText: "username" }).getByRole("button", { name: "Put back" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("will be set to").waitFor();
    await dialog.getByLabel("Why").fill("it was hers");
    await dialog.getByRole("button", { name: "Put it back" }).click();
    await page.getByRole("option", { name: "put back" }).waitFor();
    await expectConverged(cluster.servers, cluster.opsToken);
    for (const server of cluster.servers) {
      expect((await player(server, loser)).body).toMatchObject({ username: "ada", handle: "ada" });
    }

    await page.getByRole("link", { name: "Audit" }).click();
    await page.getByRole("row", { name: /restore.*Grace \(ops\).*it was hers/ }).waitFor();
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });

  it("compares two changes, and shows the record at any point", async () => {
    const watched = await opened(`/documents/${owner}`);
    const { page } = watched;
    await signIn(page);
    await page.getByRole("option", { name: 'set username to "Ada"' }).click();
    await page.getByRole("button", { name: "Compare others with this" }).click();
    await page.getByRole("option", { name: /^\w+ ◆? ?.*registered/ }).click();
    const diff = page.getByRole("region", { name: "Comparison" });
    await diff.getByText("region").waitFor();
    expect(new URL(page.url()).searchParams.get("compare")).toMatch(/^[0-9a-f]{64}$/);
    const record = page.getByRole("region", { name: "The record at a point" });
    await record.getByText("homeServer").waitFor();
    expect(await record.getByText("username").count()).toBe(0);
    await record.getByRole("slider").press("End");
    await record.getByText("Lovelace").waitFor();
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });

  it("signs in, and opens a conflict, by the keys alone; says why a token is refused", async () => {
    const watched = await opened("/conflicts");
    const { page } = watched;
    await page.getByLabel("Operators' token").focus();
    await page.keyboard.type("nonsense");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("none that this server knows").waitFor();
    await page.getByLabel("Operators' token").fill("");
    await page.getByLabel("Operators' token").focus();
    await page.keyboard.type(cluster.opsToken);
    await page.keyboard.press("Enter");
    const summary = page.locator("summary").first();
    await summary.waitFor();
    for (let tabs = 0; tabs < 40; tabs++) {
      await page.keyboard.press("Tab");
      if (await summary.evaluate((element) => element === element.ownerDocument.activeElement)) break;
    }
    await page.keyboard.press("Enter");
    await page.getByText("Decided by").waitFor();
    await page.reload();
    await page.getByText("Decided by").waitFor();
    // The refused token is the one thing that the browser itself logged.
    expect(watched.errors.filter((text) => !text.includes("401"))).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });

  it.each([
    { width: 1_440, dark: false },
    { width: 1_440, dark: true },
    { width: 390, dark: false },
    { width: 390, dark: true },
  ])("can be read by everybody: $width pixels, dark: $dark", async (options) => {
    const watched = await opened("/cluster", options);
    const { page } = watched;
    expect(await graveFaultsOf(page)).toEqual([]);
    await signIn(page);
    for (const path of [
      "/cluster",
      "/players",
      `/players/${owner}`,
      "/matches",
      "/leaderboards?mode=duel",
      `/documents/${owner}`,
      "/conflicts",
      "/audit",
      "/nowhere",
    ]) {
      await page.goto(`${new URL(page.url()).origin}/console${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.getByText("Loading …").first().waitFor({ state: "detached" });
      expect([path, await graveFaultsOf(page)]).toEqual([path, []]);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect([path, overflow]).toEqual([path, 0]);
    }
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });
});
