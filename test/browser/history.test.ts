/** The history of a record on the operators' page: the graph, comparisons, the record at any point. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ConsoleScene,
  type Contested,
  contestedPlayers,
  expectQuiet,
  SHOWN_WITHIN_MS,
  startConsoleScene,
} from "../support/console-scene.ts";
import { createdMatch } from "../support/match-calls.ts";
import { edit, expectConverged, granted, newPlayers, registered } from "../support/player-calls.ts";

const LONG_HISTORY = 5_000;
const EDITS_AT_ONCE = 16;
const LONG_HISTORY_WITHIN_MS = 180_000;

let scene: ConsoleScene;
let players: Contested;

beforeAll(async () => {
  scene = await startConsoleScene();
  players = await contestedPlayers(scene.cluster);
});

afterAll(async () => {
  await scene?.remove();
});

describe("a history on the operators' page", () => {
  it("compares two changes, and shows the record at any point", async () => {
    granted(await edit(scene.cluster.sides[0], players.owner, { username: "Lovelace" }));
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    const watched = await scene.signedIn(`/documents/${players.owner}`);
    const { page } = watched;
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
    expectQuiet(watched);
  });

  it("says whose history it is, and when what was kept as a number happened", async () => {
    const [left] = scene.cluster.sides;
    const { id, createdAt } = await registered(left, { username: "Hopper", region: "eu" });
    const match = await createdMatch(left, { mode: "duel", capacity: 2 });
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    const watched = await scene.signedIn(`/documents/${id}`);
    const { page } = watched;
    await page.getByRole("heading", { name: "History of Hopper" }).waitFor();
    await page.getByText(id, { exact: true }).waitFor();
    const record = page.getByRole("region", { name: "The record at a point" });
    const created = record.getByTitle(String(Date.parse(createdAt)), { exact: true }).locator("time");
    expect(await created.getAttribute("datetime")).toBe(createdAt);
    // Of one change there is nothing to go through, to compare with or to put back.
    expect(await page.getByRole("slider").count()).toBe(0);
    expect(await page.getByRole("button", { name: /Compare|Put back|Zoom/ }).count()).toBe(0);
    await page.locator(".sets li", { hasText: "region" }).getByText("stands").waitFor();
    await scene.go(page, `/documents/${match.id}`);
    await page.getByRole("heading", { name: "History of a match in duel, open" }).waitFor();
    expectQuiet(watched);
  });

  it("offers to put back what does not stand any more, and nothing that does", async () => {
    const [left] = scene.cluster.sides;
    const { id } = await registered(left, { region: "eu", platform: "pc" });
    granted(await edit(left, id, { region: "us" }));
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    const watched = await scene.signedIn(`/documents/${id}`);
    const { page } = watched;
    await page.getByRole("option", { name: "registered" }).click();
    const set = (path: string) => page.locator(".sets li", { hasText: path });
    await set("platform").getByText("stands").waitFor();
    await set("region").getByRole("button", { name: "Put back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Put it back" }).click();
    await page.getByRole("option", { name: "put back" }).waitFor();
    await set("region").getByText("stands").waitFor();
    expect(await page.locator(".sets").getByRole("button").count()).toBe(0);
    expectQuiet(watched);
  });

  it("names each change of the graph by its hash, also on a narrow screen", async () => {
    const watched = await scene.signedIn(`/documents/${players.owner}`, { width: 390 });
    const { page } = watched;
    const row = page.getByRole("option").first();
    await row.locator("code").waitFor();
    expect(await row.locator("code").textContent()).toMatch(/^[0-9a-f]{8}$/);
    const [inner, outer] = [await row.locator("code").boundingBox(), await row.boundingBox()];
    expect((inner?.y ?? 0) + (inner?.height ?? 0)).toBeLessThanOrEqual(
      (outer?.y ?? 0) + (outer?.height ?? 0),
    );
    expectQuiet(watched);
  });

  it("[HIS3] draws a history of 5,000 changes whole, and goes through it by keys", {
    timeout: LONG_HISTORY_WITHIN_MS,
  }, async () => {
    const [left] = scene.cluster.sides;
    const [id = ""] = await newPlayers(left, 1);
    let made = 1;
    const editing = async (): Promise<void> => {
      while (made < LONG_HISTORY) granted(await edit(left, id, { metadata: { level: made++ } }));
    };
    await Promise.all(Array.from({ length: EDITS_AT_ONCE }, editing));
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);

    const watched = await scene.signedIn(`/documents/${id}`);
    const { page } = watched;
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
    await rows.click({ position: { x: 200, y: clientHeight / 2 } });
    await page.getByText(/^change 2[45]\d\d of 5000$/).waitFor();

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
    expectQuiet(watched);
  });
});

/** Of the changes that the graph shows now. */
async function dotsIn(page: Page): Promise<number> {
  const path = await page.locator("svg .dot").first().getAttribute("d");
  return path?.match(/M/g)?.length ?? 0;
}
