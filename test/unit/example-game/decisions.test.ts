import { describe, expect, test } from "vitest";
import { planOf } from "../../../scripts/example-game/decisions.ts";
import { rosterOf } from "../../../scripts/example-game/roster.ts";
import { newMatch } from "../../../src/http/contract/match.ts";
import { newPlayer } from "../../../src/http/contract/player.ts";

const ROUNDS = Array.from({ length: 500 }, (_, index) => index + 1);

describe("the bots of a seed", () => {
  test("are the same each time, however many there are, and others with another seed", () => {
    const bots = rosterOf(7, 20);
    expect(rosterOf(7, 40).slice(0, 20)).toEqual(bots);
    const secrets = [...bots, ...rosterOf(8, 20)].map(({ deviceSecret }) => deviceSecret);
    expect(new Set(secrets).size).toBe(40);
  });

  test("can be registered", () => {
    for (const { username, deviceSecret, region, platform } of rosterOf(Number.MAX_SAFE_INTEGER, 50)) {
      const identity = { provider: "device", subject: deviceSecret };
      expect(newPlayer.safeParse({ username, identity, region, platform }).success, username).toBe(true);
      expect(deviceSecret.length).toBeGreaterThanOrEqual(22);
    }
  });

  test("differ in skill", () => {
    const skills = rosterOf(1, 50).map(({ skill }) => skill);
    expect(Math.max(...skills) - Math.min(...skills)).toBeGreaterThan(400);
  });
});

describe("the plan of a round", () => {
  test("depends on seed, bot and round alone", () => {
    const plan = planOf(1, 2, 3);
    planOf(1, 2, 4);
    expect(planOf(1, 2, 3)).toEqual(plan);
    for (const other of [planOf(9, 2, 3), planOf(1, 9, 3), planOf(1, 2, 9)]) expect(other).not.toEqual(plan);
  });

  test("opens matches that servers take", () => {
    for (const round of ROUNDS) {
      const { capacity } = planOf(1, 1, round);
      expect(newMatch.safeParse({ mode: "example-1", capacity }).success).toBe(true);
      expect(capacity).toBeGreaterThan(1);
    }
  });

  test("is mostly fair play; now and then a bot calls off, leaves, lies and changes its record", () => {
    const plans = ROUNDS.map((round) => planOf(1, 1, round));
    const share = (count: number): number => count / plans.length;
    for (const rare of ["callsOff", "leaves", "lies"] as const) {
      const happened = share(plans.filter((plan) => plan[rare]).length);
      expect(happened, rare).toBeGreaterThan(0);
      expect(happened, rare).toBeLessThan(0.1);
    }
    expect(new Set(plans.map(({ edit }) => edit))).toEqual(new Set(["nothing", "displayName", "metadata"]));
  });
});
