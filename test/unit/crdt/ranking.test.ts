import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalRanks,
  formatRanking,
  parseRanking,
  type Ranks,
  rankingFaults,
} from "../../../crdt/ranking.ts";
import { playerIdOf } from "../../support/match-replica.ts";
import { seeded } from "../../support/seeded.ts";

const [A, B, C, D] = [playerIdOf(1), playerIdOf(2), playerIdOf(3), playerIdOf(4)];

const anyRanks: fc.Arbitrary<Ranks> = fc
  .dictionary(fc.nat(9).map(playerIdOf), fc.integer({ min: 1, max: 999_999_999 }), { minKeys: 1 })
  .map((ranks) => ({ ...ranks }));

describe("a ranking", () => {
  it.each<[string, Ranks, string]>([
    ["one player", { [A]: 1 }, `${A}=1`],
    ["keys in any order", { [B]: 2, [A]: 1 }, `${A}=1,${B}=2`],
    ["ties", { [A]: 2, [B]: 1, [C]: 2 }, `${A}=2,${B}=1,${C}=2`],
    ["gaps after ties", { [A]: 1, [B]: 1, [C]: 3, [D]: 4 }, `${A}=1,${B}=1,${C}=2,${D}=3`],
    ["all tied at the end", { [A]: 7, [B]: 7 }, `${A}=1,${B}=1`],
    ["ranks that are not in the order of texts", { [A]: 10, [B]: 9 }, `${A}=2,${B}=1`],
  ])("[MAT3] has one text for one outcome: %s", (_, ranks, text) => {
    expect(formatRanking(ranks)).toBe(text);
    expect({ ...parseRanking(text) }).toEqual({ ...canonicalRanks(ranks) });
  });

  it("[MAT3] is read in canonical form, however it was written", () => {
    const ranks = parseRanking(`${C}=9,${A}=2,${B}=2`);
    expect(Object.entries(ranks ?? {})).toEqual([
      [A, 1],
      [B, 1],
      [C, 2],
    ]);
    expect(Object.getPrototypeOf(ranks)).toBeNull();
  });

  it.each([
    ["nothing", ""],
    ["no rank", A],
    ["an empty rank", `${A}=`],
    ["rank 0", `${A}=0`],
    ["a negative rank", `${A}=-1`],
    ["a fraction", `${A}=1.5`],
    ["a leading zero", `${A}=01`],
    ["a rank past a thousand million", `${A}=1000000000`],
    ["no number", `${A}=first`],
    ["two ranks", `${A}=1=2`],
    ["one player twice", `${A}=1,${A}=1`],
    ["a comma too many", `${A}=1,`],
    ["a space", `${A}=1, ${B}=2`],
    ["no id", "ada=1"],
    ["an id in upper case", `${"A".repeat(8)}-0000-7000-8000-000000000001=1`],
    ["a key that every object has", "__proto__=1"],
  ])("[STO1] is no ranking: %s", (_, text) => {
    expect(parseRanking(text)).toBeUndefined();
  });

  it("[STO1] of a thousand players is read, one longer than 65,536 is not", () => {
    const rankingOf = (count: number): string =>
      Array.from(
        { length: count },
        (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}=${n + 1}`,
      ).join();
    expect(Object.keys(parseRanking(rankingOf(1_000)) ?? {})).toHaveLength(1_000);
    expect(rankingOf(1_600).length).toBeGreaterThan(65_536);
    expect(parseRanking(rankingOf(1_600))).toBeUndefined();
  });

  it("[MAT3] keeps who was before, after and level with whom", () => {
    fc.assert(
      fc.property(anyRanks, (ranks) => {
        const canonical = parseRanking(formatRanking(ranks)) ?? {};
        const order = (of: Ranks, one: string, other: string): number =>
          Math.sign((of[one] ?? 0) - (of[other] ?? 0));
        expect(Object.keys(canonical)).toEqual(Object.keys(ranks).sort());
        for (const one of Object.keys(ranks)) {
          for (const other of Object.keys(ranks)) {
            expect(order(canonical, one, other)).toBe(order(ranks, one, other));
          }
        }
        const places = [...new Set(Object.values(canonical))].sort((one, other) => one - other);
        expect(places).toEqual(places.map((_, index) => index + 1));
        expect(formatRanking(canonical)).toBe(formatRanking(ranks));
      }),
      seeded(200),
    );
  });

  it("[MAT3] is faulty when it names strangers or leaves a seated player out", () => {
    expect(rankingFaults({ [A]: 1, [B]: 1 }, [A, B])).toBeUndefined();
    expect(rankingFaults({ [D]: 1, [A]: 2, [C]: 3 }, [A, B])).toEqual({ strangers: [C, D], missing: [B] });
    expect(rankingFaults({}, [B, A])).toEqual({ strangers: [], missing: [A, B] });
  });
});
