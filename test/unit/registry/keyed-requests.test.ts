/** Requests that are made again, where they are written (IDM1 to IDM6). HTTP is in test/unit/http/idempotency.test.ts. */
import { beforeEach, describe, expect, it } from "vitest";
import type { KeyedRequest } from "../../../src/registry/request-memory.ts";
import { OutcomeUnknownError, StorageFullError } from "../../../src/storage/errors.ts";
import { eventually } from "../../support/eventually.ts";
import { hashOf, idOf } from "../../support/log-fixtures.ts";
import { settled } from "../../support/settled.ts";
import {
  AUTHOR,
  deliver,
  hold,
  recovered,
  startTestServer,
  type TestServer,
} from "../../support/test-server.ts";

const FOREVER = { reason: "cheats", untilMs: null };
const DAY_MS = 86_400_000;

function requestOf(number: number, fields: Partial<KeyedRequest> = {}): KeyedRequest {
  const [key, fingerprint] = [hashOf(`key ${number}`), hashOf(`fingerprint ${number}`)];
  return { key, fingerprint, addedId: idOf(0xadd0 + number), ...fields };
}

let server: TestServer;
let id: string;
beforeEach(async () => {
  server = await startTestServer();
  ({ id } = (await server.registry.players.register({ fields: {} }, AUTHOR)).player);
});

const ban = (request: KeyedRequest, at = server) =>
  at.registry.players.ban(id, FOREVER, { ...AUTHOR, request });
const bansAt = async (at: TestServer) => (await at.registry.players.read(id)).player.bans;

describe("a request with a key", () => {
  it("[IDM1] is made once: again it has the same position, and nothing is written", async () => {
    const first = await ban(requestOf(1));
    await server.registry.players.edit(id, { region: "eu" }, AUTHOR);
    const [digest, batches] = [server.registry.digest(), server.store.batches.length];
    const again = await ban(requestOf(1));
    expect(again.position).toEqual(first.position);
    expect(again.ban).toEqual(first.ban);
    // The record is answered as it is by then.
    expect(again.player.region).toBe("eu");
    expect(server.registry.digest()).toEqual(digest);
    expect(server.store.batches.slice(batches)).toEqual([]);
    expect(await bansAt(server)).toHaveLength(1);
  });

  it("[IDM1] stored by a commit whose answer was lost is answered from what stands", async () => {
    server.store.commitFaults.push({ error: new OutcomeUnknownError(), stored: true });
    await expect(ban(requestOf(1))).rejects.toMatchObject({ retryable: true });
    await recovered(server);
    const [last] = (await server.entries()).slice(-1);
    const again = await ban(requestOf(1));
    expect(again.position).toEqual({ origin: last?.origin, sequence: last?.sequence });
    expect(again.ban).toMatchObject({ reason: "cheats" });
    expect(await bansAt(server)).toHaveLength(1);
  });

  it("[IDM1] is known to the next process on the database", async () => {
    const first = await ban(requestOf(1));
    await server.registry.close();
    await server.store.close();
    const next = await startTestServer({ number: 2, disk: server.disk });
    expect((await ban(requestOf(1), next)).position).toEqual(first.position);
    expect(await bansAt(next)).toHaveLength(1);
  });

  it("[IDM1] that slipped in behind a commit of unknown outcome is refused by the store, and answered by it", async () => {
    const { registry, store } = server;
    const edit = () => registry.players.edit(id, { region: "eu" }, { ...AUTHOR, request: requestOf(1) });
    const first = await edit();
    await registry.players.edit(id, { region: "us" }, AUTHOR);
    const known = store.request.bind(store);
    let isHidden = true;
    store.request = async (key) => {
      const found = isHidden ? undefined : await known(key);
      isHidden = false;
      return found;
    };
    const again = await edit();
    expect([again.position, again.player.region]).toEqual([first.position, "us"]);
  });

  it("[IDM1] that changed nothing is remembered too", async () => {
    const { matches } = server.registry;
    const { match } = await matches.create({ mode: "duel", capacity: 2, hostId: id }, AUTHOR);
    await matches.start(match.id, AUTHOR);
    const keyed = { ...AUTHOR, request: requestOf(1) };
    const first = await matches.start(match.id, keyed);
    const settlement = { ranks: { [id]: 1 }, reason: "seen" };
    const finished = await matches.settle(match.id, settlement, AUTHOR);
    const again = await matches.start(match.id, keyed);
    expect(again.position).toEqual(first.position);
    expect(again.position).not.toEqual(finished.position);
    expect(again.match.state).toBe("finished");
  });

  it("[IDM2] is refused when it is another one with the key of the first", async () => {
    await ban(requestOf(1));
    const other = requestOf(2, { key: requestOf(1).key });
    await expect(ban(other)).rejects.toMatchObject({ code: "idempotency-key-reused" });
    expect(await bansAt(server)).toHaveLength(1);
  });

  it("[IDM3] waits for the first, and is answered as that was", async () => {
    const release = hold(server);
    const all = Promise.all([ban(requestOf(1)), ban(requestOf(1)), ban(requestOf(1))]);
    const other = ban(requestOf(2, { key: requestOf(1).key })).catch((error: unknown) => error);
    await settled();
    release();
    const positions = (await all).map(({ position }) => position);
    expect(new Set(positions.map(({ sequence }) => sequence)).size).toBe(1);
    expect(await other).toMatchObject({ code: "idempotency-key-reused" });
    expect(await bansAt(server)).toHaveLength(1);
  });

  it("[IDM3] that waited for one that failed is made itself", async () => {
    server.store.commitFaults.push({ error: new StorageFullError(undefined), stored: false });
    const [first, second] = await Promise.allSettled([ban(requestOf(1)), ban(requestOf(1))]);
    expect(first).toMatchObject({ status: "rejected", reason: { code: "storage-full" } });
    expect(second).toMatchObject({ status: "fulfilled" });
    expect(await bansAt(server)).toHaveLength(1);
  });

  it("[IDM4] that was refused is not remembered", async () => {
    const { matches } = server.registry;
    const { match } = await matches.create({ mode: "duel", capacity: 2 }, AUTHOR);
    const keyed = { ...AUTHOR, request: requestOf(1) };
    await expect(matches.start(match.id, keyed)).rejects.toMatchObject({ code: "match-empty" });
    await matches.join(match.id, id, AUTHOR);
    expect((await matches.start(match.id, keyed)).match.state).toBe("running");
  });

  it("[IDM5] is forgotten after a day, not before", async () => {
    await ban(requestOf(1));
    server.wall.nowMs += DAY_MS;
    await server.registry.requests.forget();
    await ban(requestOf(1));
    expect(await bansAt(server)).toHaveLength(1);
    server.wall.nowMs += 1;
    await server.registry.requests.forget();
    expect(server.disk.requests.size).toBe(0);
  });

  it("[ERA1] [IDM1] leaves nothing behind when the player is erased", async () => {
    await ban(requestOf(1));
    await server.registry.players.erase(id, AUTHOR);
    expect(server.disk.requests.size).toBe(0);
    await expect(ban(requestOf(1))).rejects.toMatchObject({ code: "player-erased" });
    expect(server.disk.requests.size).toBe(0);
  });

  it("[ERA1] [IDM1] leaves nothing behind when the erasure comes with it in one batch", async () => {
    const peer = await startTestServer({ number: 2 });
    await deliver(server, peer);
    await peer.registry.players.erase(id, AUTHOR);
    const erasure = await peer.entries();
    const release = hold(server);
    const blocked = server.registry.players.register({ fields: {} }, AUTHOR);
    await settled();
    const banned = ban(requestOf(1));
    await settled();
    const received = server.registry.receive(erasure);
    await eventually(() => expect(server.registry.condition().waiting).toBe(1 + erasure.length));
    release();
    await Promise.all([blocked, received, banned.catch(() => undefined)]);
    const [last] = server.store.batches.slice(-1);
    expect([last?.erased, last?.requests.map(({ documentId }) => documentId)]).toEqual([[id], [id]]);
    await expect(server.registry.players.read(id)).rejects.toMatchObject({ code: "player-erased" });
    expect(server.disk.requests.size).toBe(0);
  });

  it("[ID2] [IDM6] adds one ban where it was made at two servers", async () => {
    const peer = await startTestServer({ number: 2 });
    await deliver(server, peer);
    const first = await ban(requestOf(1));
    const second = await ban(requestOf(1), peer);
    expect(second.ban.id).toBe(first.ban.id);
    await deliver(server, peer);
    await deliver(peer, server);
    expect(await bansAt(server)).toHaveLength(1);
    expect(await bansAt(peer)).toEqual(await bansAt(server));
    // Where it was heard of before, it is there.
    const third = await startTestServer({ number: 3 });
    await deliver(server, third);
    expect((await ban(requestOf(1), third)).ban.id).toBe(first.ban.id);
    expect(third.registry.digest()).toEqual(server.registry.digest());
  });
});
