/** For how long a server has held a match, with little room and by a clock that is set. */
import { expect, it } from "vitest";
import { MatchAges } from "../../../src/registry/match-ages.ts";

function open(options: { keptMs?: number; matchesMax?: number } = {}) {
  const clock = { nowMs: 1_000 };
  const ages = new MatchAges({ keptMs: 60, ...options, monotonicMs: () => clock.nowMs });
  return { clock, ages };
}

it("[MAT4] what was never noted is as old as the server, and any may be new while that is young", () => {
  const { clock, ages } = open();
  expect(ages.heldForMs("a")).toBe(0);
  ages.begin();
  clock.nowMs += 30;
  expect(ages.heldForMs("a")).toBe(30);
  expect(ages.heldForUpTo(30)).toBeUndefined();
  clock.nowMs += 1;
  expect(ages.heldForUpTo(30)).toEqual([]);
});

it("[MAT4] a match is as old as its last noting, and forgotten once it is older than what is kept", () => {
  const { clock, ages } = open();
  ages.begin();
  clock.nowMs += 1_000;
  ages.note("a");
  ages.note("b");
  clock.nowMs += 30;
  ages.note("a");
  expect(ages.heldForUpTo(29)).toEqual(["a"]);
  expect(ages.heldForUpTo(30)).toEqual(["b", "a"]);
  clock.nowMs += 31;
  ages.note("c");
  expect([ages.heldForMs("a"), ages.heldForMs("b"), ages.heldForMs("c")]).toEqual([31, 1_061, 0]);
});

it("[MAT4] for want of room the oldest go, and nothing is told to be older than the last that went", () => {
  const { clock, ages } = open({ matchesMax: 2 });
  ages.begin();
  clock.nowMs += 1_000;
  for (const id of ["a", "b", "c"]) {
    ages.note(id);
    clock.nowMs += 10;
  }
  expect(["a", "b", "c", "never"].map((id) => ages.heldForMs(id))).toEqual([30, 20, 10, 30]);
  expect(ages.heldForUpTo(30)).toBeUndefined();
  expect(ages.heldForUpTo(29)).toEqual(["b", "c"]);
});
