/** Matches of players who were merged: for whom they count, whatever a server hears first. */
import { describe, expect, it } from "vitest";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Match } from "../../../crdt/match.ts";
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

/** One server knows two people, the first of them with two players (merged, if asked for), and another the same. */
async function twoServers({ merge = true } = {}) {
  const one = await startTestServer({ number: 1 });
  const other = await startTestServer({ number: 2 });
  const ids = await Promise.all(["ada", "ada's phone", "bob"].map((subject) => register(one, subject)));
  const [bob = ""] = ids.splice(2);
  const [survivor = "", merged = ""] = ids.sort();
  if (merge) await one.registry.players.merge(merged, survivor, AUTHOR);
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

/** One server, a person with two players that were merged, and somebody else. */
async function onePerson() {
  const server = await startTestServer();
  const [survivor = "", merged = ""] = [
    await register(server, "ada"),
    await register(server, "phone"),
  ].sort();
  const bob = await register(server, "bob");
  const merge = () => server.registry.players.merge(merged, survivor, AUTHOR);
  const { matches } = server.registry;
  const host = (hostId: DocumentId) => matches.create({ mode: "duel", capacity: 3, hostId }, AUTHOR);
  return { server, matches, survivor, merged, bob, merge, host };
}

function seated({ match }: { match: Match }): DocumentId[] {
  return match.seats.map(({ playerId }) => playerId);
}

describe("a seat of a person with several players", () => {
  it("[CLM4] [MAT2] is not taken again under another id, before or after the merge", async () => {
    const { matches, survivor, merged, bob, merge, host } = await onePerson();
    const asMerged = await host(merged);
    await merge();
    const asSurvivor = await host(survivor);
    for (const [before, sitsAs] of [
      [asMerged, merged],
      [asSurvivor, survivor],
    ] as const) {
      for (const id of [survivor, merged]) {
        const joined = await matches.join(before.match.id, id, AUTHOR);
        expect(seated(joined)).toEqual([sitsAs]);
        expect(joined.seat).toMatchObject({ playerId: sitsAs, status: "seated" });
        expect(joined.position).toEqual(before.position);
      }
    }
    await matches.join(asMerged.match.id, bob, AUTHOR);
    await matches.start(asMerged.match.id, AUTHOR);
    const late = await matches.join(asMerged.match.id, survivor, AUTHOR);
    expect(seated(late), "also once it runs").toEqual([merged, bob]);
  });

  it("[CLM4] [MAT2] [MAT3] is the seated one of two, where they were taken on both sides of a split", async () => {
    const { one, other, survivor, merged } = await twoServers({ merge: false });
    const { match } = await one.registry.matches.create({ mode: "duel", capacity: 1 }, AUTHOR);
    await deliver(one, other);
    await one.registry.matches.join(match.id, merged, AUTHOR);
    other.wall.nowMs += 10;
    await other.registry.matches.join(match.id, survivor, AUTHOR);
    await deliver(other, one);
    await one.registry.players.merge(merged, survivor, AUTHOR);
    const { matches } = one.registry;
    const joined = await matches.join(match.id, survivor, AUTHOR);
    expect(joined.match.seats.map(({ status }) => status)).toEqual(["seated", "overflow"]);
    expect(joined.seat).toMatchObject({ playerId: merged, status: "seated" });
    await matches.start(match.id, AUTHOR);
    const reported = await matches.report(match.id, survivor, { [merged]: 1 }, AUTHOR);
    expect(reported.match.reports).toMatchObject([{ playerId: merged }]);
  });

  it("[CLM4] [MAT2] is given up under any of its ids, and so are all that were taken before the merge", async () => {
    const { matches, survivor, merged, bob, merge, host } = await onePerson();
    const made = [await host(survivor), await host(survivor)].map(({ match }) => match.id);
    for (const id of made) {
      await matches.join(id, merged, AUTHOR);
      await matches.join(id, bob, AUTHOR);
    }
    await merge();
    const [one = "", two = ""] = made;
    expect(seated(await matches.leave(one, survivor, AUTHOR))).toEqual([bob]);
    expect(seated(await matches.leave(two, merged, AUTHOR))).toEqual([bob]);
    expect(seated(await matches.leave(two, survivor, AUTHOR)), "once more").toEqual([bob]);
  });

  it("[CLM4] [MAT3] is what a report under any of its ids counts for", async () => {
    const { matches, survivor, merged, bob, merge, host } = await onePerson();
    const { id } = (await host(merged)).match;
    await matches.join(id, bob, AUTHOR);
    await merge();
    await matches.start(id, AUTHOR);
    const ranks = { [merged]: 1, [bob]: 2 };
    const reported = await matches.report(id, survivor, ranks, AUTHOR);
    expect(reported.match.reports).toMatchObject([{ playerId: merged, ranks }]);
    const settled = await matches.report(id, bob, ranks, AUTHOR);
    expect(settled).toMatchObject({
      match: { result: { status: "settled" } },
      ratedAs: { [merged]: survivor },
    });
  });

  it("[CLM4] [MAT3] all that were taken before the merge are what a report counts for", async () => {
    const { matches, survivor, merged, bob, merge, host } = await onePerson();
    const { id } = (await host(survivor)).match;
    for (const player of [merged, bob]) await matches.join(id, player, AUTHOR);
    await matches.start(id, AUTHOR);
    await merge();
    const ranks = { [survivor]: 1, [merged]: 2, [bob]: 3 };
    const { match } = await matches.report(id, merged, ranks, AUTHOR);
    expect(match.reports.map(({ playerId }) => playerId).sort()).toEqual([survivor, merged]);
    expect(match.result.status).toBe("settled");
    const other = { [survivor]: 2, [merged]: 3, [bob]: 1 };
    await expect(matches.report(id, survivor, other, AUTHOR)).rejects.toMatchObject({
      code: "result-settled",
    });
  });
});
