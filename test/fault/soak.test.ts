/**
 * Five minutes of random faults, another seed each time. A seed that finds something becomes a test of its own: the
 * message of a failure has the command that plays it again, and says where the servers' logs are.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { againCommand, BY_NPM } from "../../src/cli/split-brain/again-command.ts";
import { run } from "../../src/lab/run.ts";
import { soakFor } from "../../src/lab/scenarios/soak.ts";

const MINUTES = 5;
/** Five minutes of faults, and on a busy machine as long for starting and judging. */
const RUN_WITHIN_MS = 15 * 60_000;
const SEEDS = 1_000_000;

it(
  "a soak of five minutes loses nothing, doubles nothing, and ends with equal servers",
  async () => {
    const [scenario, seed] = [soakFor(MINUTES), randomInt(SEEDS)];
    const logsTo = await mkdtemp(join(tmpdir(), "rollcall-soak-"));
    const again = `${againCommand({ scenario, seed }, BY_NPM)}; logs in ${logsTo}`;
    const result = await run(scenario, { seed, logsTo }).catch((cause: unknown) => {
      throw new Error(again, { cause });
    });
    expect(result.history.faults.length, again).toBeGreaterThanOrEqual(30);
    expect(result.history.calls.filter(({ outcome }) => outcome === "ok").length, again).toBeGreaterThan(0);
    expect(
      result.checks.flatMap(({ findings }) => findings),
      again,
    ).toEqual([]);
    await rm(logsTo, { recursive: true });
  },
  RUN_WITHIN_MS,
);
