import { describe, expect, it } from "vitest";
import {
  DatabaseInUseError,
  DatabaseUnavailableError,
  OutcomeUnknownError,
} from "../../../src/storage/errors.ts";
import { MemoryDisk } from "../../../src/storage/memory/memory-disk.ts";
import { eventually } from "../../support/eventually.ts";
import { settled } from "../../support/settled.ts";
import { AUTHOR, hold, recovered, startTestServer, type TestServer } from "../../support/test-server.ts";

const ADA = { identity: { provider: "steam", subject: "1" }, fields: { username: "Ada" } };

describe("a server that recovers", () => {
  async function failing(number = 1): Promise<TestServer> {
    const server = await startTestServer({ number });
    server.store.commitFaults.push({ error: new DatabaseUnavailableError(), stored: false });
    return server;
  }

  it("goes on while what is left of its own session still has the lock", async () => {
    const server = await failing();
    server.store.openFaults.push(...Array.from({ length: 5 }, () => new DatabaseInUseError()));
    await expect(server.registry.players.register(ADA, AUTHOR)).rejects.toThrow(DatabaseUnavailableError);
    await recovered(server);
    expect(server.fatal).toEqual([]);
  });

  it("ends when another process serves its database", async () => {
    const server = await failing();
    const inUse = Array.from({ length: 6 }, () => new DatabaseInUseError());
    server.store.openFaults.push(new DatabaseUnavailableError(), ...inUse);
    await expect(server.registry.players.register(ADA, AUTHOR)).rejects.toThrow(DatabaseUnavailableError);
    await eventually(() => expect(server.fatal).toEqual([expect.any(DatabaseInUseError)]));
    expect(server.registry.condition().mode).toBe("closed");
    await expect(server.registry.players.register(ADA, AUTHOR)).rejects.toThrow(DatabaseUnavailableError);
  });

  it("ends when the database has lost what it had committed, as its own sequences would be given twice", async () => {
    const disk = new MemoryDisk();
    const server = await startTestServer({ disk });
    await server.registry.players.register({ fields: {} }, AUTHOR);
    server.store.commitFaults.push({ error: new OutcomeUnknownError(), stored: false });
    disk.log.get(server.origin)?.pop();
    await expect(server.registry.players.register(ADA, AUTHOR)).rejects.toThrow(OutcomeUnknownError);
    await eventually(() => expect(server.fatal).toMatchObject([{ code: "database-went-back" }]));
    expect(server.registry.condition().mode).toBe("closed");
  });

  it("pauses for longer and longer, up to two seconds", async () => {
    const server = await failing();
    server.store.openFaults.push(...Array.from({ length: 8 }, () => new DatabaseUnavailableError()));
    await expect(server.registry.players.register(ADA, AUTHOR)).rejects.toThrow(DatabaseUnavailableError);
    await recovered(server);
    expect(server.pauses).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
  });

  it("and is closed meanwhile, stays closed", async () => {
    const server = await failing();
    const release = hold(server, { but: 1 });
    await expect(server.registry.players.register(ADA, AUTHOR)).rejects.toThrow(DatabaseUnavailableError);
    const closing = server.registry.close();
    release();
    await closing;
    await server.store.close();
    await settled();
    expect(server.registry.condition().mode).toBe("closed");
    expect(server.disk.holder).toBeUndefined();
  });
});
