/** The part of the log store's contract that is about merged players (CLM4). */
import fc from "fast-check";
import { expect, it } from "vitest";
import { survivorsOf } from "../../crdt/merge-group.ts";
import type { LogStore } from "../../src/storage/log-store.ts";
import { batchOf, idOf, playerOf, playerRowOf, playersOf } from "../support/log-fixtures.ts";

export function mergesContract(open: () => Promise<{ store: LogStore }>): void {
  it("[LOG5] a merge group is all that edges join, followed both ways over any number of steps", async () => {
    const { store } = await open();
    const rows = [
      playerOf(1),
      playerOf(2, { mergedWith: [idOf(1)] }),
      playerOf(3, { mergedWith: [idOf(2)] }),
      // Players 10 and 11 are joined by one of whom nothing is known.
      playerOf(10, { mergedWith: [idOf(9)] }),
      playerOf(11, { mergedWith: [idOf(9)] }),
      playerOf(20),
    ].map((player) => playerRowOf(player));
    await store.commit(batchOf(playersOf(rows)));
    const groupOf = async (...numbers: number[]) =>
      (await store.mergeGroup(numbers.map(idOf))).map(({ player }) => player.id).sort();
    for (const number of [1, 2, 3]) expect(await groupOf(number)).toEqual([1, 2, 3].map(idOf));
    for (const number of [9, 10, 11]) expect(await groupOf(number)).toEqual([10, 11].map(idOf));
    expect(await groupOf(20, 20, 21)).toEqual([idOf(20)]);
    expect(await groupOf(20, 3)).toEqual([1, 2, 3, 20].map(idOf));
    expect(await groupOf()).toEqual([]);
    const [alone] = await store.mergeGroup([idOf(20)]);
    expect(alone).toEqual(rows.at(-1));
  });

  it("[LOG5] any edges make the groups that the rules make of them", async () => {
    const { store } = await open();
    const edges = fc.sample(fc.tuple(fc.nat(29), fc.nat(29)), { numRuns: 24, seed: 5 });
    const rows = Array.from({ length: 30 }, (_, number) => {
      const lesser = edges.filter(([a, b]) => a === number && b < number).map(([, b]) => idOf(b));
      return playerRowOf(playerOf(number, { mergedWith: [...new Set(lesser)].sort() }));
    });
    await store.commit(batchOf(playersOf(rows)));
    const survivors = survivorsOf(rows.map(({ player }) => player));
    expect(new Set(survivors.values()).size).toBeLessThan(25);
    for (const { player } of rows) {
      const group = await store.mergeGroup([player.id]);
      const same = rows.filter(({ player: { id } }) => survivors.get(id) === survivors.get(player.id));
      expect(group.map(({ player: { id } }) => id).sort()).toEqual(
        same.map(({ player: { id } }) => id).sort(),
      );
    }
  });

  it("[LOG5] of players those who survive in another are told, with that one", async () => {
    const { store } = await open();
    const rows = [
      playerRowOf(playerOf(1)),
      playerRowOf(playerOf(2, { mergedWith: [idOf(1)] }), { survivorId: idOf(1) }),
    ];
    await store.commit(batchOf(playersOf(rows)));
    expect(await store.survivorsOf([1, 2, 3].map(idOf))).toEqual(new Map([[idOf(2), idOf(1)]]));
    await store.commit(batchOf({ players: [playerRowOf(playerOf(2))] }));
    expect(await store.survivorsOf([idOf(2)])).toEqual(new Map());
  });
}
