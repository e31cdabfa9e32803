import { rate } from "openskill";
import { describe, expect, it } from "vitest";
import {
  canonicalRating,
  FIRST_SKILL,
  participantsOf,
  rateMatch,
  ratingOf,
  type Skill,
  sameSkill,
} from "../../../crdt/rating.ts";

const STRONG: Skill = { mu: 31.5, sigma: 2.25, matches: 40, wins: 30, losses: 8, draws: 2 };

function first(): Skill {
  return FIRST_SKILL;
}

function countsOf(skill: Skill | undefined): unknown {
  const { matches, wins, losses, draws } = skill ?? FIRST_SKILL;
  return { matches, wins, losses, draws };
}

describe("participants of a match", () => {
  it("[RAT1] a match counts for the survivor of each player", () => {
    const survivors = new Map([["b", "a"]]);
    const participants = participantsOf(
      [
        ["b", 1],
        ["c", 2],
      ],
      (id) => survivors.get(id) ?? id,
    );
    expect([...participants]).toEqual([
      ["a", 1],
      ["c", 2],
    ]);
  });

  it.each([
    [1, 3],
    [3, 1],
  ])(
    "[RAT1] two players of one survivor (ranks %i and %i) count once, with the better rank",
    (one, other) => {
      const participants = participantsOf(
        [
          ["a", one],
          ["b", other],
          ["c", 2],
        ],
        (id) => (id === "b" ? "a" : id),
      );
      expect(participants).toEqual(
        new Map([
          ["a", 1],
          ["c", 2],
        ]),
      );
    },
  );
});

describe("the skills after a match", () => {
  it("[RAT1] are those of OpenSkill's default model, each player a team of one", () => {
    const after = rateMatch(
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
      (id) => (id === "a" ? STRONG : FIRST_SKILL),
    );
    const [[a], [b]] = rate([[{ mu: 31.5, sigma: 2.25 }], [{ mu: 25, sigma: 25 / 3 }]], { rank: [2, 1] }) as [
      [unknown],
      [unknown],
    ];
    expect(after.get("a")).toMatchObject(a as object);
    expect(after.get("b")).toMatchObject(b as object);
    expect(after.get("a")?.mu).toBeLessThan(STRONG.mu);
    expect(after.get("b")?.mu).toBeGreaterThan(FIRST_SKILL.mu);
  });

  it("[RAT1] count a win for the best rank and a loss for every other", () => {
    const after = rateMatch(
      new Map([
        ["a", 1],
        ["b", 1],
        ["c", 2],
        ["d", 3],
      ]),
      first,
    );
    expect([..."abcd"].map((id) => countsOf(after.get(id)))).toEqual([
      { matches: 1, wins: 1, losses: 0, draws: 0 },
      { matches: 1, wins: 1, losses: 0, draws: 0 },
      { matches: 1, wins: 0, losses: 1, draws: 0 },
      { matches: 1, wins: 0, losses: 1, draws: 0 },
    ]);
  });

  it("[RAT1] count a draw for everyone when all tied, and what was counted before stays", () => {
    const after = rateMatch(
      new Map([
        ["a", 1],
        ["b", 1],
      ]),
      () => STRONG,
    );
    for (const id of ["a", "b"]) {
      expect(countsOf(after.get(id))).toEqual({ matches: 41, wins: 30, losses: 8, draws: 3 });
    }
    expect(after.get("a")?.mu).toBe(after.get("b")?.mu);
  });

  it("[RAT1] of a single participant count the match, and are what they were", () => {
    const after = rateMatch(new Map([["a", 1]]), () => STRONG);
    expect(after).toEqual(new Map([["a", { ...STRONG, matches: 41 }]]));
    expect(rateMatch(new Map(), first)).toEqual(new Map());
  });

  it("[RAT2] are the same to the last digit in whatever order the players are named", () => {
    // With these the last digit of one would differ if they were rated as they come.
    const skills: Record<string, Skill> = {
      a: { ...STRONG, mu: 6.02, sigma: 7.41 },
      b: { ...STRONG, mu: 14.47, sigma: 4.74 },
      c: { ...STRONG, mu: 26.29, sigma: 1.79 },
    };
    const ranks: Record<string, number> = { a: 2, b: 1, c: 2 };
    const outcome = (order: string) =>
      rateMatch(new Map([...order].map((id) => [id, ranks[id] ?? 0])), (id) => skills[id] ?? FIRST_SKILL);
    for (const order of ["acb", "bac", "bca", "cab", "cba"]) expect(outcome(order)).toEqual(outcome("abc"));
  });

  it("[RAT2] have these digits", () => {
    const after = rateMatch(
      new Map([
        ["a", 1],
        ["b", 2],
        ["c", 2],
      ]),
      (id) => (id === "b" ? STRONG : FIRST_SKILL),
    );
    expect(canonicalRating("duel", "a", after.get("a") ?? FIRST_SKILL)).toBe(
      '{"rating":["duel","a",28.578761528537726,8.155310416591043,1,1,0,0]}',
    );
    expect(canonicalRating("duel", "b", after.get("b") ?? FIRST_SKILL)).toBe(
      '{"rating":["duel","b",31.298325663974307,2.2492771775951073,41,30,9,2]}',
    );
  });
});

describe("a rating", () => {
  it("[RAT1] is the mean less three standard deviations", () => {
    expect(ratingOf(STRONG)).toBe(31.5 - 3 * 2.25);
    expect(ratingOf(FIRST_SKILL)).toBe(0);
  });

  it("[RAT2] differs when any part of the skill does", () => {
    expect(sameSkill(STRONG, { ...STRONG })).toBe(true);
    expect(sameSkill(null, null)).toBe(true);
    expect(sameSkill(STRONG, null)).toBe(false);
    for (const part of Object.keys(STRONG) as (keyof Skill)[]) {
      const other = { ...STRONG, [part]: STRONG[part] + 1 };
      expect(sameSkill(STRONG, other)).toBe(false);
      expect(canonicalRating("duel", "a", other)).not.toBe(canonicalRating("duel", "a", STRONG));
    }
  });
});
