/** The operators' page through a split and its healing: a name that was lost in it, why, and putting it back. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ConsoleScene,
  contend,
  expectQuiet,
  knownPlayers,
  startConsoleScene,
} from "../support/console-scene.ts";
import { edit, expectConverged, granted, player } from "../support/player-calls.ts";

let scene: ConsoleScene;

beforeAll(async () => {
  scene = await startConsoleScene();
});

afterAll(async () => {
  await scene?.remove();
});

describe("the operators' page, through a split", () => {
  it("[HIS3] shows a split, why a name was lost in it, and puts it back on every server", async () => {
    const [left, right] = scene.cluster.sides;
    const players = await knownPlayers(scene.cluster);
    const watched = await scene.signedIn("/cluster");
    const { page } = watched;
    const servers = page.getByRole("table", { name: "Servers" });
    await servers.getByText(left.name).waitFor();

    await scene.cluster.split();
    await page
      .locator("table")
      .getByText(/suspect|down/)
      .first()
      .waitFor();
    await contend(scene.cluster, players);
    await page.getByRole("link", { name: "Conflicts" }).click();
    await page.getByText("Nothing had to be decided.").waitFor();

    await scene.cluster.heal();
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    // It was told by an event: nobody loaded it again.
    const conflict = page.locator("details", { hasText: "username" });
    await conflict.waitFor();
    await conflict.locator("summary").click();
    await conflict.getByText("the earliest claim").waitFor();
    await conflict
      .getByRole("link", { name: `ada#${players.loser.slice(-4)}` })
      .first()
      .click();
    await page
      .getByText(/name .*(?:belongs|taken|owned|lost)/i)
      .first()
      .waitFor();
    await page.getByText("lost", { exact: true }).first().waitFor();

    granted(await edit(right, players.loser, { username: "ada-2" }));
    granted(await edit(left, players.owner, { username: "Lovelace" }));
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
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
    await expectConverged(scene.cluster.servers, scene.cluster.opsToken);
    for (const server of scene.cluster.servers) {
      expect((await player(server, players.loser)).body).toMatchObject({ username: "ada", handle: "ada" });
    }

    await page.getByRole("link", { name: "Audit" }).click();
    await page.getByRole("row", { name: /restore.*Grace \(ops\).*it was hers/ }).waitFor();
    expectQuiet(watched);
  });
});
