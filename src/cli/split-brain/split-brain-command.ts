/** `rollcall split-brain`: how it is called. */
import { Command, InvalidArgumentError, Option } from "commander";
import { offering } from "../completion/offered-values.ts";
import { SOAK_MINUTES, SOAK_MINUTES_MAX } from "./soak-length.ts";
import type { SplitBrainOptions } from "./split-brain.ts";

export function splitBrainCommand(): Command {
  return new Command("split-brain")
    .description("make a split brain on this machine, heal it, and judge what became of every write")
    .addOption(offering(scenarioOption(), scenarioNames))
    .option("--all", "all scenarios, one after the other")
    .option("--list", "name the scenarios, and what happens in each")
    .option("--seed <number>", "of all that is random, to play a run again (default: a new one)", parseSeed)
    .option("--minutes <number>", `how long scenario soak lasts (default: ${SOAK_MINUTES})`, parseMinutes)
    .option(
      "--report <folder>",
      "write a page there for each run, <scenario>-<seed>.html, that opens offline, and the servers' logs of one that fails",
    )
    .option("--plain", "lines in place of a picture, as where there is no terminal")
    .addHelpText("after", HELP)
    .action(async (options: SplitBrainOptions) => {
      const { splitBrain } = await import("./split-brain.ts");
      await splitBrain(options);
    });
}

function scenarioOption(): Option {
  return new Option("--scenario <name>", "which one (default: server-1-returns)").conflicts("all");
}

async function scenarioNames(): Promise<string[]> {
  const { SCENARIOS } = await import("../../lab/scenarios/all.ts");
  const { SOAK } = await import("../../lab/scenarios/soak.ts");
  return [...SCENARIOS.map(({ name }) => name), SOAK];
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isFinite(minutes) && minutes > 0 && minutes <= SOAK_MINUTES_MAX) return minutes;
  throw new InvalidArgumentError(`expected a number of minutes, at most ${SOAK_MINUTES_MAX}`);
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError("expected a whole number, 0 or more");
}

const HELP = `
It starts real servers, with an embedded PostgreSQL and a Redis each, and leaves
nothing behind, also when it is ended with Ctrl-C. It exits with 1 if anything
is wrong, and prints the command that plays it again: a seed gives the same
faults and workload, but not the same timing, so what is found may differ.

Examples:
  rollcall split-brain
  rollcall split-brain --scenario same-name --seed 7 --report reports`;
