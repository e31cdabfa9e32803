import { describe, expect, it } from "vitest";
import { holds } from "../../../crdt/version-vector.ts";
import { PlayerNotFoundError } from "../../../src/registry/errors.ts";
import { DatabaseUnavailableError, OverloadedError } from "../../../src/storage/errors.ts";
import { eventually } from "../../support/eventually.ts";
import { entriesOf, originOf } from "../../support/log-fixtures.ts";
import { settled } from "../../support/settled.ts";
import { AUTHOR, deliver, hold, startTestServer } from "../../support/test-server.ts";

const ADA = { identity: { provider: "steam", subject: "1" }, fields: { username: "Ada" } };

describe("a registry that has more to write than it can", () => {
  it("refuses what does not fit its queue, takes what clients send none the less, and writes all that it took", async () => {
    const server = await startTestServer();
    const release = hold(server);
    const taken = [server.registry.players.register({ fields: {} }, AUTHOR)];
    await settled();
    const unknown = { origin: originOf(9), documentId: null, hash: null, kind: 99 };
    const received = server.registry.receive(entriesOf(10_000, 1, unknown));
    await eventually(() => expect(server.registry.condition().waiting).toBe(10_000));
    await expect(server.registry.receive(entriesOf(1, 1, unknown))).rejects.toThrow(OverloadedError);
    taken.push(server.registry.players.register({ fields: {} }, AUTHOR));
    await settled();
    expect(server.registry.condition().waiting).toBe(10_001);
    release();
    await Promise.all([...taken, received]);
    expect(server.registry.digest()).toMatchObject({ documents: 2, entries: 10_003 });
  });

  it("writes what waits before it closes, and nothing after that", async () => {
    const server = await startTestServer();
    const written = server.registry.players.register(ADA, AUTHOR);
    await server.registry.close();
    expect(await written).toMatchObject({ created: true });
    await expect(server.registry.players.register({ fields: {} }, AUTHOR)).rejects.toThrow(
      DatabaseUnavailableError,
    );
  });
});

describe("waiting for a position", () => {
  it("ends at once for what is here, when it comes, or when the time is over", async () => {
    const one = await startTestServer({ number: 1 });
    const { position, player } = await one.registry.players.register(ADA, AUTHOR);
    await one.registry.reach(position, 0);
    const other = await startTestServer({ number: 2 });
    await expect(other.registry.reach(position, 1)).rejects.toMatchObject({
      code: "not-replicated-yet",
      retryable: true,
    });
    await expect(other.registry.players.read(player.id)).rejects.toThrow(PlayerNotFoundError);
    const arrival = other.registry.reach(position, 60_000);
    const [began, change] = await one.entries();
    if (!began || !change) throw new Error("a registration makes two entries");
    await other.registry.receive([began]);
    await other.registry.receive([change]);
    await arrival;
    expect((await other.registry.players.read(player.id)).player).toEqual(player);
  });

  it("[RYW1] goes on while its change waits for what another server wrote before", async () => {
    const [one, other, third] = [
      await startTestServer({ number: 1 }),
      await startTestServer({ number: 2 }),
      await startTestServer({ number: 3 }),
    ];
    const { position: first, player } = await one.registry.players.register(ADA, AUTHOR);
    await deliver(one, other);
    const { position } = await other.registry.players.edit(player.id, { region: "eu" }, AUTHOR);
    await third.registry.receive(await other.entries());
    expect(holds(third.registry.vector, position)).toBe(true);
    await expect(third.registry.reach(position, 1)).rejects.toMatchObject({ code: "not-replicated-yet" });
    const shown = Promise.all([third.registry.reach(position, 60_000), third.registry.reach(first, 60_000)]);
    await third.registry.receive(await one.entries());
    await shown;
    expect((await third.registry.players.read(player.id)).player.region).toBe("eu");
    await third.registry.reach(position, 0);
  });

  it("[RYW1] ends for a change whose record was erased before its parents came", async () => {
    const [one, other, third] = [
      await startTestServer({ number: 1 }),
      await startTestServer({ number: 2 }),
      await startTestServer({ number: 3 }),
    ];
    const { player } = await one.registry.players.register(ADA, AUTHOR);
    await deliver(one, other);
    const { position } = await other.registry.players.edit(player.id, { region: "eu" }, AUTHOR);
    await third.registry.receive(await other.entries());
    await expect(third.registry.reach(position, 1)).rejects.toMatchObject({ code: "not-replicated-yet" });
    await other.registry.players.erase(player.id, AUTHOR);
    await deliver(other, third);
    await third.registry.reach(position, 0);
  });
});
