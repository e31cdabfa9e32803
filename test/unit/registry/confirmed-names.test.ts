/** What was shown as confirmed stays so (CLM2): the stories in which it did not. */
import { expect, it } from "vitest";
import { Stability } from "../../../src/gossip/stability.ts";
import { AUTHOR, deliver, startTestServer, type TestServer } from "../../support/test-server.ts";

const [X, Y, Z] = ["Xenia", "Yvonne", "Zoe"];

async function nameOf({ registry }: TestServer, id: string): Promise<[string | null, string]> {
  const { player, usernameStatus } = await registry.players.read(id);
  return [player.username, usernameStatus];
}

/** What a server makes of what the others hold by now. */
async function hearAll(
  server: TestServer,
  stability: Stability,
  others: readonly TestServer[],
): Promise<void> {
  for (const { origin, registry } of others) stability.heard(origin, origin, new Map(registry.vector));
  stability.advance(
    server.registry.vector,
    others.map(({ origin }) => origin),
  );
  await server.registry.settleStable(stability.vector);
}

/** Only what a server wrote itself. */
async function tell(from: TestServer, to: TestServer): Promise<void> {
  await to.registry.receive(await from.entries());
}

it("[CLM2] [STB2] a name is not confirmed while an older claim on it is hidden that somebody has not heard of", async () => {
  const one = await startTestServer({ number: 1 });
  const two = await startTestServer({ number: 2 });
  const third = await startTestServer({ number: 3 });
  const { player: eve } = await one.registry.players.register({ fields: {} }, AUTHOR);
  for (const server of [two, third]) await deliver(one, server);
  await one.registry.players.edit(eve.id, { username: X }, AUTHOR);
  await two.registry.players.edit(eve.id, { username: Z }, AUTHOR);
  await two.registry.players.edit(eve.id, { username: Y }, AUTHOR);
  for (const [from, to] of [
    [one, third],
    [two, third],
    [two, one],
  ] as const)
    await tell(from, to);
  expect(await nameOf(third, eve.id)).toEqual([Y, "provisional"]);
  const { player: ada } = await third.registry.players.register({ fields: { username: X } }, AUTHOR);
  for (const server of [one, two]) await tell(third, server);

  const stability = new Stability(new Map(), 2);
  await hearAll(third, stability, [one, two]);
  expect(await nameOf(third, ada.id)).toEqual([X, "provisional"]);
  await two.registry.players.edit(eve.id, { username: null }, AUTHOR); // never heard of the claim on X
  await tell(two, third);
  expect(await nameOf(third, ada.id)).toEqual([X, "lost"]);
});

it("[CLM2] the claim of a rename is confirmed too", async () => {
  const server = await startTestServer();
  const { registry } = server;
  const { player } = await registry.players.register({ fields: { username: X } }, AUTHOR);
  await registry.players.edit(player.id, { username: Y }, AUTHOR);
  await hearAll(server, new Stability(new Map(), 0), []);
  expect(await nameOf(server, player.id)).toEqual([Y, "confirmed"]);
});

it("[CLM1] [CLM3] nobody hands a name to who lost it by spelling it otherwise", async () => {
  const one = await startTestServer({ number: 1 });
  const two = await startTestServer({ number: 2 });
  const { player: first } = await one.registry.players.register({ fields: { username: "Ada" } }, AUTHOR);
  await one.registry.players.edit(first.id, { username: "ADA" }, AUTHOR);
  two.wall.nowMs += 5;
  const { player: second } = await two.registry.players.register({ fields: { username: "ada" } }, AUTHOR);
  await deliver(two, one);
  const respelt = one.registry.players.edit(first.id, { username: "Ada" }, AUTHOR);
  await expect(respelt).rejects.toMatchObject({ code: "name-contested" });
  expect(await nameOf(one, first.id)).toEqual(["ADA", "provisional"]);
  await one.registry.players.edit(second.id, { username: "Eve" }, AUTHOR);
  await one.registry.players.edit(first.id, { username: "Ada" }, AUTHOR);
});
