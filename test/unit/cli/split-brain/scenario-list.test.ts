import { expect, it } from "vitest";
import { scenarioList } from "../../../../src/cli/split-brain/scenario-list.ts";
import { SCENARIOS } from "../../../../src/lab/scenarios/all.ts";
import { soakFor } from "../../../../src/lab/scenarios/soak.ts";

it("keeps stories beside their names, however narrow the terminal is", () => {
  const made = [
    { name: "one", story: "Both sides of a split." },
    { name: "another", story: "Short." },
  ];
  expect(scenarioList(made, 21).split("\n")).toEqual([
    "one      Both sides",
    "         of a split.",
    "another  Short.",
  ]);
});

it("breaks no line where nobody looks", () => {
  const lines = scenarioList(SCENARIOS, Number.POSITIVE_INFINITY).split("\n");
  expect(lines).toHaveLength(SCENARIOS.length);
  expect(
    scenarioList(SCENARIOS, 80)
      .split("\n")
      .every(({ length }) => length <= 80),
  ).toBe(true);
});

it("counts a minute as one", () => {
  expect(soakFor(1).story).toMatch(/^For 1 minute a/);
  expect(soakFor(5).story).toMatch(/^For 5 minutes a/);
});
