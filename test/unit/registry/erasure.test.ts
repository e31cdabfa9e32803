import { describe, expect, it } from "vitest";
import { PlayerErasedError } from "../../../crdt/player-errors.ts";
import { PlayerNotFoundError } from "../../../src/registry/errors.ts";
import { AUTHOR, deliver, startTestServer } from "../../support/test-server.ts";

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

  it("of nobody, or of one who is erased already, is refused", async () => {
    const { one, id } = await split();
    await expect(one.registry.players.erase("00000000-0000-8000-8000-000000000001", AUTHOR)).rejects.toThrow(
      PlayerNotFoundError,
    );
    await one.registry.players.erase(id, AUTHOR);
    await expect(one.registry.players.erase(id, AUTHOR)).rejects.toThrow(PlayerErasedError);
  });
});

describe("players who were merged", () => {
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
});
