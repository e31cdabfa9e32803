/** Every scenario of the split-brain lab, on real servers, with nothing to find. */
import { describe, expect, it } from "vitest";
import { run } from "../../src/lab/run.ts";
import { SCENARIOS } from "../../src/lab/scenarios/all.ts";

/** The longest takes half a minute on a quiet machine. */
const RUN_WITHIN_MS = 180_000;
const SEED = 1;

describe("split brain", () => {
  it.each(SCENARIOS)(
    "$name",
    async (scenario) => {
      const { checks, history } = await run(scenario, { seed: SEED });
      expect(history.calls.filter(({ outcome }) => outcome === "ok").length).toBeGreaterThan(0);
      expect(history.faults.filter(({ endedMs }) => endedMs === null)).toEqual([]);
      expect(checks.flatMap(({ findings }) => findings)).toEqual([]);
    },
    RUN_WITHIN_MS,
  );
});
