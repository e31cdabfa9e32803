/** The operators' page as a whole: that everybody can read it, what it draws, and how much is sent. */
import { readdir } from "node:fs/promises";
import { get } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { graveFaultsOf } from "../support/browser.ts";
import {
  type ConsoleScene,
  type Contested,
  contestedPlayers,
  expectQuiet,
  SHOWN_WITHIN_MS,
  signIn,
  startConsoleScene,
} from "../support/console-scene.ts";
import { createdMatch, reported, startedMatch } from "../support/match-calls.ts";
import { call, edit, expectConverged, granted, newPlayers } from "../support/player-calls.ts";

/** Where the build of the page is. */
const BUILT = new URL("../../dist/console/", import.meta.url);
const BUNDLE_KB_MAX = 250;
const BYTES_PER_KB = 1_000;

let scene: ConsoleScene;
let players: Contested;

beforeAll(async () => {
  scene = await startConsoleScene();
  players = await contestedPlayers(scene.cluster);
});

afterAll(async () => {
  await scene?.remove();
});

describe("the operators' page", () => {
  it.each([
    { width: 1_440, dark: false },
    { width: 1_440, dark: true },
    { width: 390, dark: false },
    { width: 390, dark: true },
  ])("can be read by everybody: $width pixels, dark: $dark", async (options) => {
    const watched = await scene.opened("/cluster", options);
    const { page } = watched;
    expect(await graveFaultsOf(page)).toEqual([]);
    await signIn(page, scene.cluster.opsToken);
    for (const path of [
      "/cluster",
      "/players",
      `/players/${players.owner}`,
      "/matches",
      "/leaderboards?mode=duel",
      `/documents/${players.owner}`,
      "/conflicts",
      "/audit",
      "/nowhere",
    ]) {
      await scene.go(page, path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.getByText("Loading …").first().waitFor({ state: "detached" });
      expect([path, await graveFaultsOf(page)]).toEqual([path, []]);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect([path, overflow]).toEqual([path, 0]);
    }
    expectQuiet(watched);
  });

  it("breaks what a server answers to a filter that it refuses, on a narrow screen", async () => {
    const { page } = await scene.signedIn("/audit?action=nonsense", { width: 390 });
    await page.getByText("One thing in the request is wrong").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  });

  it("can be read by everybody: a match, a conflict that is open, and the question before a value is put back", async () => {
    const [left] = scene.cluster.sides;
    const { id } = await startedMatch(left, "duel", [players.owner, players.loser]);
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    for (const dark of [false, true]) {
      const watched = await scene.signedIn(`/matches/${id}`, { width: 390, dark });
      const { page } = watched;
      await page.getByRole("table", { name: "Players of the match" }).waitFor();
      expect(await graveFaultsOf(page)).toEqual([]);
      await scene.go(page, "/conflicts");
      await page.locator("summary", { hasText: "region" }).click();
      await page.getByText("Decided by").waitFor();
      expect(await graveFaultsOf(page)).toEqual([]);
      await page.getByRole("button", { name: "Put back" }).click();
      await page.getByRole("dialog").getByText("will be set to").waitFor();
      expect(await graveFaultsOf(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      expectQuiet(watched);
    }
  });

  it("says in its title and navigation where one is, also in a history", async () => {
    const { cluster } = scene;
    const [left] = cluster.sides;
    const [id = ""] = await newPlayers(left, 1);
    granted(await edit(left, id, { username: "Noether" }));
    const { id: matchId } = await createdMatch(left, { mode: "duel", capacity: 2 });
    await expectConverged(cluster.servers, cluster.opsToken);
    const watched = await scene.opened("/");
    const { page } = watched;
    await expect.poll(() => page.title()).toBe("Sign in · Rollcall");
    await signIn(page, cluster.opsToken);
    for (const [path, title, place] of [
      ["/cluster", "Cluster", "Cluster"],
      ["/players", "Players", "Players"],
      [`/players/${id}`, "Noether", "Players"],
      [`/documents/${id}`, "History of Noether", "Players"],
      ["/matches", "Matches", "Matches"],
      [`/matches/${matchId}`, `Match …${matchId.slice(-8)}`, "Matches"],
      [`/documents/${matchId}`, "History of a match in duel, open", "Matches"],
      ["/leaderboards", "Leaderboards", "Leaderboards"],
      ["/conflicts", "Conflicts", "Conflicts"],
      ["/audit", "Audit", "Audit"],
      ["/nowhere", "Nothing is here", undefined],
    ] as const) {
      await scene.go(page, path);
      await expect.poll(() => page.title(), { timeout: SHOWN_WITHIN_MS }).toBe(`${title} · Rollcall`);
      const marked = page.locator("nav [aria-current=page]");
      if (place === undefined) expect(await marked.count()).toBe(0);
      else await expect.poll(() => marked.first().textContent()).toBe(place);
    }
    expectQuiet(watched);
  });

  it.each(["players", "matches"])(
    "asks once for a record of %s that nobody knows, and has a heading",
    async (kind) => {
      const { page } = await scene.signedIn("/cluster");
      const path = `/${kind}/0190f3c2-0000-7000-8000-000000000000`;
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await scene.go(page, path);
      await page.getByRole("alert").getByText("There is no").waitFor();
      await page.getByRole("heading", { level: 1, name: "…00000000" }).waitFor();
      expect(asked.filter((pathname) => pathname === `/v1${path}`)).toHaveLength(1);
    },
  );

  it("says what is wrong with an address", async () => {
    const { page } = await scene.signedIn("/documents/nonsense");
    await page
      .getByRole("alert")
      .getByText(/: id must be a/)
      .waitFor();
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
  });

  it("names the modes that have a leaderboard, and awaits no result of a match that is over unplayed", async () => {
    const { cluster } = scene;
    const [left] = cluster.sides;
    const [winner = "", loser = ""] = await newPlayers(left, 2);
    const played = await startedMatch(left, "chess", [winner, loser]);
    for (const player of [winner, loser]) {
      await reported(left, played.id, player, { [winner]: 1, [loser]: 2 });
    }
    const { id } = await createdMatch(left, { mode: "chess", capacity: 2 });
    granted(await call("POST", `${left.url}/v1/matches/${id}/cancel`));
    await expectConverged(cluster.servers, cluster.opsToken);
    const watched = await scene.signedIn("/leaderboards");
    const { page } = watched;
    await page.getByRole("navigation", { name: "Modes" }).getByRole("link", { name: "chess" }).click();
    const ranking = page.getByRole("table", { name: "Leaderboard of chess" });
    await ranking.getByRole("row", { name: new RegExp(`^1 …${winner.slice(-8)}`) }).waitFor();
    await scene.go(page, "/matches?mode=chess");
    await page.getByRole("row", { name: /cancelled none/ }).waitFor();
    await page.getByRole("row", { name: /finished settled/ }).waitFor();
    expectQuiet(watched);
  });

  it("draws what the server kept of the last hours, also for whoever comes later", async () => {
    const watched = await scene.signedIn("/cluster");
    const { page } = watched;
    for (const label of ["Seconds behind", "Entries behind", "Entries a second", "Queues of"]) {
      const figure = page.locator("figure", { hasText: label });
      await figure.locator("canvas").waitFor();
      // Nothing is pointed at: the latest is told.
      await figure.locator(".u-legend", { hasText: /At\s*\d\d:\d\d:\d\d/ }).waitFor();
    }
    const peer = page.getByRole("row", { name: scene.cluster.sides[0].name });
    await peer.getByText("–", { exact: true }).first().waitFor();
    await page.locator(".figures", { hasText: "Database" }).getByText("open", { exact: true }).waitFor();
    expectQuiet(watched);
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
      for (const path of paths)
        bytes += await sentBytes(`${scene.cluster.sides[0].url}/console/${path}`, encoding);
      expect(bytes).toBeLessThanOrEqual(BUNDLE_KB_MAX * BYTES_PER_KB);
    }
  });
});

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
