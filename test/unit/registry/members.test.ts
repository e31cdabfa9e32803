import { describe, expect, it } from "vitest";
import { formatPosition } from "../../../crdt/position.ts";
import { originOf } from "../../support/log-fixtures.ts";
import { AUTHOR, deliver, startTestServer, type TestServer } from "../../support/test-server.ts";

/** Three servers that have all written, and know of each other; the third is gone then. */
async function three(): Promise<[TestServer, TestServer, TestServer]> {
  const servers = await Promise.all([1, 2, 3].map((number) => startTestServer({ number })));
  for (const [at, { registry }] of servers.entries()) {
    await registry.players.register({ fields: { username: `player-${at}` } }, AUTHOR);
  }
  for (const to of servers) for (const from of servers) if (from !== to) await deliver(from, to);
  return servers as [TestServer, TestServer, TestServer];
}

const gone = { server: "server-3", heard: [] };
const namesAt = ({ registry }: TestServer): readonly string[] => registry.members();

describe("a member that is forgotten", () => {
  it("[MBR1] is none any more on any server that hears of it, and none after a restart", async () => {
    const [left, right, third] = await three();
    expect(namesAt(left)).toEqual(["server-1", "server-2", "server-3"]);
    const position = await left.registry.membership.forget(gone, AUTHOR);
    expect(formatPosition(position)).toBe(`${left.origin}:3`);
    expect(namesAt(left)).toEqual(["server-1", "server-2"]);
    expect(namesAt(right)).toContain("server-3");
    await deliver(left, right);
    expect(namesAt(right)).toEqual(["server-1", "server-2"]);
    expect([...right.registry.forgotten]).toEqual([[third.origin, "server-3"]]);
    expect(right.registry.digest()).toEqual(left.registry.digest());
    await right.registry.close();
    await right.store.close();
    const again = await startTestServer({ number: 22, name: "server-2", disk: right.disk });
    expect(namesAt(again)).toEqual(["server-1", "server-2"]);
  });

  it("[MBR1] is forgotten where its own entries come after that, too", async () => {
    const [left, , third] = await three();
    await left.registry.membership.forget(gone, AUTHOR);
    const fresh = await startTestServer({ number: 4 });
    await fresh.registry.receive(await left.entries());
    expect(namesAt(fresh)).toEqual(["server-1"]);
    await fresh.registry.receive(await left.entries(third.origin));
    expect(namesAt(fresh)).toEqual(["server-1"]);
  });

  it("[MBR3] is one again with a new incarnation, and all has what it wrote alone", async () => {
    const [left, right, third] = await three();
    await third.registry.players.register({ fields: { username: "alone" } }, AUTHOR);
    await left.registry.membership.forget(gone, AUTHOR);
    await third.registry.close();
    await third.store.close();
    const back = await startTestServer({ number: 33, name: "server-3", disk: third.disk });
    await deliver(left, back);
    expect(namesAt(back)).toEqual(["server-1", "server-2"]);
    await back.registry.players.register({ fields: { username: "anew" } }, AUTHOR);
    const all = [left, right, back];
    for (const to of all) for (const from of all) if (from !== to) await deliver(from, to);
    for (const server of all) {
      expect(namesAt(server)).toEqual(["server-1", "server-2", "server-3"]);
      expect(server.registry.digest()).toEqual(left.registry.digest());
    }
    expect((await left.registry.players.list({ username: "alone", limit: 1 })).items).toHaveLength(1);
  });

  it("[MBR2] may be forgotten again, and by an incarnation that was only heard", async () => {
    const [left] = await three();
    const first = await left.registry.membership.forget(gone, AUTHOR);
    const again = await left.registry.membership.forget(gone, AUTHOR);
    expect(again.sequence).toBe(first.sequence + 1);
    expect(namesAt(left)).toEqual(["server-1", "server-2"]);
    const heard = [originOf(77)];
    await left.registry.membership.forget({ server: "server-7", heard }, AUTHOR);
    expect(left.registry.forgotten.get(originOf(77))).toBe("server-7");
    expect(left.registry.vector.has(originOf(77))).toBe(false);
  });

  it("[MBR2] has to be known", async () => {
    const [left] = await three();
    const unknown = { server: "server-9", heard: [] };
    await expect(left.registry.membership.forget(unknown, AUTHOR)).rejects.toMatchObject({
      code: "member-not-found",
    });
  });
});
