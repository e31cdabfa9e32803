/**
 * The operators' page in a real browser on real servers: a split and its healing, a name that was lost in it, why,
 * and putting it back.
 */
import { readdir } from "node:fs/promises";
import { get } from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { graveFaultsOf, openBrowser, type WatchedPage, watchedPage } from "../support/browser.ts";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { createdMatch, join, match, reported, startedMatch } from "../support/match-calls.ts";
import { call, edit, expectConverged, granted, newPlayers, player } from "../support/player-calls.ts";

/** A page shows what it was told within so long, on the slowest machine. */
const SHOWN_WITHIN_MS = 30_000;
/** Where the build of the page is. */
const BUILT = new URL("../../dist/console/", import.meta.url);
const BUNDLE_KB_MAX = 250;
const BYTES_PER_KB = 1_000;
const LONG_HISTORY = 5_000;
const EDITS_AT_ONCE = 16;
const LONG_HISTORY_WITHIN_MS = 180_000;

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
    await conflict
      .getByRole("link", { name: `ada#${loser.slice(-4)}` })
      .first()
      .click();
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
    await record.getByText("username").waitFor({ state: "detached" });
    await record.getByText("homeServer").waitFor();
    await record.getByRole("slider").press("End");
    await record.getByText("Lovelace").waitFor();
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });

  it("signs in, and opens a conflict, by the keys alone; says why a token is refused", async () => {
    const watched = await opened("/conflicts");
    const { page } = watched;
    await page.locator("input[name=token]:focus").waitFor();
    await page.keyboard.type("nonsense");
    await page.keyboard.press("Enter");
    const refusal = page.getByRole("alert").getByText("none that this server knows");
    await refusal.waitFor();
    const field = page.getByLabel("Operators' token");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await field.getAttribute("aria-describedby")).toContain(await refusal.getAttribute("id"));
    expect(await graveFaultsOf(page)).toEqual([]);
    // What was refused is selected, so that typing replaces it.
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

  it("can be read by everybody: a match, a conflict that is open, and the question before a value is put back", async () => {
    const [left] = cluster.sides;
    const { id } = await startedMatch(left, "duel", [owner, loser]);
    await expectConverged(cluster.servers, cluster.opsToken);
    for (const dark of [false, true]) {
      const watched = await opened(`/matches/${id}`, { width: 390, dark });
      const { page } = watched;
      await signIn(page);
      await page.getByRole("table", { name: "Players of the match" }).waitFor();
      expect(await graveFaultsOf(page)).toEqual([]);
      await page.goto(`${new URL(page.url()).origin}/console/conflicts`);
      await page.locator("summary", { hasText: "region" }).click();
      await page.getByText("Decided by").waitFor();
      expect(await graveFaultsOf(page)).toEqual([]);
      await page.getByRole("button", { name: "Put back" }).click();
      await page.getByRole("dialog").getByText("will be set to").waitFor();
      expect(await graveFaultsOf(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      expect([watched.errors, watched.strangers]).toEqual([[], []]);
    }
  });

  it("[CLM3] puts the other back from an opened conflict, whatever its rule, or says why not", async () => {
    const [left, right] = cluster.sides;
    const [first = "", second = "", third = ""] = await newPlayers(left, 3);
    const full = await createdMatch(left, { mode: "squad", capacity: 2 });
    granted(await join(left, full.id, first));
    const played = await startedMatch(left, "duel", [first, second]);
    await expectConverged(cluster.servers, cluster.opsToken);
    await cluster.split();
    granted(await edit(left, first, { username: "Turing" }));
    granted(await edit(right, second, { username: "turing" }));
    granted(await join(left, full.id, second));
    granted(await join(right, full.id, third));
    await reported(left, played.id, first, { [first]: 1, [second]: 2 });
    await reported(right, played.id, second, { [first]: 2, [second]: 1 });
    for (const [side, id] of [
      [left, second],
      [right, third],
    ] as const) {
      const url = `${side.url}/v1/players/${id}/identities/steam/76561197960287930`;
      granted(await call("PUT", url, { token: cluster.apiKey }));
    }
    await cluster.heal();
    await expectConverged(cluster.servers, cluster.opsToken);

    const watched = await opened("/conflicts");
    const { page } = watched;
    await signIn(page);
    const dialog = page.getByRole("dialog");
    const open = async (kind: string): Promise<void> => {
      await page.getByLabel("Rule").selectOption(kind);
      await page
        .locator(".conflicts > li", { hasNot: page.locator(`.is-${kind}`) })
        .waitFor({ state: "detached" });
      await page.locator("summary").first().click();
      await page.getByText("Decided by").waitFor();
    };
    const isOver = page.getByText("The conflict that was opened is over");

    await open("username");
    await page.getByRole("button", { name: "Give it the name" }).click();
    await dialog.getByText("gives it up").waitFor();
    expect(await graveFaultsOf(page)).toEqual([]);
    await dialog.getByLabel("Why").fill("hers by right");
    await dialog.getByRole("button", { name: "Give it the name" }).click();
    await isOver.waitFor();

    await open("seat");
    await page.getByText("No seat is free.").waitFor();
    expect(await page.locator(".candidates").getByRole("button").count()).toBe(0);

    await open("result");
    await page.getByRole("button", { name: "Settle on this" }).last().click();
    await dialog.getByRole("button", { name: "Settle on this" }).click();
    // Why has to be said.
    await dialog.getByLabel("Why").fill("it was filmed");
    await dialog.getByRole("button", { name: "Settle on this" }).click();
    await page.getByText("An operator settled it").first().waitFor();

    await open("identity");
    await page.getByRole("button", { name: "Merge the players" }).click();
    await dialog.getByText("cannot be undone").waitFor();
    await dialog.getByRole("button", { name: "Merge them" }).click();
    await isOver.waitFor();

    await expectConverged(cluster.servers, cluster.opsToken);
    for (const server of cluster.servers) {
      expect((await player(server, first)).body).toMatchObject({ username: null });
      expect((await player(server, second)).body).toMatchObject({ username: "turing", handle: "turing" });
      expect((await player(server, third)).body).toMatchObject({ id: second });
      expect((await match(server, played.id)).result).toMatchObject({ status: "settled" });
    }
    await page.goto(`${new URL(page.url()).origin}/console/audit?documentId=${first}`);
    await page.getByRole("row", { name: /restore.*Grace \(ops\).*hers by right/ }).waitFor();
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });

  it("filters conflicts by time and record, and marks all changes that met another", async () => {
    const watched = await opened(`/documents/${owner}`);
    const { page } = watched;
    await signIn(page);
    await page.getByRole("option", { name: "◆" }).first().click();
    await page.getByRole("link", { name: "the conflict" }).click();
    await page.getByText("Decided by PLY1").waitFor();
    const isAlone = page.getByRole("button", { name: "Of all records" });
    await isAlone.waitFor();
    await page.getByLabel("Until").fill("2020-01-31T12:00");
    await page.getByText("No conflict fits.").waitFor();
    await page.getByLabel("Until").fill("");
    await page.getByText("Decided by PLY1").waitFor();
    await isAlone.click();
    await isAlone.waitFor({ state: "detached" });
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });

  it("says in its title and navigation where one is, also in a history", async () => {
    const [left] = cluster.sides;
    const [id = ""] = await newPlayers(left, 1);
    granted(await edit(left, id, { username: "Noether" }));
    const { id: matchId } = await createdMatch(left, { mode: "duel", capacity: 2 });
    await expectConverged(cluster.servers, cluster.opsToken);
    const watched = await opened("/");
    const { page } = watched;
    await expect.poll(() => page.title()).toBe("Sign in · Rollcall");
    await signIn(page);
    for (const [path, title, place] of [
      ["/cluster", "Cluster", "Cluster"],
      ["/players", "Players", "Players"],
      [`/players/${id}`, "Noether", "Players"],
      [`/documents/${id}`, "History of Noether", "Players"],
      ["/matches", "Matches", "Matches"],
      [`/matches/${matchId}`, `Match …${matchId.slice(-8)}`, "Matches"],
      [`/documents/${matchId}`, `History of match …${matchId.slice(-8)}`, "Matches"],
      ["/leaderboards", "Leaderboards", "Leaderboards"],
      ["/conflicts", "Conflicts", "Conflicts"],
      ["/audit", "Audit", "Audit"],
      ["/nowhere", "Nothing is here", undefined],
    ]) {
      await page.goto(`${new URL(page.url()).origin}/console${path}`);
      await expect.poll(() => page.title(), { timeout: SHOWN_WITHIN_MS }).toBe(`${title} · Rollcall`);
      const marked = page.locator("nav [aria-current=page]");
      if (place === undefined) expect(await marked.count()).toBe(0);
      else await expect.poll(() => marked.first().textContent()).toBe(place);
    }
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });

  it.each(["players", "matches"])(
    "asks once for a record of %s that nobody knows, and has a heading",
    async (kind) => {
      const watched = await opened("/cluster");
      const { page } = watched;
      await signIn(page);
      const path = `/${kind}/0190f3c2-0000-7000-8000-000000000000`;
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.goto(`${new URL(page.url()).origin}/console${path}`);
      await page.getByRole("alert").getByText("There is no").waitFor();
      await page.getByRole("heading", { level: 1, name: "…00000000" }).waitFor();
      expect(asked.filter((pathname) => pathname === `/v1${path}`)).toHaveLength(1);
    },
  );

  it("names the modes that have a leaderboard, and awaits no result of a match that is over unplayed", async () => {
    const [left] = cluster.sides;
    const [winner = "", loser = ""] = await newPlayers(left, 2);
    const played = await startedMatch(left, "chess", [winner, loser]);
    for (const player of [winner, loser]) {
      await reported(left, played.id, player, { [winner]: 1, [loser]: 2 });
    }
    const { id } = await createdMatch(left, { mode: "chess", capacity: 2 });
    granted(await call("POST", `${left.url}/v1/matches/${id}/cancel`));
    await expectConverged(cluster.servers, cluster.opsToken);
    const watched = await opened("/leaderboards");
    const { page } = watched;
    await signIn(page);
    await page.getByRole("navigation", { name: "Modes" }).getByRole("link", { name: "chess" }).click();
    const ranking = page.getByRole("table", { name: "Leaderboard of chess" });
    await ranking.getByRole("row", { name: new RegExp(`^1 …${winner.slice(-8)}`) }).waitFor();
    await page.goto(`${new URL(page.url()).origin}/console/matches?mode=chess`);
    await page.getByRole("row", { name: /cancelled none/ }).waitFor();
    await page.getByRole("row", { name: /finished settled/ }).waitFor();
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });

  it("draws what the server kept of the last hours, also for whoever comes later", async () => {
    const watched = await opened("/cluster");
    const { page } = watched;
    await signIn(page);
    for (const label of ["Seconds behind", "Entries behind", "Entries a second", "Queues of"]) {
      const figure = page.locator("figure", { hasText: label });
      await figure.locator("canvas").waitFor();
      // Nothing is pointed at: the latest is told.
      await figure.locator(".u-legend", { hasText: /At\s*\d\d:\d\d:\d\d/ }).waitFor();
    }
    const peer = page.getByRole("row", { name: cluster.sides[0].name });
    await peer.getByText("–", { exact: true }).first().waitFor();
    await page.locator(".figures", { hasText: "Database" }).getByText("open", { exact: true }).waitFor();
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });

  it("is sent whole within 250 KB", async () => {
    const names = await readdir(BUILT, { recursive: true, withFileTypes: true });
    const paths = names
      .filter((entry) => entry.isFile())
      .map((entry) => (entry.parentPath.endsWith("assets") ? `assets/${entry.name}` : entry.name));
    expect(paths).toContain("index.html");
    expect(paths.some((path) => path.endsWith(".js"))).toBe(true);
    for (const encoding of ["br", "gzip"]) {
      let bytes = 0;
      for (const path of paths) bytes += await sentBytes(`${cluster.sides[0].url}/console/${path}`, encoding);
      expect(bytes).toBeLessThanOrEqual(BUNDLE_KB_MAX * BYTES_PER_KB);
    }
  });

  it("[HIS3] draws a history of 5,000 changes whole, and goes through it by keys", {
    timeout: LONG_HISTORY_WITHIN_MS,
  }, async () => {
    const [left] = cluster.sides;
    const [id = ""] = await newPlayers(left, 1);
    let made = 1;
    const editing = async (): Promise<void> => {
      while (made < LONG_HISTORY) granted(await edit(left, id, { metadata: { level: made++ } }));
    };
    await Promise.all(Array.from({ length: EDITS_AT_ONCE }, editing));
    await expectConverged(cluster.servers, cluster.opsToken);

    const watched = await opened(`/documents/${id}`);
    const { page } = watched;
    await signIn(page);
    await page.getByText("5,000 changes", { exact: true }).waitFor();
    const rows = page.getByRole("listbox", { name: "Changes, newest first" });
    expect(await dotsIn(page)).toBeLessThan(100);
    await page.getByRole("button", { name: "All", exact: true }).click();
    await expect.poll(() => dotsIn(page)).toBe(LONG_HISTORY);
    const { scrollHeight, clientHeight } = await rows.evaluate((box) => ({
      scrollHeight: box.scrollHeight,
      clientHeight: box.clientHeight,
    }));
    expect(scrollHeight).toBeLessThanOrEqual(clientHeight + 1);

    // What is selected is told beside the graph, though its row has no room for words.
    const slider = page.getByRole("slider");
    const place = async (): Promise<string | null> => slider.getAttribute("aria-valuetext");
    await rows.focus();
    for (const [key, change] of [
      ["End", 1],
      ["ArrowUp", 2],
      ["PageUp", 12],
      ["Home", 5_000],
      ["ArrowDown", 4_999],
      ["PageDown", 4_989],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(place, { timeout: SHOWN_WITHIN_MS }).toBe(`change ${change} of 5000`);
    }
    await page.keyboard.press("End");
    await page.getByRole("heading", { name: /^Change / }).waitFor();
    await page.locator(".sets li", { hasText: "homeServer" }).waitFor();

    // It is shown anew while it changes without a pause: there are more changes than are asked for at once.
    let isShown = false;
    const more = page.getByRole("button", { name: "More", exact: true });
    const goingOn = async (): Promise<void> => {
      while (!isShown) granted(await edit(left, id, { metadata: { level: made++ } }));
    };
    const shown = more.waitFor().finally(() => {
      isShown = true;
    });
    await Promise.all([goingOn(), shown]);
    expect([watched.errors, watched.strangers]).toEqual([[], []]);
  });
});

/** Of the changes that the graph shows now. */
async function dotsIn(page: Page): Promise<number> {
  const path = await page.locator("svg .dot").first().getAttribute("d");
  return path?.match(/M/g)?.length ?? 0;
}

/** Of the body as it comes over the wire. */
function sentBytes(url: string, encoding: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": encoding } }, (response) => {
      if (response.statusCode !== 200 || response.headers["content-encoding"] !== encoding) {
        reject(new RangeError(`${url} is answered ${response.statusCode}, not packed as asked`));
      }
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve(bytes));
      response.on("error", reject);
    }).on("error", reject);
  });
}
