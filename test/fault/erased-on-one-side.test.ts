/** A player who is erased where others cannot hear of it: nothing of what they say meanwhile stays anywhere. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ENTRY_KIND } from "../../crdt/entry.ts";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import {
  allPlayerIds,
  edit,
  erase,
  expectConverged,
  granted,
  player,
  registered,
} from "../support/player-calls.ts";
import { storedEntries, tablesWith } from "../support/stored-content.ts";

const ERASED = { status: 410, body: { code: "player-erased" } };

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(3, "each");
});

afterAll(async () => {
  await cluster?.remove();
});

test("[ERA1] a player erased on one side of a split, edited on the other, is gone with the edit everywhere", async () => {
  const [left, right] = cluster.sides;
  const { id } = await registered(left, { username: "Rumpelstiltskin" });
  await expectConverged(cluster.servers, cluster.opsToken);
  await cluster.split();
  granted(await erase(left, id));
  granted(await edit(right, id, { displayName: "still at the spinning wheel" }));
  expect(await player(left, id)).toMatchObject(ERASED);
  // What is looked for below can be found while it is there.
  expect(await tablesWith(databaseOf(right), "Rumpelstiltskin")).toEqual(["claim", "entry", "player"]);
  expect(await tablesWith(databaseOf(right), "spinning wheel")).toEqual(["entry", "player"]);
  await cluster.heal();
  await expectConverged(cluster.servers, cluster.opsToken);

  await expectNothingLeft(id, ["Rumpelstiltskin", "rumpelstiltskin", "spinning wheel"]);
  // Registration, edit and erasure keep their places.
  const kinds = (await storedEntries(databaseOf(left), id)).map(({ kind }) => kind).sort();
  expect(kinds).toEqual([ENTRY_KIND.playerChange, ENTRY_KIND.playerChange, ENTRY_KIND.erasure]);
  for (const server of cluster.servers) {
    expect(await edit(server, id, { displayName: "once more" })).toMatchObject(ERASED);
  }
  await expectConverged(cluster.servers, cluster.opsToken);
});

test("[ERA2] a server that was away while a player was erased is not ready before it has heard of it", async () => {
  const [left] = cluster.sides;
  const away = cluster.servers[2];
  if (!away) throw new RangeError("three servers were started");
  const { id } = await registered(away, { displayName: "Melusine" });
  await expectConverged(cluster.servers, cluster.opsToken);
  await away.kill();
  granted(await erase(left, id));
  expect(await tablesWith(databaseOf(away), "Melusine")).toEqual(["entry", "player"]);

  await away.start();
  expect(await player(away, id)).toMatchObject(ERASED);
  await expectConverged(cluster.servers, cluster.opsToken);
  await expectNothingLeft(id, ["Melusine"]);
  await expectConverged(cluster.servers, cluster.opsToken);
});

/** No server shows the player, and none has anything of it but the places of its entries. */
async function expectNothingLeft(id: string, texts: readonly string[]): Promise<void> {
  for (const server of cluster.servers) {
    expect(await player(server, id), server.name).toMatchObject(ERASED);
    expect(await allPlayerIds(server), server.name).not.toContain(id);
    for (const { kind, ...content } of await storedEntries(databaseOf(server), id)) {
      if (kind === ENTRY_KIND.erasure) expect(content.bodyBytes).toBeGreaterThan(0);
      else expect(content, server.name).toEqual({ hash: null, bodyBytes: 0 });
    }
    for (const text of texts) expect(await tablesWith(databaseOf(server), text), server.name).toEqual([]);
  }
}

function databaseOf(server: TestCluster["servers"][number]): string {
  return cluster.databaseUrls[cluster.servers.indexOf(server)] ?? "";
}
