/** Matches of players who were merged: for whom they count, whatever a server hears first. */
import { describe, expect, it } from "vitest";
import type { DocumentId } from "../../../crdt/ids.ts";
import { AUTHOR, deliver, startTestServer, type TestServer } from "../../support/test-server.ts";

/** A player's id, of a server that registers it. */
async function register({ registry }: TestServer, subject: string): Promise<DocumentId> {
  const { player } = await registry.players.register(
    { identity: { provider: "device", subject }, fields: {} },
    AUTHOR,
  );
  return player.id;
}

/** Two players of whom both say that the first won. */
async function play({ registry: { matches } }: TestServer, winner: DocumentId, loser: DocumentId) {
  const { match } = await matches.create({ mode: "duel", capacity: 2, hostId: winner }, AUTHOR);
  await matches.join(match.id, loser, AUTHOR);
  await matches.start(match.id, AUTHOR);
  const ranks = { [winner]: 1, [loser]: 2 };
  await matches.report(match.id, winner, ranks, AUTHOR);
  await matches.report(match.id, loser, ranks, AUTHOR);
}

/** Who has how many matches and wins, and the digest that goes with it. */
async function standing({ registry }: TestServer) {
  const { stateDigest } = await registry.foldedDigest();
  const { items } = await registry.boards.leaderboard({ mode: "duel", limit: 9 });
  const board = Object.fromEntries(items.map(({ playerId, matches, wins }) => [playerId, [matches, wins]]));
  return { board, stateDigest };
}

/** One server knows two people, the first of them with two players that were merged, and another the same. */
async function twoServers() {
  const one = await startTestServer({ number: 1 });
  const other = await startTestServer({ number: 2 });
  const ids = await Promise.all(["ada", "ada's phone", "bob"].map((subject) => register(one, subject)));
  const [bob = ""] = ids.splice(2);
  const [survivor = "", merged = ""] = ids.sort();
  await one.registry.players.merge(merged, survivor, AUTHOR);
  await deliver(one, other);
  return { one, other, survivor, merged, bob };
}

describe("a match of a player who was merged", () => {
  it("[RAT1] counts for the survivor, also where the players come after it", async () => {
    const { one, other, survivor, merged, bob } = await twoServers();
    const apart = await startTestServer({ number: 3 });
    for (const subject of ["ada", "ada's phone", "bob"]) await register(apart, subject);
    await play(apart, merged, bob); // nothing was heard of the merge there
    const third = await startTestServer({ number: 4 });
    await third.registry.receive(await apart.entries());
    await deliver(apart, other);
    await deliver(other, third);
    const expected = await standing(other);
    expect(expected.board).toEqual({ [survivor]: [1, 1], [bob]: [1, 0] });
    expect(await standing(third)).toEqual(expected);
    await deliver(other, one);
    expect(await standing(one)).toEqual(expected);
  });

  it("[ERA1] [RAT1] stays counted for the other players once the merged ones are erased", async () => {
    const { one, other, merged, survivor, bob } = await twoServers();
    await play(other, survivor, bob);
    await deliver(other, one);
    await one.registry.players.erase(merged, AUTHOR);
    const third = await startTestServer({ number: 3 });
    await deliver(one, third); // the erasure before the match
    await deliver(other, third);
    await deliver(one, other);
    const expected = await standing(one);
    expect(expected.board).toEqual({ [bob]: [1, 0] });
    expect(await standing(other)).toEqual(expected);
    expect(await standing(third)).toEqual(expected);
  });
});
