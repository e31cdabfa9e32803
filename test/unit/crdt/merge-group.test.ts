import { describe, expect, it } from "vitest";
import { farthestFirst, survivorsOf } from "../../../crdt/merge-group.ts";
import { idOf, playerOf } from "../../support/log-fixtures.ts";

/** By number: who survives of whom, given the merges of these players and who of them was erased. */
function survivors(
  merges: readonly (readonly [number, readonly number[]])[],
  erased: readonly number[] = [],
): [number, number][] {
  const players = merges.map(([id, others]) => playerOf(id, { mergedWith: others.map(idOf) }));
  const numberOf = (id: string): number => Number.parseInt(id.slice(-12), 16);
  return [...survivorsOf(players, new Set(erased.map(idOf)))]
    .map(([id, survivor]): [number, number] => [numberOf(id), numberOf(survivor)])
    .sort(([one], [other]) => one - other);
}

describe("merge group", () => {
  it("[CLM4] of nobody is empty, and whoever was never merged survives itself", () => {
    expect(survivors([])).toEqual([]);
    expect(
      survivors([
        [2, []],
        [1, []],
      ]),
    ).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it("[CLM4] the least id of a group survives, over any number of steps", () => {
    expect(
      survivors([
        [5, [3]],
        [4, [2]],
        [3, [2]],
        [2, []],
        [9, [8]],
        [8, []],
      ]),
    ).toEqual([
      [2, 2],
      [3, 2],
      [4, 2],
      [5, 2],
      [8, 8],
      [9, 8],
    ]);
  });

  it("[CLM4] two groups that a third player joins are one", () => {
    expect(
      survivors([
        [6, [1]],
        [7, [2]],
        [8, [6, 7]],
      ]),
    ).toEqual([
      [1, 1],
      [2, 1],
      [6, 1],
      [7, 1],
      [8, 1],
    ]);
  });

  it("[CLM4] a player who is only named in a merge is of the group", () => {
    expect(survivors([[5, [1, 3]]])).toEqual([
      [1, 1],
      [3, 1],
      [5, 1],
    ]);
  });

  it("[CLM4] an erased player joins those who were merged with it, and does not survive them", () => {
    expect(
      survivors(
        [
          [5, [1]],
          [4, [1]],
        ],
        [1],
      ),
    ).toEqual([
      [1, 4],
      [4, 4],
      [5, 4],
    ]);
  });

  it("[CLM4] of a group that was erased whole, each is itself", () => {
    expect(survivors([[5, [1]]], [1, 5])).toEqual([
      [1, 1],
      [5, 5],
    ]);
  });

  it("[ERA1] from the farthest to one of them, those that are left are joined to it, at every step", () => {
    const group = [
      [9, [2, 4]],
      [4, [3]],
      [3, []],
      [8, [3, 1]],
      [7, [1]],
      [2, []],
    ] as const;
    const players = group.map(([id, others]) => ({ id: idOf(id), mergedWith: others.map(idOf) }));
    const order = farthestFirst(idOf(3), players);
    expect(order).toHaveLength(group.length);
    for (const [erased] of order.entries()) {
      const left = players.filter(({ id }) => !order.slice(0, erased).includes(id));
      expect(farthestFirst(idOf(3), left)).toHaveLength(left.length);
    }
    expect(order.at(-1)).toBe(idOf(3));
    expect(farthestFirst(idOf(5), players)).toEqual([]);
  });

  it("[CLM4] a long line of merges is one group", () => {
    const line = Array.from({ length: 20_000 }, (_, index) => [index + 1, [index]] as const);
    for (const merges of [line, line.toReversed()]) {
      expect(new Set(survivors(merges).map(([, survivor]) => survivor))).toEqual(new Set([0]));
    }
  });
});
