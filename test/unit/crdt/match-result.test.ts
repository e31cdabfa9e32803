import { describe, expect, it } from "vitest";
import { resultOf } from "../../../crdt/match-result.ts";
import { canonicalRanks, type Ranks } from "../../../crdt/ranking.ts";
import { playerIdOf } from "../../support/match-replica.ts";

/** Outcomes, by one letter; of whom they rank makes no difference here. */
const OUTCOMES: { readonly [letter: string]: Ranks } = {
  x: canonicalRanks({ [playerIdOf(0)]: 1, [playerIdOf(1)]: 2 }),
  y: canonicalRanks({ [playerIdOf(0)]: 2, [playerIdOf(1)]: 1 }),
  z: canonicalRanks({ [playerIdOf(0)]: 1, [playerIdOf(1)]: 1 }),
};

interface Said {
  readonly playerId: string;
  readonly ranks: Ranks;
}

/** What each of the players says in turn: `x-y` is player 0 for x, 1 silent, 2 for y. */
function reportsOf(letters: string): Said[] {
  return [...letters].flatMap((letter, index) => {
    const ranks = OUTCOMES[letter];
    return ranks ? [{ playerId: playerIdOf(index), ranks }] : [];
  });
}

function idsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => playerIdOf(index));
}

/** `settled x`, `pending` or `disputed`. */
function result(
  seated: number,
  reports: readonly Said[],
  settlements: Parameters<typeof resultOf>[2] = [],
): string {
  const { status, ranks } = resultOf(idsOf(seated), reports, settlements);
  const letter = Object.keys(OUTCOMES).find((key) => OUTCOMES[key] === ranks);
  return letter === undefined ? status : `${status} ${letter}`;
}

describe("the result of a match", () => {
  it.each([
    // Nobody, and nobody yet.
    [0, "", "pending"],
    [1, "", "pending"],
    [3, "", "pending"],
    // More than half, not half.
    [1, "x", "settled x"],
    [2, "x", "pending"],
    [2, "xx", "settled x"],
    [2, "xy", "disputed"],
    [3, "x", "pending"],
    [3, "xx", "settled x"],
    [3, "x-x", "settled x"],
    [3, "xyx", "settled x"],
    [3, "xy", "pending"],
    [3, "xyz", "disputed"],
    [4, "xx", "pending"],
    [4, "xxx", "settled x"],
    [4, "xxy", "pending"],
    [4, "xxyy", "disputed"],
    [4, "xyz", "disputed"],
    [5, "xxyy", "pending"],
    [5, "xxyyx", "settled x"],
    [5, "xxyyz", "disputed"],
    [6, "xxyyz", "disputed"],
    // The others have no say, however many.
    [2, "--xxx", "pending"],
    [2, "xyxxx", "disputed"],
    [2, "x-xx", "pending"],
    [0, "xxx", "pending"],
  ])("[MAT3] of %i seated who say %j is %s, in any order", (seated, letters, expected) => {
    expect(result(seated, reportsOf(letters))).toBe(expected);
    expect(result(seated, reportsOf(letters).reverse())).toBe(expected);
  });

  it("[MAT3] an operator overrides the majority, the disputed and the silent", () => {
    const settlement = { id: "one", stamp: "018bcfe568000001", ranks: OUTCOMES.z as Ranks };
    for (const letters of ["xxx", "xyz", "", "x"]) {
      expect(result(3, reportsOf(letters), [settlement])).toBe("settled z");
    }
  });

  it.each([
    ["the least stamp", ["two", 1, "y"], ["one", 2, "z"], "settled y"],
    ["of equal stamps the least id", ["two", 1, "y"], ["one", 1, "z"], "settled z"],
  ] as const)("[MAT3] of several settlements counts %s", (_, one, other, expected) => {
    const settlements = [one, other].map(([id, time, letter]) => ({
      id,
      stamp: `018bcfe56800000${time}`,
      ranks: OUTCOMES[letter] as Ranks,
    }));
    expect(result(3, [], settlements)).toBe(expected);
    expect(result(3, [], settlements.reverse())).toBe(expected);
  });
});
