import { describe, expect, it } from "vitest";
import { nextStamp } from "../../../crdt/hybrid-clock.ts";
import {
  BatchRefusedError,
  DatabaseUnavailableError,
  OutcomeUnknownError,
  StorageFullError,
} from "../../../src/storage/errors.ts";
import { originOf } from "../../support/log-fixtures.ts";
import { settled } from "../../support/settled.ts";
import { AUTHOR, changeEntry, deliver, hold, recovered, startTestServer } from "../../support/test-server.ts";

const ADA = { identity: { provider: "steam", subject: "1" }, fields: { username: "Ada" } };

describe("a commit that fails", () => {
  it("is refused with an error that a retry can help, shows nothing, and the server recovers by itself", async () => {
    const server = await startTestServer();
    const { registry, store } = server;
    const { player } = await registry.players.register({ fields: { region: "eu" } }, AUTHOR);
    await registry.players.edit(player.id, { region: "us" }, AUTHOR);
    expect(registry.condition().cachedDocuments).toBe(1);
    const digest = registry.digest();
    store.commitFaults.push({ error: new DatabaseUnavailableError(), stored: false });
    store.openFaults.push(new DatabaseUnavailableError(), new DatabaseUnavailableError());

    const results = await Promise.allSettled([
      registry.players.register(ADA, AUTHOR),
      registry.players.edit(player.id, { region: "asia" }, AUTHOR),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({ reason: { code: "database-unavailable", retryable: true } });
    }
    expect(registry.condition()).toMatchObject({ mode: "recovering", waiting: 0, cachedDocuments: 0 });
    await expect(registry.players.register(ADA, AUTHOR)).rejects.toThrow(DatabaseUnavailableError);
    expect(registry.digest()).toEqual(digest);

    await recovered(server);
    expect(server.pauses).toEqual([50, 100]);
    expect(registry.digest()).toEqual(digest);
    expect((await registry.players.read(player.id)).player.region).toBe("us");
    expect((await registry.players.edit(player.id, { metadata: { a: 1 } }, AUTHOR)).player).toMatchObject({
      region: "us",
      metadata: { a: 1 },
    });
    expect(await registry.players.register(ADA, AUTHOR)).toMatchObject({ created: true });
    expect(server.trouble).toHaveLength(1);
    const other = await startTestServer({ number: 2 });
    await deliver(server, other);
    expect(other.registry.digest()).toEqual(registry.digest());
  });

  it("with an unknown outcome shows what was stored after all, once the server has recovered", async () => {
    const server = await startTestServer();
    const { registry, store, origin, committed } = server;
    store.commitFaults.push({ error: new OutcomeUnknownError(), stored: true });
    store.openFaults.push(new DatabaseUnavailableError());
    await expect(registry.players.register(ADA, AUTHOR)).rejects.toMatchObject({ retryable: true });
    expect(registry.digest()).toMatchObject({ documents: 0 });
    expect(committed).toEqual([]);
    await recovered(server);
    expect(registry.digest()).toMatchObject({ documents: 1, entries: 2 });
    expect(committed).toMatchObject([{ local: [], entries: 0, vector: new Map([[origin, 2]]) }]);
    expect(await registry.players.register(ADA, AUTHOR)).toMatchObject({
      created: false,
      position: { sequence: 2 },
    });
    expect(await registry.players.register({ fields: {} }, AUTHOR)).toMatchObject({
      position: { sequence: 3 },
    });
  });

  it("takes with it what was queued behind it and comes up before the server has recovered", async () => {
    const server = await startTestServer();
    const { registry, store } = server;
    const release = hold(server);
    store.commitFaults.push({ error: new OutcomeUnknownError(), stored: false });
    store.openFaults.push(new DatabaseUnavailableError(), new DatabaseUnavailableError());
    const first = registry.players.register(ADA, AUTHOR);
    await settled();
    const second = registry.players.register({ fields: {} }, AUTHOR);
    const third = registry.receive([changeEntry({ sequence: 1, documentId: "x", origin: originOf(9) }, [])]);
    await settled();
    release();
    const results = await Promise.allSettled([first, second, third]);
    expect(results.map((result) => result.status === "rejected" && result.reason.code)).toEqual([
      "outcome-unknown",
      "database-unavailable",
      "database-unavailable",
    ]);
    await recovered(server);
    expect(registry.digest()).toMatchObject({ documents: 0, entries: 0 });
  });

  it("for want of room is refused, and the next one tried at once", async () => {
    const server = await startTestServer();
    const { registry, store } = server;
    store.commitFaults.push({ error: new StorageFullError(new Error("disk full")), stored: false });
    store.openFaults.push(new DatabaseUnavailableError());
    await expect(registry.players.register(ADA, AUTHOR)).rejects.toMatchObject({
      code: "storage-full",
      retryable: true,
    });
    await settled();
    expect(registry.condition().mode).toBe("open");
    expect(store.openFaults).toHaveLength(1);
    expect(await registry.players.register(ADA, AUTHOR)).toMatchObject({
      created: true,
      position: { sequence: 2 },
    });
  });

  it("because it takes too long is made in halves, of what clients send and of what peers send", async () => {
    const peer = await startTestServer({ number: 1 });
    for (const displayName of ["a", "b", "c", "d", "e"]) {
      await peer.registry.players.register({ fields: { displayName } }, AUTHOR);
    }
    const server = await startTestServer({ number: 2 });
    server.store.isSlow = ({ documents }) => documents.length > 2;
    server.store.openFaults.push(new DatabaseUnavailableError());
    await deliver(peer, server);
    const names = ["f", "g", "h", "i"];
    await Promise.all(
      names.map((displayName) => server.registry.players.register({ fields: { displayName } }, AUTHOR)),
    );
    expect(server.registry.digest()).toMatchObject({ documents: 9 });
    expect(server.registry.condition()).toMatchObject({ mode: "open" });
    expect(await server.store.quarantined()).toBe(0);
    expect(server.store.openFaults).toHaveLength(1);
  });

  it("because everything takes too long is refused after a few tries, and sets nothing aside", async () => {
    const peer = await startTestServer({ number: 1 });
    await peer.registry.players.register(ADA, AUTHOR);
    const server = await startTestServer({ number: 2 });
    server.store.isSlow = () => true;
    const before = server.store.batches.length;
    const registrations = Array.from({ length: 64 }, () =>
      server.registry.players.register({ fields: {} }, AUTHOR),
    );
    const results = await Promise.allSettled(registrations);
    expect(new Set(results.map((result) => result.status === "rejected" && result.reason.code))).toEqual(
      new Set(["database-slow"]),
    );
    expect(server.store.batches.length - before).toBe(4);
    await expect(deliver(peer, server)).rejects.toMatchObject({ code: "database-slow" });
    server.store.isSlow = () => false;
    await deliver(peer, server);
    expect(server.registry.digest()).toMatchObject({ documents: 1 });
    expect((await server.registry.players.list({ limit: 9 })).items).toHaveLength(1);
  });

  it("leaves what is committed alone when somebody who is told of it fails", async () => {
    const server = await startTestServer();
    server.registry.onCommitted(() => {
      throw new TypeError("a listener's fault");
    });
    expect(await server.registry.players.register(ADA, AUTHOR)).toMatchObject({ created: true });
    expect((await server.entries()).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(server.trouble).toEqual([expect.any(TypeError)]);
    expect(server.registry.condition().mode).toBe("open");
  });

  it("because of one write refuses that one, and stores the others in order", async () => {
    const server = await startTestServer();
    const { registry, store } = server;
    store.refuses = ({ players }) => players.some(({ player }) => player.displayName === "bad");
    const names = ["a", "b", "bad", "c", "bad", "d"];
    const results = await Promise.allSettled(
      names.map((displayName) => registry.players.register({ fields: { displayName } }, AUTHOR)),
    );
    expect(results.map(({ status }) => status === "fulfilled")).toEqual(names.map((name) => name !== "bad"));
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(BatchRefusedError);
    }
    const { items } = await registry.players.list({ limit: 9 });
    expect(items.map(({ player }) => player.displayName)).toEqual(["a", "b", "c", "d"]);
    expect(registry.condition().mode).toBe("open");
    expect((await server.entries()).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  });

  it("leaves entries of a peer to be sent again", async () => {
    const one = await startTestServer({ number: 1 });
    await one.registry.players.register(ADA, AUTHOR);
    const other = await startTestServer({ number: 2 });
    other.store.commitFaults.push({ error: new DatabaseUnavailableError(), stored: false });
    await expect(deliver(one, other)).rejects.toThrow(DatabaseUnavailableError);
    await recovered(other);
    await deliver(one, other);
    expect(other.registry.digest()).toEqual(one.registry.digest());
  });

  it("[CLK1] never takes the clock back", async () => {
    const server = await startTestServer();
    await server.registry.players.register({ fields: {} }, AUTHOR);
    const heard = nextStamp(server.registry.clock, server.wall.nowMs + 3_600_000);
    server.registry.observe(heard);
    server.store.commitFaults.push({ error: new OutcomeUnknownError(), stored: false });
    await expect(server.registry.players.register(ADA, AUTHOR)).rejects.toThrow(OutcomeUnknownError);
    await recovered(server);
    expect(server.registry.clock).toBe(heard);
  });
});
