/** A name that an operator gives to another player: by all who are to give it up, or by nobody. */
import { beforeEach, expect, it } from "vitest";
import { NameTakenError } from "../../../crdt/player-errors.ts";
import { hashOf, idOf } from "../../support/log-fixtures.ts";
import { settled } from "../../support/settled.ts";
import { AUTHOR, deliver, hold, startTestServer, type TestServer } from "../../support/test-server.ts";

const OPS = { by: "ops", audit: { reason: "it was hers" } };

let server: TestServer;
let peer: TestServer;
let ada: string;
let bob: string;
/** By which ada had the name that bob has now. */
let change: string;

beforeEach(async () => {
  server = await startTestServer();
  peer = await startTestServer({ number: 2 });
  const registered = await register(server, "ada");
  [ada, change] = [registered.player.id, registered.heads[0] ?? ""];
  await server.registry.players.edit(ada, { username: "eve" }, AUTHOR);
  bob = (await register(server, "ada")).player.id;
});

function register({ registry }: TestServer, username: string) {
  return registry.players.register({ fields: { username } }, AUTHOR);
}

function takeFrom(...givers: readonly string[]) {
  return server.registry.players.restore(ada, { path: "username", change, takeFrom: givers }, OPS);
}

async function nameOf(id: string): Promise<string | null> {
  return (await server.registry.players.read(id)).player.username;
}

it("[CLM3] is not given up for nothing when another client claims it at the same moment", async () => {
  const dave = (await register(server, "dave")).player.id;
  const release = hold(server);
  const busy = register(server, "else");
  await settled(); // what comes now waits for it
  const taken = takeFrom(bob);
  await settled(); // it reads first
  const claim = server.registry.players.edit(dave, { username: "ada" }, AUTHOR);
  release();
  await busy;
  await expect(claim).rejects.toThrow(NameTakenError);
  expect((await taken).player.username).toBe("ada");
  expect(await nameOf(bob)).toBeNull();
});

it("[CLM3] is given up by nobody when a peer tells of another's claim meanwhile", async () => {
  const carol = (await register(peer, "ada")).player.id;
  const release = hold(server);
  const busy = register(server, "else");
  await settled(); // what comes now waits for it
  const told = server.registry.receive(await peer.entries());
  await settled(); // it is examined first
  const taken = takeFrom(bob);
  release();
  await Promise.all([busy, told]);
  await expect(taken).rejects.toThrow(NameTakenError);
  expect([await nameOf(bob), await nameOf(carol)]).toEqual(["ada", "ada"]);
  expect((await takeFrom(bob, carol)).player.username).toBe("ada");
});

it("[HIS3] every change of it is stored in one batch, and the answer has the position of the last", async () => {
  const carol = (await register(peer, "ada")).player.id;
  await deliver(peer, server);
  const before = server.store.batches.length;
  const { position } = await takeFrom(bob, carol);
  expect(server.store.batches).toHaveLength(before + 1);
  expect(position).toEqual({ origin: server.origin, sequence: server.registry.vector.get(server.origin) });
  expect([await nameOf(bob), await nameOf(carol), await nameOf(ada)]).toEqual([null, null, "ada"]);
});

it("[RYW1] the position is of what this server wrote, where the player owns the name by the claim it has", async () => {
  const carol = (await register(peer, "grace")).player.id;
  const grace = (await register(server, "grace")).player.id;
  await deliver(peer, server);
  const [owner, loser] = await ownerFirst(carol, grace);
  const claimed = (await server.registry.players.read(loser)).heads[0] ?? "";
  const restoration = { path: "username", change: claimed, takeFrom: [owner] };
  const request = { key: hashOf("key"), fingerprint: hashOf("fingerprint"), addedId: idOf(1) };
  const restore = () => server.registry.players.restore(loser, restoration, { ...OPS, request });
  const { handle, position } = await restore();
  expect(handle).toBe("grace");
  expect(position).toEqual({ origin: server.origin, sequence: server.registry.vector.get(server.origin) });
  // [IDM1] The same when the request is made again.
  expect((await restore()).position).toEqual(position);
});

async function ownerFirst(one: string, other: string): Promise<[string, string]> {
  const { usernameStatus } = await server.registry.players.read(one);
  return usernameStatus === "lost" ? [other, one] : [one, other];
}

it("[AUD1] the note of what an operator did stands before it: whoever has the one has the other", async () => {
  const { players, membership } = server.registry;
  await deliver(peer, server);
  const carol = (await register(peer, "carol")).player.id;
  await deliver(peer, server);
  const last = () => ({ origin: server.origin, sequence: server.registry.vector.get(server.origin) });
  expect((await players.ban(bob, { reason: "cheated", untilMs: null }, OPS)).position).toEqual(last());
  expect((await takeFrom(bob)).position).toEqual(last());
  expect((await players.merge(ada, bob, OPS)).position).toEqual(last());
  expect((await players.erase(carol, OPS)).position).toEqual(last());
  expect(await membership.forget({ server: "server-2", heard: [] }, OPS)).toEqual(last());
  const { items } = await server.registry.audits({ limit: 10 });
  expect(items.map(({ record }) => record.action)).toEqual([
    "forget",
    "erase",
    "merge",
    "restore",
    "restore",
    "ban",
  ]);
});
