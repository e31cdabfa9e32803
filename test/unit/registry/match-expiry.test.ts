/** Open matches whose lease runs out (MAT4): what keeps them, who expires them and when, and what a failure does. */
import { describe, expect, it } from "vitest";
import type { DocumentId } from "../../../crdt/ids.ts";
import { PRESENCE_LEASE_MS } from "../../../src/gossip/presence-board.ts";
import { StorageFullError } from "../../../src/storage/errors.ts";
import { settled } from "../../support/settled.ts";
import { AUTHOR, deliver, hold, startTestServer, type TestServer } from "../../support/test-server.ts";

const LEASE_MS = PRESENCE_LEASE_MS;
const HOSTLESS_LEASE_MS = 24 * 60 * 60 * 1000;
const BY_LEASE = { by: "lease" };

async function register({ registry }: TestServer, subject: string): Promise<DocumentId> {
  const identity = { provider: "device", subject };
  return (await registry.players.register({ identity, fields: {} }, AUTHOR)).player.id;
}

async function create({ registry }: TestServer, hostId: DocumentId | null): Promise<DocumentId> {
  return (await registry.matches.create({ mode: "duel", capacity: 2, hostId }, AUTHOR)).match.id;
}

/** How many a sweep expires after this time. */
function sweepAfter({ registry, wall }: TestServer, ms: number): Promise<number> {
  wall.nowMs += ms;
  return registry.expirySweep.run(BY_LEASE);
}

async function stateOf({ registry }: TestServer, id: DocumentId): Promise<string> {
  return (await registry.matchReads.read(id)).match.state;
}

async function listed({ registry }: TestServer): Promise<DocumentId[]> {
  return (await registry.matchReads.list({ limit: 100, state: "open" })).items.map(({ match }) => match.id);
}

function announce({ presence }: TestServer, playerId: DocumentId, fields: object = {}): void {
  presence.put({ playerId, matchId: null, address: null, ...fields });
}

describe("a match with a host", () => {
  it("[MAT4] is expired by its own server once the host was silent for longer than the lease", async () => {
    const server = await startTestServer();
    const id = await create(server, await register(server, "ada"));
    expect(await sweepAfter(server, LEASE_MS)).toBe(0);
    expect(await sweepAfter(server, 1)).toBe(1);
    expect(await stateOf(server, id)).toBe("expired");
    expect(await sweepAfter(server, 1)).toBe(0);
  });

  it("[MAT4] is expired by another server after twice the lease", async () => {
    const [home, other] = [await startTestServer({ number: 1 }), await startTestServer({ number: 2 })];
    const id = await create(home, await register(home, "ada"));
    other.wall.nowMs += 60 * LEASE_MS;
    await deliver(home, other);
    expect(await sweepAfter(other, 2 * LEASE_MS)).toBe(0);
    expect(await sweepAfter(other, 1)).toBe(1);
    expect(await stateOf(other, id)).toBe("expired");
  });

  it("[MAT4] stays while the host gives signs, and is not even read then", async () => {
    const server = await startTestServer();
    const hostId = await register(server, "ada");
    const id = await create(server, hostId);
    for (let lease = 0; lease < 3; lease++) {
      announce(server, hostId);
      expect(await sweepAfter(server, LEASE_MS - 1)).toBe(0);
    }
    expect(await listed(server)).toEqual([id]);
    expect(server.store.overdueRead).toEqual([]);
  });

  it("[CLM4] [MAT4] stays while anybody of the host's merge group gives signs, whoever of them hosts", async () => {
    const server = await startTestServer();
    const players = await Promise.all(["ada", "phone", "tablet"].map((name) => register(server, name)));
    const [survivor = "", second = "", third = ""] = players.sort();
    const matches = [];
    for (const hostId of [survivor, second, third]) matches.push(await create(server, hostId));
    await server.registry.players.merge(second, survivor, AUTHOR);
    await server.registry.players.merge(third, survivor, AUTHOR);
    for (const present of [survivor, second, third]) {
      announce(server, present);
      expect(await sweepAfter(server, LEASE_MS - 1)).toBe(0);
      expect((await listed(server)).sort()).toEqual([...matches].sort());
    }
    expect(await sweepAfter(server, 1)).toBe(0);
    expect(await listed(server), "silent, and not for longer than the lease").toEqual([]);
    expect(await sweepAfter(server, 1)).toBe(3);
  });

  it("[CLM4] [PRS1] is where anybody of the host's merge group says", async () => {
    const server = await startTestServer();
    const [survivor = "", merged = ""] = [
      await register(server, "ada"),
      await register(server, "phone"),
    ].sort();
    const matchId = await create(server, survivor);
    await server.registry.players.merge(merged, survivor, AUTHOR);
    announce(server, merged, { matchId, address: "192.0.2.7:7777" });
    const { matchReads: matches } = server.registry;
    expect((await matches.read(matchId)).address).toBe("192.0.2.7:7777");
    expect((await matches.list({ limit: 9 })).items).toMatchObject([{ address: "192.0.2.7:7777" }]);
    announce(server, survivor, { address: "192.0.2.8:7777" });
    expect((await matches.read(matchId)).address, "of another match").toBe("192.0.2.7:7777");
  });
});

describe("a match without a host", () => {
  it("[MAT4] is expired a day after its creation, by another server after two", async () => {
    const [home, other] = [await startTestServer({ number: 1 }), await startTestServer({ number: 2 })];
    const ids = [await create(home, null), await create(home, null)];
    await deliver(home, other);
    expect(await sweepAfter(other, 0), "seen from now on").toBe(0);
    expect(await sweepAfter(home, HOSTLESS_LEASE_MS)).toBe(0);
    expect(await listed(home)).toHaveLength(2);
    expect(await sweepAfter(home, 1)).toBe(2);
    for (const id of ids) expect(await stateOf(home, id)).toBe("expired");
    expect(await sweepAfter(other, 2 * HOSTLESS_LEASE_MS)).toBe(0);
    expect(await sweepAfter(other, 1)).toBe(2);
  });

  it("[MAT4] lives for a day from when the last of its seats was taken", async () => {
    const server = await startTestServer();
    const id = await create(server, null);
    const player = await register(server, "ada");
    server.wall.nowMs += HOSTLESS_LEASE_MS;
    await server.registry.matches.join(id, player, AUTHOR);
    expect(await sweepAfter(server, HOSTLESS_LEASE_MS)).toBe(0);
    expect(await sweepAfter(server, 1)).toBe(1);
  });
});

describe("a clock that is far off", () => {
  const HOUR_MS = 60 * 60 * 1000;
  const ROUND_MS = HOUR_MS / 6;

  it("[MAT4] [CLK2] ends no match whose host was not heard yet, and has it listed", async () => {
    for (const aheadMs of [2 * LEASE_MS + 1000, 48 * HOUR_MS, -48 * HOUR_MS]) {
      const [home, other] = [
        await startTestServer({ number: 1 }),
        await startTestServer({ number: 2, aheadMs }),
      ];
      const hosted = await create(home, await register(home, "ada"));
      const hostless = await create(home, null);
      for (const { wall } of [home, other]) wall.nowMs += 2 * LEASE_MS;
      const late = await create(home, await register(home, "ben"));
      await deliver(home, other);
      expect(await sweepAfter(other, LEASE_MS), `ahead by ${aheadMs}`).toBe(0);
      expect((await listed(other)).sort()).toEqual([hosted, hostless, late].sort());
      expect(await sweepAfter(other, 1)).toBe(0);
      expect(await listed(other)).toEqual([hostless]);
    }
  });

  it("[MAT4] [CLK2] keeps no match open whose host is silent, at a server that heard of it", async () => {
    const ahead = await startTestServer({ number: 1, aheadMs: HOUR_MS });
    const server = await startTestServer({ number: 2 });
    const hostId = await register(ahead, "ada");
    await deliver(ahead, server);
    const id = await create(server, hostId);
    expect((await server.registry.matchReads.read(id)).match.createdAtMs).toBe(server.wall.nowMs);
    expect(await sweepAfter(server, LEASE_MS)).toBe(0);
    expect(await listed(server)).toEqual([id]);
    server.wall.nowMs += 1;
    expect(await listed(server)).toEqual([]);
    expect(await sweepAfter(server, 0)).toBe(1);
    expect(await stateOf(server, id)).toBe("expired");
  });

  it("[MAT4] [CLK2] has the others neither list nor keep its matches for longer", async () => {
    const ahead = await startTestServer({ number: 1, aheadMs: 1000 * HOUR_MS });
    const server = await startTestServer({ number: 2 });
    const hosted = await create(ahead, await register(ahead, "ada"));
    const hostless = await create(ahead, null);
    await deliver(ahead, server);
    expect((await listed(server)).sort()).toEqual([hosted, hostless].sort());
    expect(await sweepAfter(server, LEASE_MS + 1)).toBe(0);
    expect(await listed(server)).toEqual([hostless]);
    expect(await sweepAfter(server, LEASE_MS)).toBe(1);
    expect(await sweepAfter(server, 2 * HOSTLESS_LEASE_MS - LEASE_MS)).toBe(0);
    expect(await sweepAfter(server, ROUND_MS), "when it next looks at those of the future").toBe(1);
    expect(await stateOf(server, hosted)).toBe("expired");
    expect(await stateOf(server, hostless)).toBe("expired");
  });

  it("[CLK2] makes no two servers differ that hold the same", async () => {
    const servers: TestServer[] = [];
    for (const [index, aheadMs] of [0, 1000 * HOUR_MS, -1000 * HOUR_MS].entries()) {
      servers.push(await startTestServer({ number: index + 1, aheadMs }));
    }
    const exchange = async () => {
      for (const from of servers) for (const to of servers) if (from !== to) await deliver(from, to);
    };
    const ids: DocumentId[] = [];
    for (const [index, server] of servers.entries()) {
      const hostId = await register(server, "ada");
      await server.registry.players.edit(hostId, { displayName: `Ada ${index}` }, AUTHOR);
      ids.push(await create(server, hostId), await create(server, null));
    }
    await exchange();
    for (const [index, server] of servers.entries()) {
      const playerId = await register(server, `player-${index}`);
      for (const id of ids.slice(-2)) await server.registry.matches.join(id, playerId, AUTHOR);
      if (index > 0) await server.registry.matches.start(ids[2 * index] ?? "", AUTHOR);
    }
    await exchange();
    for (const server of servers) await sweepAfter(server, 3 * LEASE_MS);
    await exchange();
    const [first, ...others] = await Promise.all(servers.map((server) => outcome(server, ids)));
    expect(first?.states).toContain("expired");
    expect(first?.states).toContain("running");
    for (const other of others) expect(other).toEqual(first);
  });

  async function outcome(server: TestServer, ids: readonly DocumentId[]) {
    const states = [];
    for (const id of ids) states.push(await stateOf(server, id));
    return { states, digest: server.registry.digest() };
  }
});

describe("a server that was started again", () => {
  async function startAgain({ registry, store, disk }: TestServer): Promise<TestServer> {
    await registry.close();
    await store.close();
    return startTestServer({ number: 2, name: "server-1", disk });
  }

  it("[MAT4] cannot tell who is silent before it has listened for a lease", async () => {
    const before = await startTestServer({ number: 1 });
    const id = await create(before, await register(before, "ada"));
    const after = await startAgain(before);
    expect(await sweepAfter(after, LEASE_MS)).toBe(0);
    expect(await listed(after)).toEqual([id]);
    after.wall.nowMs += 1;
    expect(await listed(after)).toEqual([]);
    expect(await sweepAfter(after, 0)).toBe(1);
  });

  it("[MAT4] counts the day of its own matches without a host on", async () => {
    const before = await startTestServer({ number: 1 });
    const id = await create(before, null);
    await before.registry.matches.join(id, await register(before, "ada"), AUTHOR);
    const after = await startAgain(before);
    expect(await sweepAfter(after, HOSTLESS_LEASE_MS)).toBe(0);
    expect(await sweepAfter(after, 1)).toBe(1);
    expect(await stateOf(after, id)).toBe("expired");
  });
});

describe("a sweep", () => {
  it("[MAT4] goes on after a match that cannot be expired, and tells of it", async () => {
    const server = await startTestServer();
    const hostId = await register(server, "ada");
    const ids: DocumentId[] = [];
    for (let count = 0; count < 3; count++) {
      ids.push(await create(server, hostId));
      server.wall.nowMs += 1;
    }
    const [first = "", ...others] = ids;
    server.store.refuses = ({ matches }) => matches.some(({ id }) => id === first);
    expect(await sweepAfter(server, LEASE_MS + 1)).toBe(2);
    expect(await stateOf(server, first)).toBe("open");
    for (const id of others) expect(await stateOf(server, id)).toBe("expired");
    expect(server.trouble).toContainEqual(
      expect.objectContaining({
        code: "match-not-expired",
        message: expect.stringContaining(first),
        cause: expect.objectContaining({ code: "batch-refused" }),
      }),
    );
    server.store.refuses = () => false;
    expect(await sweepAfter(server, 0)).toBe(1);
  });

  it("[MAT4] expires all of more than one page, and reads none that are younger", async () => {
    const server = await startTestServer();
    const hostId = await register(server, "ada");
    const due = await Promise.all(Array.from({ length: 230 }, () => create(server, hostId)));
    server.wall.nowMs += LEASE_MS;
    await create(server, hostId);
    expect(await sweepAfter(server, 1)).toBe(230);
    expect(server.store.overdueRead.sort()).toEqual(due.sort());
  });

  it("[MAT4] ends with its page when the server cannot write for now, and the next one goes on", async () => {
    const server = await startTestServer();
    const hostId = await register(server, "ada");
    await Promise.all(Array.from({ length: 230 }, () => create(server, hostId)));
    server.store.commitFaults.push({ error: new StorageFullError(new RangeError("full")), stored: false });
    const expired = await sweepAfter(server, LEASE_MS + 1);
    expect(expired).toBeLessThan(100);
    expect(server.store.overdueRead).toHaveLength(100);
    expect(await sweepAfter(server, 0)).toBe(230 - expired);
  });

  it("[MAT4] leaves a match alone whose host gives a sign before it is written", async () => {
    const server = await startTestServer();
    const hostId = await register(server, "ada");
    const id = await create(server, hostId);
    const release = hold(server);
    const before = register(server, "bob");
    await settled(); // that is being stored, and what comes now has to wait
    const sweep = sweepAfter(server, LEASE_MS + 1);
    await settled(); // the sweep has handed in what it is to write
    expect(server.store.overdueRead).toEqual([id]);
    announce(server, hostId);
    release();
    await before;
    expect(await sweep).toBe(0);
    expect(await stateOf(server, id)).toBe("open");
  });
});
