/** That the lab's checker can fail: each of these deliberate bugs is caught, by the check that is there for it. */
import { describe, expect, it } from "vitest";
import { run } from "../../src/lab/run.ts";
import type { Scenario } from "../../src/lab/scenario.ts";
import { scenarioNamed } from "../../src/lab/scenarios/all.ts";
import { BUGS, type Bug, buildWith } from "../support/broken-build.ts";

/** Without the bug it takes a second or two. */
const AGREED_WITHIN_MS = 10_000;
const RUN_WITHIN_MS = 180_000;

const CASES: readonly [Bug, Scenario, string][] = [
  [BUGS.skipsHoles, scenarioNamed("server-1-returns"), "logs"],
  [BUGS.dropsOnResubscribe, scenarioNamed("broker-dies"), "convergence"],
  [BUGS.appliesByArrival, scenarioNamed("same-name"), "same everywhere"],
];

describe("a build that", () => {
  it.each(CASES)(
    "$name is found out",
    async (bug, scenario, check) => {
      const build = await buildWith(bug);
      try {
        const { checks } = await run(scenario, {
          seed: 1,
          command: build.command,
          agreedWithinMs: AGREED_WITHIN_MS,
        });
        const failed = checks.filter(({ findings }) => findings.length > 0).map(({ name }) => name);
        expect(failed).toContain(check);
      } finally {
        await build.remove();
      }
    },
    RUN_WITHIN_MS,
  );
});
