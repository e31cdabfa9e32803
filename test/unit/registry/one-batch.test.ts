/** What is planned in one transaction is decided as if it came one after the other. */
import { expect, it } from "vitest";
import { settled } from "../../support/settled.ts";
import { AUTHOR, deliver, hold, startTestServer } from "../../support/test-server.ts";

async function twoPlayers() {
  const server = await startTestServer();
  const { players } = server.registry;
  const made = await Promise.all(["a", "b"].map(() => players.register({ fields: {} }, AUTHOR)));
  const [survivor = "", merged = ""] = made.map(({ player }) => player.id).sort();
  return { server, players, survivor, merged };
}

it("[CLM4] an edit beside the merge of its player is one of the survivor", async () => {
  const { server, players, survivor, merged } = await twoPlayers();
  const release = hold(server);
  const busy = players.register({ fields: {} }, AUTHOR);
  await settled(); // what comes now waits for it
  const merge = players.merge(merged, survivor, AUTHOR);
  await settled(); // it reads first
  const edit = players.edit(merged, { username: "Ada" }, AUTHOR);
  release();
  await Promise.all([busy, merge]);
  expect(await edit).toMatchObject({ player: { id: survivor }, handle: "Ada" });
  expect(await players.read(merged)).toMatchObject({ player: { id: survivor }, handle: "Ada" });
});

it("[CLM4] an edit beside a merge that a peer tells of is one of the survivor", async () => {
  const { server, players, survivor, merged } = await twoPlayers();
  const peer = await startTestServer({ number: 2 });
  await deliver(server, peer);
  await peer.registry.players.merge(merged, survivor, AUTHOR);
  const release = hold(server);
  const busy = players.register({ fields: {} }, AUTHOR);
  await settled(); // what comes now waits for it
  const told = server.registry.receive(await peer.entries());
  await settled(); // it is examined first
  const edit = players.edit(merged, { username: "Ada" }, AUTHOR);
  release();
  await Promise.all([busy, told]);
  expect(await edit).toMatchObject({ player: { id: survivor }, handle: "Ada" });
});

it("[ERA1] [CLM4] an erasure beside the merge of its player takes the whole group", async () => {
  const { server, players, survivor, merged } = await twoPlayers();
  const release = hold(server);
  const busy = players.register({ fields: {} }, AUTHOR);
  await settled(); // what comes now waits for it
  const merge = players.merge(merged, survivor, AUTHOR);
  await settled(); // it reads first
  const erasure = players.erase(merged, AUTHOR);
  release();
  await Promise.all([busy, merge, erasure]);
  expect([...server.disk.players.keys()]).toEqual([(await busy).player.id]);
});
