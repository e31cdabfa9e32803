/** Conflicts on the operators' page: finding them, reading them, putting the other back. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { graveFaultsOf } from "../support/browser.ts";
import {
  type ConsoleScene,
  type Contested,
  contestedPlayers,
  expectQuiet,
  startConsoleScene,
} from "../support/console-scene.ts";
import { createdMatch, join, match, reported, startedMatch } from "../support/match-calls.ts";
import {
  call,
  edit,
  expectConverged,
  granted,
  newPlayers,
  player,
  registered,
} from "../support/player-calls.ts";

let scene: ConsoleScene;
let players: Contested;

beforeAll(async () => {
  scene = await startConsoleScene();
  players = await contestedPlayers(scene.cluster);
});

afterAll(async () => {
  await scene?.remove();
});

describe("conflicts on the operators' page", () => {
  it("signs in, and opens a conflict, by the keys alone; says why a token is refused", async () => {
    const watched = await scene.opened("/conflicts");
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
    await page.keyboard.type(scene.cluster.opsToken);
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

  it("filters conflicts by time and record, and marks all changes that met another", async () => {
    const watched = await scene.signedIn(`/documents/${players.owner}`);
    const { page } = watched;
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
    expectQuiet(watched);
  });

  it("folds the filters on a narrow screen, and says how many are set", async () => {
    const watched = await scene.signedIn("/conflicts?kind=field&server=nowhere", { width: 390 });
    const { page } = watched;
    await page.getByText("No conflict fits.").waitFor();
    const fold = page.getByRole("button", { name: "Filters (2 set)" });
    expect(await page.getByLabel("Rule").isVisible()).toBe(false);
    await fold.click();
    await page.getByLabel("Rule").waitFor();
    // A server that is none of the cluster's is shown as what is asked for.
    expect(await page.getByLabel("Written at").inputValue()).toBe("nowhere");
    await page.getByRole("link", { name: "Show all" }).click();
    await page.locator("summary", { hasText: "region" }).waitFor();
    expectQuiet(watched);
  });

  it("offers to put back the value of a field that does not stand, whether it lost or won", async () => {
    const [left, right] = scene.cluster.sides;
    const [id = ""] = await newPlayers(left, 1);
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    await scene.cluster.split();
    granted(await edit(left, id, { platform: "pc" }));
    granted(await edit(right, id, { platform: "phone" }));
    await scene.cluster.heal();
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);

    const watched = await scene.signedIn(`/conflicts?documentId=${id}`);
    const { page } = watched;
    await page.locator("summary", { hasText: "platform" }).click();
    const candidate = (outcome: string) => page.locator(".candidates > li", { hasText: outcome });
    await candidate("won").getByText("stands").waitFor();
    await candidate("lost").getByRole("button", { name: "Put back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Put it back" }).click();
    await candidate("lost").getByText("stands").waitFor();
    await candidate("won").getByRole("button", { name: "Put back" }).waitFor();
    expectQuiet(watched);
  });

  it("[HIS2] lays a conflict of results out: each ranking once, by whom, and no name in two", async () => {
    const [left, right] = scene.cluster.sides;
    const one = await registered(left, { displayName: "Cassiopeia of the Long Name" });
    const other = await registered(left, { displayName: "Bartholomew the Longer Name" });
    const { id } = await startedMatch(left, "duel", [one.id, other.id]);
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    await scene.cluster.split();
    await reported(left, id, one.id, { [one.id]: 1, [other.id]: 2 });
    await reported(right, id, other.id, { [one.id]: 1, [other.id]: 1 });
    await scene.cluster.heal();
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);

    const watched = await scene.signedIn(`/conflicts?documentId=${id}`, { width: 390 });
    const { page } = watched;
    await page.locator("summary", { hasText: "result" }).click();
    await page.getByText("None stands: no ranking has a majority of the seated.").waitFor();
    const rankings = page.locator(".rankings > li");
    expect(await rankings.count()).toBe(2);
    const tied = rankings.filter({ hasText: "tied" });
    await tied.locator(".reporters").getByRole("link", { name: "Bartholomew" }).waitFor();
    await tied.locator(".ranking").getByRole("link", { name: "Cassiopeia" }).waitFor();
    expect(await tied.locator(".ranking > li").count()).toBe(1);
    for (const name of await rankings.getByRole("link", { name: "Name" }).all()) {
      const lines = await name.evaluate((link) => {
        const range = link.ownerDocument.createRange();
        range.selectNodeContents(link);
        return range.getClientRects().length;
      });
      expect(lines).toBe(1);
    }
    expect(await graveFaultsOf(page)).toEqual([]);
    expectQuiet(watched);
  });

  it("[CLM3] puts the other back from an opened conflict, whatever its rule, or says why not", async () => {
    const [left, right] = scene.cluster.sides;
    const [first = "", second = "", third = ""] = await newPlayers(left, 3);
    const full = await createdMatch(left, { mode: "squad", capacity: 2 });
    granted(await join(left, full.id, first));
    const played = await startedMatch(left, "duel", [first, second]);
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    await scene.cluster.split();
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
      granted(await call("PUT", url, { token: scene.cluster.apiKey }));
    }
    await scene.cluster.heal();
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);

    const watched = await scene.signedIn("/conflicts");
    const { page } = watched;
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
    // Where the reason is typed, though links stand before it.
    await dialog.locator("input:focus").waitFor();
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

    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    for (const server of scene.cluster.servers) {
      expect((await player(server, first)).body).toMatchObject({ username: null });
      expect((await player(server, second)).body).toMatchObject({ username: "turing", handle: "turing" });
      expect((await player(server, third)).body).toMatchObject({ id: second });
      expect((await match(server, played.id)).result).toMatchObject({ status: "settled" });
    }
    await scene.go(page, `/audit?documentId=${first}`);
    await page.getByRole("row", { name: /restore.*Grace \(ops\).*hers by right/ }).waitFor();
    expectQuiet(watched);
  });
});
