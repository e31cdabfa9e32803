/** Five minutes of random faults on real servers, with a seed of its own at each run. */
import { randomInt } from "node:crypto";
import { expect, it } from "vitest";
import { againCommand } from "../../src/cli/split-brain/summary.ts";
import { run } from "../../src/lab/run.ts";
import { soakFor } from "../../src/lab/scenarios/soak.ts";

const MINUTES = 5;
const FAULTS_MIN = 30;
const RUN_WITHIN_MS = (MINUTES + 5) * 60_000;

it(
  "a random fault every ten seconds loses nothing and leaves all servers the same",
  async () => {
    const seed = randomInt(1_000_000);
    const result = await run(soakFor(MINUTES), { seed });
    expect(result.history.faults.length).toBeGreaterThanOrEqual(FAULTS_MIN);
    expect(
      result.checks.flatMap(({ findings }) => findings),
      `to play it again: ${againCommand(result)}`,
    ).toEqual([]);
  },
  RUN_WITHIN_MS,
);
