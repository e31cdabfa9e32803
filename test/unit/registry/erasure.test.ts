import { describe, expect, it } from "vitest";
import { ENTRY_KIND, encodeErasure } from "../../../crdt/entry.ts";
import { playerIdOfIdentity } from "../../../crdt/ids.ts";
import { PlayerErasedError } from "../../../crdt/player-errors.ts";
import { PlayerNotFoundError } from "../../../src/registry/errors.ts";
import { BatchRefusedError } from "../../../src/storage/errors.ts";
import { entryOf, originOf, STAMP } from "../../support/log-fixtures.ts";
import { AUTHOR, deliver, REALM, startTestServer } from "../../support/test-server.ts";

const ADA = { provider: "device", subject: "ada" };

/** Two servers that both know Ada, and hear nothing of each other from then on. */
async function split() {
  const one = await startTestServer({ number: 1 });
  const other = await startTestServer({ number: 2 });
  const { player } = await one.registry.players.register(
    { identity: ADA, fields: { username: "Ada" } },
    AUTHOR,
  );
  await deliver(one, other);
  return { one, other, id: player.id };
}

describe("erasing a player", () => {
  it("[ERA1] drops what a partitioned server wrote meanwhile, and leaves nothing of any change", async () => {
    const { one, other, id } = await split();
    await one.registry.players.erase(id, AUTHOR);
    await other.registry.players.edit(id, { displayName: "Ada L." }, AUTHOR);
    await deliver(one, other);
    await deliver(other, one);
    for (const { registry, entries, disk } of [one, other]) {
      await expect(registry.players.read(id)).rejects.toThrow(PlayerErasedError);
      await expect(registry.players.register({ identity: ADA, fields: {} }, AUTHOR)).rejects.toThrow(
        PlayerErasedError,
      );
      for (const { origin } of [one, other]) {
        const changes = (await entries(origin)).filter(({ kind }) => kind === 2);
        expect(changes.length).toBeGreaterThan(0);
        for (const { hash, body } of changes) expect([hash, body.byteLength]).toEqual([null, 0]);
      }
      expect(disk.players.size).toBe(0);
    }
    expect(other.registry.digest()).toEqual(one.registry.digest());
  });

  it("[ERA1] frees the name at once", async () => {
    const { one, id } = await split();
    await one.registry.players.erase(id, AUTHOR);
    const next = await one.registry.players.register({ fields: { username: "ada" } }, AUTHOR);
    expect(next).toMatchObject({ handle: "ada" });
  });

  it("[ERA2] is all that a server shows that was restored from before it", async () => {
    const { one, other, id } = await split();
    await one.registry.players.erase(id, AUTHOR);
    const restored = await startTestServer({ number: 3 });
    // What it hears first is the erasure: of the changes before it there is nothing left to hear.
    await deliver(one, restored);
    await expect(restored.registry.players.read(id)).rejects.toThrow(PlayerErasedError);
    await deliver(other, restored);
    await expect(restored.registry.players.read(id)).rejects.toThrow(PlayerErasedError);
    expect(restored.registry.digest().stateDigest).toBe(one.registry.digest().stateDigest);
  });

  it("of nobody is refused", async () => {
    const { one } = await split();
    await expect(one.registry.players.erase("00000000-0000-8000-8000-000000000001", AUTHOR)).rejects.toThrow(
      PlayerNotFoundError,
    );
  });

  it("[ERA1] again, as the answer was lost, or at the same moment, comes to the same and makes no entry", async () => {
    const { one, other, id } = await split();
    const twice = await Promise.all([one, one].map(({ registry }) => registry.players.erase(id, AUTHOR)));
    const before = one.registry.digest();
    const again = await one.registry.players.erase(id, AUTHOR);
    expect([...twice, again]).toEqual(Array(3).fill(twice[0]));
    await deliver(one, other);
    expect(await other.registry.players.erase(id, AUTHOR)).toEqual(again);
    expect([one, other].map(({ registry }) => registry.digest())).toEqual([before, before]);
  });
});

describe("what concerns an erased player", () => {
  it("[ERA1] keeps no content when it comes late, also where nobody understands it", async () => {
    const { one, id } = await split();
    await one.registry.players.erase(id, AUTHOR);
    const origin = originOf(7);
    const body = new TextEncoder().encode("Ada Lovelace");
    await one.registry.receive([
      entryOf({ sequence: 1, origin, kind: 99, version: 2, documentId: id, hash: null, body }),
      entryOf({ sequence: 2, origin, documentId: id, body }),
    ]);
    for (const entry of await one.entries(origin)) expect(entry.body.byteLength).toBe(0);
    expect([...one.disk.quarantine.values()].map(({ detail }) => detail)).toEqual([""]);
  });

  it("[ERA1] takes a match away whole that it names, before or after the match is known", async () => {
    const [before, after] = [await startTestServer({ number: 1 }), await startTestServer({ number: 2 })];
    const { registry: there } = before;
    const { player } = await there.players.register({ fields: {} }, AUTHOR);
    const { player: rival } = await there.players.register({ fields: {} }, AUTHOR);
    const { match } = await there.matches.create({ mode: "duel", capacity: 2, hostId: player.id }, AUTHOR);
    await there.matches.join(match.id, rival.id, AUTHOR);
    await there.matches.start(match.id, AUTHOR);
    const ranks = { [player.id]: 1, [rival.id]: 2 };
    for (const { id } of [player, rival]) await there.matches.report(match.id, id, ranks, AUTHOR);
    const note = `${STAMP} erase`;
    const erasure = entryOf({
      sequence: 1,
      origin: originOf(7),
      kind: ENTRY_KIND.erasure,
      documentId: match.id,
      hash: null,
      body: encodeErasure(note),
    });
    for (const server of [before, after]) await server.registry.receive([erasure]);
    expect(before.committed.at(-1)).toMatchObject({ entries: 1, ratingsMarked: true });
    await deliver(before, after);
    for (const { registry } of [before, after]) {
      expect((await registry.matchReads.list({ limit: 9 })).items).toEqual([]);
      expect((await registry.matchReads.ofPlayer(player.id, { limit: 9 })).items).toEqual([]);
    }
    expect(after.registry.digest()).toEqual(before.registry.digest());
  });

  it("[ERA1] [CLM4] does not keep out who has linked its identity since", async () => {
    const { one, id } = await split();
    await one.registry.players.erase(id, AUTHOR);
    const eve = await one.registry.players.register({ fields: {} }, AUTHOR);
    await one.registry.players.linkIdentity(eve.player.id, ADA, AUTHOR);
    const again = await one.registry.players.register({ identity: ADA, fields: {} }, AUTHOR);
    expect(again).toMatchObject({ player: { id: eve.player.id }, created: false });
  });
});

describe("players who were merged", () => {
  it("[CLM4] give an account up wherever both sides of a split linked it", async () => {
    const { one, other, id } = await split();
    const eve = await one.registry.players.register({ fields: {} }, AUTHOR);
    await deliver(one, other);
    const account = { provider: "epic", subject: "both" };
    await one.registry.players.linkIdentity(id, account, AUTHOR);
    await other.registry.players.linkIdentity(eve.player.id, account, AUTHOR);
    await deliver(other, one);
    await one.registry.players.merge(id, eve.player.id, AUTHOR);
    expect((await one.registry.players.read(id, { whole: true })).identities).toMatchObject([ADA, account]);
    const { identities } = await one.registry.players.unlinkIdentity(id, account, AUTHOR);
    expect(identities).toMatchObject([ADA]);
    const linked = [...one.disk.players.values()].flatMap(({ player }) => player.identities);
    expect(linked).toMatchObject([ADA]);
  });

  it("[ERA1] are erased at once or not at all, the survivor last", async () => {
    const { registry, store, disk, entries } = await startTestServer();
    const made = await Promise.all([1, 2, 3].map(() => registry.players.register({ fields: {} }, AUTHOR)));
    const [first = "", second = "", third = ""] = made.map(({ player }) => player.id).sort();
    await registry.players.merge(first, third, AUTHOR);
    store.refuses = ({ erased }) => erased.length > 0;
    const merge = registry.players.merge(second, third, AUTHOR); // in the same group of tasks
    await expect(registry.players.erase(second, AUTHOR)).rejects.toThrow(BatchRefusedError);
    await merge;
    expect(disk.players.size).toBe(3);
    store.refuses = () => false;
    await registry.players.erase(second, AUTHOR);
    expect(disk.players.size).toBe(0);
    const erasures = (await entries()).slice(-3).map(({ documentId }) => documentId);
    expect(erasures).toEqual([second, third, first]);
  });

  it("[CLM4] stand for themselves again once the one they were merged into is erased, whatever came first", async () => {
    const { one, other, id } = await split();
    const eve = await other.registry.players.register(
      { identity: { ...ADA, subject: "eve" }, fields: {} },
      AUTHOR,
    );
    await other.registry.players.merge(id, eve.player.id, AUTHOR);
    await one.registry.players.erase(id, AUTHOR);
    const third = await startTestServer({ number: 3 });
    await deliver(other, third);
    await deliver(one, third);
    await deliver(one, other);
    await deliver(other, one);
    const shown = await Promise.all(
      [one, other, third].map(async ({ registry }) => (await registry.players.list({ limit: 9 })).items),
    );
    for (const items of shown)
      expect(items.map(({ player }) => player.id)).toEqual(shown[0]?.map((v) => v.player.id));
    expect(third.registry.digest().stateDigest).toBe(one.registry.digest().stateDigest);
    expect(other.registry.digest().stateDigest).toBe(one.registry.digest().stateDigest);
  });

  it("[CLM4] stand for themselves where the other's changes waited when it was erased", async () => {
    const [zero, one, two] = await Promise.all([1, 2, 3].map((number) => startTestServer({ number })));
    if (!zero || !one || !two) throw new RangeError("three servers were started");
    const identities = ["ada", "eve"].map((subject) => ({ ...ADA, subject }));
    const byId = identities.sort((a, b) =>
      playerIdOfIdentity(REALM, a) < playerIdOfIdentity(REALM, b) ? -1 : 1,
    );
    const [lesser, greater] = byId as [typeof ADA, typeof ADA];
    const { player: b } = await zero.registry.players.register({ identity: lesser, fields: {} }, AUTHOR);
    await deliver(zero, one);
    await one.registry.players.edit(b.id, { region: "eu" }, AUTHOR);
    const { player: d } = await one.registry.players.register({ identity: greater, fields: {} }, AUTHOR);
    await one.registry.players.merge(d.id, b.id, AUTHOR);
    await zero.registry.players.erase(b.id, AUTHOR);
    await two.registry.receive(await one.entries()); // the edit waits for the registration
    await deliver(zero, two);
    await deliver(zero, one);
    expect((await two.registry.players.read(d.id)).player.id).toBe(d.id);
    expect((await one.registry.players.read(d.id)).player.id).toBe(d.id);
    expect(two.registry.digest().stateDigest).toBe(one.registry.digest().stateDigest);
  });
});
