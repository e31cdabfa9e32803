import { describe, expect, it } from "vitest";
import type { Registers } from "../../../crdt/document.ts";
import { type MatchFact, type MatchState, readFacts, stateOfFacts } from "../../../crdt/match-facts.ts";

const EARLY = "018bcfe568000001";
const LATE = "018bcfe568000002";
const NOTHING = { started: null, finished: null, cancelled: null, expired: null };

function facts(...happened: readonly MatchFact[]): Registers {
  return Object.fromEntries(happened.map((fact) => [`${fact}/${EARLY}`, true]));
}

describe("what happened to a match", () => {
  it.each<[MatchState, MatchFact[]]>([
    ["open", []],
    ["running", ["started"]],
    ["expired", ["expired"]],
    ["expired", ["started", "expired"]],
    ["cancelled", ["cancelled"]],
    ["cancelled", ["started", "cancelled"]],
    ["cancelled", ["expired", "cancelled"]],
    ["cancelled", ["started", "expired", "cancelled"]],
    ["finished", ["finished"]],
    ["finished", ["started", "finished"]],
    ["finished", ["expired", "finished"]],
    ["finished", ["cancelled", "finished"]],
    ["finished", ["started", "expired", "cancelled", "finished"]],
  ])("[MAT1] is %s after %j, in any order", (state, happened) => {
    expect(stateOfFacts(readFacts(facts(...happened)))).toBe(state);
    expect(stateOfFacts(readFacts(facts(...[...happened].reverse())))).toBe(state);
  });

  it("[MAT1] when a fact was added several times, the earliest counts", () => {
    const registers = { [`started/${LATE}`]: true, [`started/${EARLY}`]: true, [`finished/${LATE}`]: true };
    expect(readFacts(registers)).toEqual({ ...NOTHING, started: EARLY, finished: LATE });
  });

  it.each<[string, Registers]>([
    [
      "another value",
      { [`started/${EARLY}`]: 1, [`finished/${EARLY}`]: "true", [`expired/${EARLY}`]: false },
    ],
    ["no stamp", { "started/now": true, started: true, "started/": true }],
    ["a stamp past 9999", { "finished/fffffffffffff000": true }],
    ["something after the stamp", { [`started/${EARLY}/x`]: true }],
    ["a fact that this version does not know", { [`paused/${EARLY}`]: true }],
  ])("[STO1] did not happen: %s", (_, registers) => {
    expect(readFacts(registers)).toEqual(NOTHING);
  });
});
