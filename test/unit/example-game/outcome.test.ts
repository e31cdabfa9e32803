import { describe, expect, test } from "vitest";
import { type Contender, lieOf, ranksOf } from "../../../scripts/example-game/outcome.ts";
import { report } from "../../../src/http/contract/report.ts";

const MATCHES = Array.from({ length: 300 }, (_, index) => `match ${index}`);

function contender(number: number, skill: number): Contender {
  return {
    playerId: `00000000-0000-8000-8000-${String(number).padStart(12, "0")}`,
    name: `bot ${number}`,
    skill,
  };
}

const ADA = contender(1, 1_300);
const BOB = contender(2, 900);
const CAY = contender(3, 1_000);

describe("the ranks of a match", () => {
  test("are the same for everybody, in whatever order they know the seated", () => {
    for (const match of MATCHES) {
      expect(ranksOf(1, match, [CAY, ADA, BOB])).toEqual(ranksOf(1, match, [ADA, BOB, CAY]));
    }
  });

  test("come from the bots and not from their ids, which are others in another cluster", () => {
    const elsewhere = (playerId: string, { name, skill }: Contender): Contender => ({
      playerId,
      name,
      skill,
    });
    const here = ranksOf(1, "match", [ADA, BOB]);
    expect(ranksOf(1, "match", [elsewhere("a", ADA), elsewhere("b", BOB)])).toEqual({
      a: here[ADA.playerId],
      b: here[BOB.playerId],
    });
  });

  test("begin at 1, have no gaps and sometimes ties", () => {
    const all = MATCHES.map((match) => ranksOf(1, match, [ADA, BOB, CAY]));
    for (const ranks of all) {
      expect(report.safeParse({ ranks }).success).toBe(true);
      const different = [...new Set(Object.values(ranks))].sort();
      expect(different).toEqual(different.map((_, index) => index + 1));
    }
    expect(all.some((ranks) => new Set(Object.values(ranks)).size < 3)).toBe(true);
  });

  test("the better one wins more often, and not always", () => {
    const wins = MATCHES.filter((match) => ranksOf(1, match, [ADA, BOB])[ADA.playerId] === 1).length;
    expect(wins).toBeGreaterThan(MATCHES.length * 0.7);
    expect(wins).toBeLessThan(MATCHES.length);
  });
});

describe("who lies", () => {
  test("changes places with a winner", () => {
    expect(lieOf({ ada: 1, bob: 2, cay: 3 }, "cay")).toEqual({ ada: 3, bob: 2, cay: 1 });
    expect(lieOf({ ada: 1, bob: 1, cay: 2 }, "cay")).toEqual({ ada: 2, bob: 1, cay: 1 });
  });

  test("has nothing to say when it won", () => {
    for (const ranks of [
      { ada: 1, bob: 2 },
      { ada: 1, bob: 1 },
    ]) {
      const values = Object.values(lieOf(ranks, "ada")).sort();
      expect(values).toEqual(Object.values(ranks).sort());
      expect(lieOf(ranks, "ada")).toMatchObject({ ada: 1 });
    }
    expect(lieOf({ ada: 1, bob: 2 }, "ada")).toEqual({ ada: 1, bob: 2 });
  });
});
