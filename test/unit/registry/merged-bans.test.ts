/** Bans of players who were merged: they are one person, and banned if any of them is. */
import { expect, it } from "vitest";
import type { TestServer } from "../../support/test-server.ts";
import { AUTHOR, deliver, startTestServer } from "../../support/test-server.ts";

const BAN = { reason: "aim bot", untilMs: null };

async function world() {
  const one = await startTestServer({ number: 1 });
  const other = await startTestServer({ number: 2 });
  const made = await Promise.all(["a", "b"].map(() => one.registry.players.register({ fields: {} }, AUTHOR)));
  const [survivor = "", merged = ""] = made.map(({ player }) => player.id).sort();
  await deliver(one, other);
  return { one, other, survivor, merged };
}

/** Read alone, in the list, and asked for by status. */
async function statuses({ registry }: TestServer, id: string) {
  const { status } = await registry.players.read(id);
  const { items } = await registry.players.list({ limit: 9 });
  const banned = await registry.players.list({ limit: 9, status: "banned" });
  return [status, items.map((view) => view.status), banned.items.map(({ player }) => player.id)];
}

it("[PLY3] [CLM4] a ban of either is one of both, whichever came first", async () => {
  const { one, other, survivor, merged } = await world();
  await one.registry.players.ban(merged, BAN, AUTHOR);
  await other.registry.players.merge(merged, survivor, AUTHOR);
  await deliver(one, other);
  await deliver(other, one);
  for (const server of [one, other]) {
    expect(await statuses(server, survivor)).toEqual(["banned", ["banned"], [survivor]]);
    expect(await server.registry.players.standing(merged)).toEqual({ survivorId: survivor, banned: true });
  }
});

it("[PLY3] [CLM4] a ban is lifted from whoever has it, and those that stand with others stay", async () => {
  const { one, survivor, merged } = await world();
  const { ban: first } = await one.registry.players.ban(merged, BAN, AUTHOR);
  await one.registry.players.merge(merged, survivor, AUTHOR);
  const { ban: second } = await one.registry.players.ban(merged, { ...BAN, reason: "insults" }, AUTHOR);
  expect(await one.registry.players.liftBan(survivor, first.id, AUTHOR)).toMatchObject({ status: "banned" });
  expect(await one.registry.players.liftBan(merged, second.id, AUTHOR)).toMatchObject({ status: "active" });
  expect(await statuses(one, merged)).toEqual(["active", ["active"], []]);
});

it("[PLY3] [CLM4] a ban ends with the player who had it, for the one it was merged into", async () => {
  const { one, other, survivor, merged } = await world();
  await one.registry.players.ban(survivor, BAN, AUTHOR);
  await other.registry.players.merge(merged, survivor, AUTHOR);
  await one.registry.players.erase(survivor, AUTHOR);
  await deliver(other, one);
  await deliver(one, other);
  for (const server of [one, other]) {
    expect(await statuses(server, merged)).toEqual(["active", ["active"], []]);
  }
});
