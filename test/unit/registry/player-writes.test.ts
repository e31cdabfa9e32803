import { describe, expect, it } from "vitest";
import { ENTRY_KIND, serverThatBegan } from "../../../crdt/entry.ts";
import { stampMs } from "../../../crdt/hybrid-clock.ts";
import { documentIdOfKey, playerIdOfIdentity } from "../../../crdt/ids.ts";
import { PlayerNotFoundError, PreconditionFailedError } from "../../../src/registry/errors.ts";
import { idOf } from "../../support/log-fixtures.ts";
import { AUTHOR, deliver, REALM, startTestServer } from "../../support/test-server.ts";

const ADA = { provider: "steam", subject: "1" };

describe("registering a player", () => {
  it("[ID1] gives the same player to the same identity, and fills only what is unset", async () => {
    const { registry } = await startTestServer();
    const first = await registry.players.register(
      { identity: ADA, fields: { username: "Ada", metadata: { level: 1 } } },
      AUTHOR,
    );
    expect(first).toMatchObject({ created: true, player: { id: playerIdOfIdentity(REALM, ADA) } });
    const again = await registry.players.register(
      { identity: ADA, fields: { username: "Eve", region: "eu", metadata: { level: 9, clan: "x" } } },
      AUTHOR,
    );
    expect(again.created).toBe(false);
    expect(again.player).toEqual({
      ...first.player,
      region: "eu",
      metadata: { level: 1, clan: "x" },
    });
    expect(await registry.players.read(first.player.id)).toMatchObject({
      player: again.player,
      heads: again.heads,
    });
    expect(registry.digest().documents).toBe(1);
  });

  it("[ID1] twice at once with one identity makes one player with the fields of both", async () => {
    const { registry, store } = await startTestServer();
    const [one, other] = await Promise.all([
      registry.players.register({ identity: ADA, fields: { username: "Ada" } }, AUTHOR),
      registry.players.register({ identity: ADA, fields: { username: "Eve", region: "eu" } }, AUTHOR),
    ]);
    expect(store.batches).toHaveLength(1);
    expect([one.created, other.created]).toEqual([true, false]);
    expect(other.player).toMatchObject({ id: one.player.id, username: "Ada", region: "eu" });
    expect(registry.digest().documents).toBe(1);
    expect((await registry.players.list({ limit: 9 })).items.map(({ player }) => player)).toEqual([
      other.player,
    ]);
  });

  it("[ID2] gives the same player to the same idempotency key, unless there is an identity", async () => {
    const { registry } = await startTestServer();
    const fields = { displayName: "A" };
    const one = await registry.players.register({ idempotencyKey: "k", fields }, AUTHOR);
    const retry = await registry.players.register({ idempotencyKey: "k", fields }, AUTHOR);
    expect(one.player.id).toBe(documentIdOfKey(REALM, "player", "k"));
    expect(retry).toEqual({ ...one, created: false });
    const identified = await registry.players.register(
      { idempotencyKey: "k", identity: ADA, fields },
      AUTHOR,
    );
    expect(identified).toMatchObject({ created: true, player: { id: playerIdOfIdentity(REALM, ADA) } });
  });

  it("[ID2] makes a new player each time when there is neither identity nor key", async () => {
    const { registry } = await startTestServer();
    const fields = { displayName: "Ada" };
    const ids = await Promise.all(
      [1, 2].map(async () => (await registry.players.register({ fields }, AUTHOR)).player.id),
    );
    expect(new Set(ids).size).toBe(2);
    expect(registry.digest().documents).toBe(2);
  });

  it("[ID4] begins the origin with an entry that names the server, with the first write and only then", async () => {
    const { registry, entries, origin } = await startTestServer({ name: "eu-1" });
    expect(await entries()).toEqual([]);
    await expect(registry.players.edit(idOf(7), {}, AUTHOR)).rejects.toThrow(PlayerNotFoundError);
    expect(await entries()).toEqual([]);
    expect(registry.serverOf(origin)).toBeUndefined();
    const { position } = await registry.players.register({ fields: {} }, AUTHOR);
    await registry.players.register({ fields: {} }, AUTHOR);
    expect(position).toEqual({ origin, sequence: 2 });
    const [began, ...changes] = await entries();
    expect(began && serverThatBegan(began)).toBe("eu-1");
    expect(changes.map(({ kind }) => kind)).toEqual([ENTRY_KIND.playerChange, ENTRY_KIND.playerChange]);
    expect(registry.serverOf(origin)).toBe("eu-1");
  });

  it("[ID4] a restart begins a new origin, and knows whose the former was", async () => {
    const before = await startTestServer({ number: 1, name: "eu-1" });
    await before.registry.players.register({ identity: ADA, fields: {} }, AUTHOR);
    await before.registry.close();
    await before.store.close();
    const after = await startTestServer({ number: 2, name: "eu-1", disk: before.disk });
    expect(after.registry.digest()).toEqual(before.registry.digest());
    const { position } = await after.registry.players.register(
      { identity: ADA, fields: { region: "eu" } },
      AUTHOR,
    );
    expect(position).toEqual({ origin: after.origin, sequence: 2 });
    expect(after.registry.serverOf(before.origin)).toBe("eu-1");
    expect(after.registry.digest()).toMatchObject({ documents: 1, entries: 4 });
  });
});

describe("editing a player", () => {
  it("[PLY1] sets, unsets and merges metadata by key", async () => {
    const { registry } = await startTestServer();
    const { player } = await registry.players.register(
      { fields: { username: "Ada", region: "eu", metadata: { a: 1, b: true } } },
      AUTHOR,
    );
    const patch = { username: "Eve", region: null, metadata: { a: null, c: "😀" } };
    const edited = await registry.players.edit(player.id, patch, AUTHOR);
    expect(edited).toMatchObject({ created: false, position: { sequence: 3 } });
    expect(edited.player).toEqual({
      ...player,
      username: "Eve",
      usernameClaim: edited.player.usernameClaim,
      region: null,
      metadata: { b: true, c: "😀" },
    });
    expect(await registry.players.read(player.id)).toMatchObject({
      player: edited.player,
      heads: edited.heads,
    });
  });

  it("[ID1] of a player who comes back is found, although the last hundred to register were new", async () => {
    const { registry, store } = await startTestServer();
    const first = await registry.players.register({ identity: ADA, fields: { region: "eu" } }, AUTHOR);
    for (let i = 0; i < 100; i++)
      await registry.players.register({ idempotencyKey: `key-${i}`, fields: {} }, AUTHOR);
    const asked = store.documentsAsked;
    await registry.players.register({ idempotencyKey: "key-new", fields: {} }, AUTHOR);
    expect(store.documentsAsked, "what is presumed new is not asked for").toBe(asked);

    const again = await registry.players.register(
      { identity: ADA, fields: { region: "us", platform: "pc" } },
      AUTHOR,
    );
    expect(again).toMatchObject({ created: false, player: { region: "eu", platform: "pc" } });
    expect(again.player.id).toBe(first.player.id);
    expect(registry.digest().documents).toBe(102);
    expect(store.documentsAsked, "and now is").toBe(asked + 1);
    await registry.players.register({ idempotencyKey: "key-newer", fields: {} }, AUTHOR);
    expect(store.documentsAsked, "for a while").toBe(asked + 2);
  });

  it("that changes nothing makes no entry, and answers with the position of what is there", async () => {
    const { registry, origin, committed } = await startTestServer();
    const { player, heads } = await registry.players.register({ fields: { username: "Ada" } }, AUTHOR);
    await registry.players.register({ fields: {} }, AUTHOR);
    const digest = registry.digest();
    committed.length = 0;
    const same = await registry.players.edit(player.id, { username: "Ada", region: null }, AUTHOR);
    expect(same).toMatchObject({ player, heads, created: false, position: { origin, sequence: 2 } });
    expect(registry.digest()).toEqual(digest);
    expect(committed).toEqual([]);
  });

  it("of an unknown player, or on a condition that does not hold, stores nothing", async () => {
    const { registry, entries } = await startTestServer();
    const { player, heads } = await registry.players.register({ fields: {} }, AUTHOR);
    await expect(registry.players.edit(idOf(5), { region: "eu" }, AUTHOR)).rejects.toThrow(
      PlayerNotFoundError,
    );
    await expect(registry.players.read(idOf(5))).rejects.toThrow(PlayerNotFoundError);
    const refuse = registry.players.edit(
      player.id,
      { region: "eu" },
      { ...AUTHOR, precondition: (now) => now[0] !== heads[0] },
    );
    await expect(refuse).rejects.toThrow(PreconditionFailedError);
    expect(await entries()).toHaveLength(2);
    const allow = registry.players.edit(
      player.id,
      { region: "eu" },
      { ...AUTHOR, precondition: (now) => now[0] === heads[0] },
    );
    expect((await allow).player.region).toBe("eu");
  });

  it("of several edits at once, each sees the one before, and a refused one harms no other", async () => {
    const { registry, store } = await startTestServer();
    const { player } = await registry.players.register({ fields: {} }, AUTHOR);
    store.batches.length = 0;
    const results = await Promise.allSettled([
      registry.players.edit(player.id, { metadata: { a: 1 } }, AUTHOR),
      registry.players.edit(idOf(5), { metadata: { a: 1 } }, AUTHOR),
      registry.players.edit(player.id, { metadata: { b: 2 } }, AUTHOR),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(store.batches).toHaveLength(1);
    expect((await registry.players.read(player.id)).player.metadata).toEqual({ a: 1, b: 2 });
  });

  it("of a player whose document left the cache goes on from what is stored", async () => {
    const one = await startTestServer({ number: 1 });
    const { player } = await one.registry.players.register({ fields: { metadata: { a: 1 } } }, AUTHOR);
    await one.registry.players.edit(player.id, { metadata: { b: 2 } }, AUTHOR);
    const before = await startTestServer({ number: 2 });
    await deliver(one, before);
    await before.registry.close();
    await before.store.close();
    const other = await startTestServer({ number: 3, disk: before.disk });
    expect(other.registry.condition().cachedDocuments).toBe(0);
    const edited = await other.registry.players.edit(player.id, { metadata: { c: 3 } }, AUTHOR);
    expect(edited.player.metadata).toEqual({ a: 1, b: 2, c: 3 });
    await deliver(other, one);
    expect(one.registry.digest()).toEqual(other.registry.digest());
  });
});

describe("the clock of a registry", () => {
  it("[CLK1] never goes back: not with the wall clock, not with a restart, and past what it received", async () => {
    const one = await startTestServer({ number: 1 });
    await one.registry.players.register({ fields: {} }, AUTHOR);
    const first = one.registry.clock;
    expect(stampMs(first)).toBe(one.wall.nowMs);
    one.wall.nowMs -= 60_000;
    await one.registry.players.register({ fields: {} }, AUTHOR);
    expect(one.registry.clock > first).toBe(true);

    const behind = await startTestServer({ number: 2 });
    behind.wall.nowMs -= 3_600_000;
    await deliver(one, behind);
    expect(behind.registry.clock).toBe(one.registry.clock);
    await behind.registry.players.register({ fields: {} }, AUTHOR);
    expect(behind.registry.clock > one.registry.clock).toBe(true);

    await behind.registry.close();
    await behind.store.close();
    const restarted = await startTestServer({ number: 3, disk: behind.disk });
    expect(restarted.registry.clock).toBe(behind.registry.clock);
  });
});
