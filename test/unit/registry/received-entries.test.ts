import { describe, expect, it } from "vitest";
import { ENTRY_KIND, type Entry, encodeOriginBegan } from "../../../crdt/entry.ts";
import { PlayerNotFoundError } from "../../../src/registry/errors.ts";
import { entryOf, idOf, originOf } from "../../support/log-fixtures.ts";
import {
  AUTHOR,
  changeEntry,
  deliver,
  setText,
  startTestServer,
  type TestServer,
} from "../../support/test-server.ts";

const PEER = originOf(0xb0);

async function namesOf({ registry }: TestServer): Promise<(string | null)[]> {
  return (await registry.players.list({ limit: 100 })).items.map(({ player }) => player.displayName);
}

/** The change of an entry as another server would find it, with these bytes. */
function withBody(entry: Entry, body: Uint8Array): Entry {
  return { ...entry, body };
}

describe("entries received from a peer", () => {
  it("make the same players and the same digest as where they were written", async () => {
    const one = await startTestServer({ number: 1, name: "eu-1" });
    const { player } = await one.registry.players.register({ fields: { username: "Ada" } }, AUTHOR);
    await one.registry.players.edit(player.id, { region: "eu" }, AUTHOR);
    await one.registry.players.register({ fields: {} }, AUTHOR);
    const other = await startTestServer({ number: 2 });
    await deliver(one, other);
    expect(other.registry.digest()).toEqual(one.registry.digest());
    expect(await other.registry.players.read(player.id)).toEqual(await one.registry.players.read(player.id));
    expect(other.registry.serverOf(one.origin)).toBe("eu-1");
    expect(other.committed.map(({ local, entries }) => [local, entries])).toEqual([[[], 4]]);
  });

  it("that are here already change nothing, in whole or in part", async () => {
    const one = await startTestServer({ number: 1 });
    const { player } = await one.registry.players.register({ fields: {} }, AUTHOR);
    await one.registry.players.edit(player.id, { region: "eu" }, AUTHOR);
    const other = await startTestServer({ number: 2 });
    await deliver(one, other);
    const digest = other.registry.digest();
    const { cachedDocuments } = other.registry.condition();
    other.store.batches.length = 0;
    await deliver(one, other);
    expect(other.registry.digest()).toEqual(digest);
    expect(other.store.batches).toEqual([]);
    expect(other.registry.condition()).toMatchObject({ cachedDocuments });
    await one.registry.players.edit(player.id, { region: "us" }, AUTHOR);
    await deliver(one, other);
    expect(other.store.batches.map(({ entries }) => entries.length)).toEqual([1]);
    expect(other.registry.digest()).toEqual(one.registry.digest());
  });

  it("[ID1] that register a player who is here already merge with it, although presumed new", async () => {
    const identity = { provider: "steam", subject: "42" };
    const one = await startTestServer({ number: 1 });
    const other = await startTestServer({ number: 2 });
    const { player } = await one.registry.players.register({ fields: { region: "eu" }, identity }, AUTHOR);
    await other.registry.players.register({ fields: { displayName: "Ada" }, identity }, AUTHOR);
    await deliver(one, other);
    await deliver(other, one);
    const both = { region: "eu", displayName: "Ada" };
    expect((await other.registry.players.read(player.id)).player).toMatchObject(both);
    expect((await one.registry.players.read(player.id)).player).toMatchObject(both);
    expect(other.registry.digest()).toEqual(one.registry.digest());
  });

  it("that repeat each other within one batch are applied once", async () => {
    const one = await startTestServer({ number: 1 });
    await one.registry.players.register({ fields: {} }, AUTHOR);
    const entries = await one.entries();
    const other = await startTestServer({ number: 2 });
    await Promise.all([other.registry.receive(entries), other.registry.receive(entries)]);
    expect(other.registry.digest()).toEqual(one.registry.digest());
  });

  it("after a hole leave the documents that they are about where they are", async () => {
    const one = await startTestServer({ number: 1 });
    const { player } = await one.registry.players.register({ fields: {} }, AUTHOR);
    await one.registry.players.edit(player.id, { region: "eu" }, AUTHOR);
    const other = await startTestServer({ number: 2 });
    await deliver(one, other);
    expect(other.registry.condition().cachedDocuments).toBe(1);
    await one.registry.players.register({ fields: {} }, AUTHOR);
    await one.registry.players.edit(player.id, { region: "us" }, AUTHOR);
    await other.registry.receive((await one.entries()).slice(4));
    expect(other.registry.condition().cachedDocuments).toBe(1);
    await deliver(one, other);
    expect(other.registry.digest()).toEqual(one.registry.digest());
  });

  it("after a hole are ignored, until what is missing has come", async () => {
    const one = await startTestServer({ number: 1 });
    for (let count = 0; count < 3; count++) await one.registry.players.register({ fields: {} }, AUTHOR);
    const entries = await one.entries();
    const other = await startTestServer({ number: 2 });
    await other.registry.receive(entries.slice(1));
    expect(other.registry.digest()).toMatchObject({ documents: 0, entries: 0, versionVector: {} });
    await other.registry.receive([...entries.slice(0, 2), ...entries.slice(3)]);
    expect(other.registry.vector).toEqual(new Map([[one.origin, 2]]));
    await deliver(one, other);
    expect(other.registry.digest()).toEqual(one.registry.digest());
  });

  it("[UNK1] of an unknown kind or version are stored and forwarded, and stand in nobody's way", async () => {
    const server = await startTestServer();
    const registered = changeEntry({ sequence: 1, documentId: idOf(1), origin: PEER }, [
      setText("displayName", "A"),
    ]);
    const entries = [
      registered,
      entryOf({ sequence: 2, origin: PEER, documentId: idOf(1), version: 2 }),
      entryOf({ sequence: 3, origin: PEER, documentId: null, hash: null, kind: 99 }),
      entryOf({ sequence: 4, origin: PEER, documentId: idOf(1), kind: 99 }),
      entryOf({ sequence: 5, origin: PEER, documentId: null, kind: ENTRY_KIND.playerChange }),
      entryOf({ sequence: 6, origin: PEER, documentId: idOf(2), version: 2 }),
    ];
    await server.registry.receive(entries);
    expect(await server.entries(PEER)).toEqual(entries);
    expect(await server.store.quarantined()).toBe(0);
    expect(server.registry.digest()).toMatchObject({ documents: 1, entries: 6 });

    const edited = await server.registry.players.edit(idOf(1), { region: "eu" }, AUTHOR);
    expect(edited.player).toMatchObject({ displayName: "A", region: "eu" });
    expect(server.trouble).toEqual([]);
    const next = await startTestServer({ number: 2 });
    await deliver(server, next);
    expect(next.registry.digest()).toEqual(server.registry.digest());
  });

  it("[UNK2] that cannot be verified are set aside, and all others applied", async () => {
    const server = await startTestServer();
    const good = (sequence: number) =>
      changeEntry({ sequence, documentId: idOf(sequence), origin: PEER }, [
        setText("displayName", `player ${sequence}`),
      ]);
    const altered = good(2);
    const compressed = good(3);
    const others = changeEntry({ sequence: 4, documentId: idOf(4), origin: originOf(9) }, []);
    await server.registry.receive([
      good(1),
      withBody(
        altered,
        altered.body.map((byte, index) => (index === 20 ? byte ^ 1 : byte)),
      ),
      withBody(
        compressed,
        compressed.body.map((byte, index) => (index === 8 ? 2 : byte)),
      ),
      { ...others, origin: PEER },
      { ...good(5), hash: null },
      withBody(good(6), new Uint8Array()),
      good(7),
      { ...good(8), kind: ENTRY_KIND.originBegan, body: encodeOriginBegan("eu-1") },
    ]);
    expect(await namesOf(server)).toEqual(["player 1", "player 7"]);
    const reasons = [...server.disk.quarantine];
    expect(reasons.map(([key, { reason }]) => [key.split(":")[1], reason])).toEqual([
      ["2", "hash-mismatch"],
      ["3", "not-a-change"],
      ["4", "unexpected-actor"],
      ["5", "hash-mismatch"],
      ["6", "not-a-change"],
    ]);
    expect(server.registry.digest()).toMatchObject({ documents: 2, entries: 8 });
    expect(server.registry.serverOf(PEER)).toBe("eu-1");
  });

  it.each(["in one batch", "after what it contradicts", "after a restart"])(
    "[UNK2] with a change number that its actor gave twice are set aside, %s",
    async (when) => {
      let server = await startTestServer();
      const entries = [
        changeEntry({ sequence: 1, documentId: idOf(1), origin: PEER }, [setText("displayName", "first")]),
        changeEntry({ sequence: 2, documentId: idOf(1), origin: PEER }, [setText("displayName", "second")]),
        changeEntry({ sequence: 3, documentId: idOf(3), origin: PEER }, [setText("displayName", "other")]),
      ];
      if (when === "in one batch") await server.registry.receive(entries);
      else {
        await server.registry.receive(entries.slice(0, 1));
        if (when === "after a restart") {
          await server.registry.close();
          await server.store.close();
          server = await startTestServer({ number: 2, disk: server.disk });
        }
        await server.registry.receive(entries.slice(1));
      }
      expect(await namesOf(server)).toEqual(["first", "other"]);
      expect([...server.disk.quarantine]).toMatchObject([[`${PEER}:2`, { reason: "unappliable" }]]);
      expect(server.registry.digest()).toMatchObject({ documents: 2, entries: 3 });
      const edited = await server.registry.players.edit(idOf(1), { region: "eu" }, AUTHOR);
      expect(edited.player).toMatchObject({ displayName: "first", region: "eu" });
    },
  );

  it("[UNK2] that the database refuses are set aside one by one, and all others applied", async () => {
    const server = await startTestServer();
    const refused = new Set([2, 3, 7, 10]);
    server.store.refuses = ({ entries, quarantined }) =>
      entries.some(
        ({ origin, sequence }) =>
          origin === PEER && refused.has(sequence) && !quarantined.some((row) => row.sequence === sequence),
      );
    const entries = Array.from({ length: 10 }, (_, index) =>
      changeEntry({ sequence: index + 1, documentId: idOf(index), origin: PEER }, [
        setText("displayName", `player ${index + 1}`),
      ]),
    );
    await Promise.all([
      server.registry.receive(entries.slice(0, 6)),
      server.registry.receive(entries.slice(6)),
      server.registry.players.register({ fields: { displayName: "own" } }, AUTHOR),
    ]);
    expect(await namesOf(server)).toEqual([...[1, 4, 5, 6, 8, 9].map((number) => `player ${number}`), "own"]);
    expect([...server.disk.quarantine]).toMatchObject(
      [2, 3, 7, 10].map((number) => [`${PEER}:${number}`, { reason: "refused" }]),
    );
    expect(server.registry.vector.get(PEER)).toBe(10);
    expect(await server.entries(PEER)).toEqual(entries);
    expect(server.registry.condition().mode).toBe("open");
  });

  it("[HIS1] of an edit that came before its registration show once the registration has come", async () => {
    const one = await startTestServer({ number: 1 });
    const { player } = await one.registry.players.register({ fields: { username: "Ada" } }, AUTHOR);
    const other = await startTestServer({ number: 2 });
    await deliver(one, other);
    await other.registry.players.edit(player.id, { region: "eu" }, AUTHOR);

    for (const restart of [false, true]) {
      let third = await startTestServer({ number: 3 });
      await third.registry.receive(await other.entries());
      await expect(third.registry.players.read(player.id)).rejects.toThrow(PlayerNotFoundError);
      await expect(third.registry.players.edit(player.id, { region: "us" }, AUTHOR)).rejects.toThrow(
        PlayerNotFoundError,
      );
      expect((await third.registry.players.list({ limit: 9 })).items).toEqual([]);
      expect(third.registry.digest()).toMatchObject({ documents: 0, entries: 2 });
      if (restart) {
        await third.registry.close();
        await third.store.close();
        third = await startTestServer({ number: 4, disk: third.disk });
      }
      await third.registry.receive(await one.entries());
      expect((await third.registry.players.read(player.id)).player).toMatchObject({
        username: "Ada",
        region: "eu",
      });
      expect(third.registry.digest()).toEqual(other.registry.digest());
    }
  });

  it("[ID1] of a registration that waits here for nothing else merge with one made here", async () => {
    const identity = { provider: "steam", subject: "1" };
    const one = await startTestServer({ number: 1 });
    const { player } = await one.registry.players.register({ identity, fields: { username: "Ada" } }, AUTHOR);
    const other = await startTestServer({ number: 2 });
    await deliver(one, other);
    await other.registry.players.edit(player.id, { region: "eu" }, AUTHOR);
    const third = await startTestServer({ number: 3 });
    await third.registry.receive(await other.entries());
    const registered = await third.registry.players.register(
      { identity, fields: { platform: "psn" } },
      AUTHOR,
    );
    expect(registered).toMatchObject({ created: true, player: { id: player.id, region: null } });
    await third.registry.receive(await one.entries());
    await deliver(third, other);
    expect((await third.registry.players.read(player.id)).player).toMatchObject({
      username: "Ada",
      region: "eu",
      platform: "psn",
    });
    expect(third.registry.digest()).toEqual(other.registry.digest());
  });
});
