/** Seats that were taken or given up and are not held: nobody who joined a match vanishes from it without a trace. */
import { describe, expect, it } from "vitest";
import type { DocumentId } from "../../../crdt/ids.ts";
import { AUTHOR, deliver, startTestServer, type TestServer } from "../../support/test-server.ts";

async function register({ registry }: TestServer, subject: string): Promise<DocumentId> {
  const { player } = await registry.players.register(
    { identity: { provider: "device", subject }, fields: {} },
    AUTHOR,
  );
  return player.id;
}

async function listed({ registry }: TestServer, playerId: DocumentId): Promise<DocumentId[]> {
  const { items } = await registry.matchReads.ofPlayer(playerId, { limit: 9 });
  return items.map(({ match }) => match.id);
}

async function exported({ registry }: TestServer, playerId: DocumentId): Promise<DocumentId[]> {
  const { matches } = await registry.players.export(playerId);
  return matches.map(({ id }) => id);
}

/** One server starts a match, and later another that has not heard of it seats a player; then they hear all. */
async function lateSeat() {
  const one = await startTestServer({ number: 1 });
  const other = await startTestServer({ number: 2 });
  const host = await register(one, "ada");
  const late = await register(one, "bob");
  const { match } = await one.registry.matches.create({ mode: "duel", capacity: 3, hostId: host }, AUTHOR);
  await deliver(one, other);
  await one.registry.matches.start(match.id, AUTHOR);
  other.wall.nowMs += 1_000;
  const joined = await other.registry.matches.join(match.id, late, AUTHOR);
  expect(joined.seat.status).toBe("seated");
  await deliver(one, other);
  await deliver(other, one);
  return { servers: [one, other], id: match.id, host, late };
}

describe("a seat that was taken after a start its server had not heard of", () => {
  it("[HIS2] [MAT2] is a conflict that it lost, a notice for the player, and listed, on every server", async () => {
    const { servers, id, host, late } = await lateSeat();
    for (const server of servers) {
      const { registry, store } = server;
      const { match } = await registry.matchReads.read(id);
      expect(match.seats).toMatchObject([{ playerId: host, status: "seated" }]);
      const { items } = await store.conflicts({ kind: "seat", limit: 9 });
      expect(items).toMatchObject([
        {
          documentId: id,
          candidates: [
            { playerId: host, value: "seated" },
            { playerId: late, value: "late" },
          ],
          winner: [host],
          rule: "MAT2",
        },
      ]);
      const { notices } = await registry.players.read(late, { whole: true });
      expect(notices).toMatchObject([{ code: "seat-late", matchId: id }]);
      expect((await registry.players.read(host, { whole: true })).notices).toEqual([]);
      expect([await listed(server, late), await exported(server, late)]).toEqual([[id], [id]]);
    }
    const digests = await Promise.all(servers.map(({ registry }) => registry.foldedDigest()));
    expect(digests[0]?.stateDigest).toEqual(digests[1]?.stateDigest);
  });

  it("[MAT2] gives no notice to a person who has another seat in the match, or once it is over", async () => {
    const ends = {
      merge: ({ registry }: TestServer, _: DocumentId, ids: readonly [DocumentId, DocumentId]) =>
        registry.players.merge(...ids, AUTHOR),
      cancel: ({ registry }: TestServer, id: DocumentId) => registry.matches.cancel(id, AUTHOR),
    };
    for (const end of Object.values(ends)) {
      const { servers, id, host, late } = await lateSeat();
      const [server] = servers as [TestServer];
      const notices = async () => (await server.registry.players.read(late, { whole: true })).notices;
      expect(await notices()).toHaveLength(1);
      await end(server, id, [host, late]);
      expect(await notices()).toEqual([]);
    }
  });
});

describe("a seat that was given up", () => {
  it("[LOG5] leaves the match in the list and the export of the player", async () => {
    const server = await startTestServer();
    const { matches } = server.registry;
    const player = await register(server, "ada");
    const { match } = await matches.create({ mode: "duel", capacity: 2 }, AUTHOR);
    await matches.join(match.id, player, AUTHOR);
    const left = await matches.leave(match.id, player, AUTHOR);
    expect(left.match.seats).toEqual([]);
    expect([await listed(server, player), await exported(server, player)]).toEqual([[match.id], [match.id]]);
  });
});
