/** `rollcall split-brain`: breaks a real cluster on this machine, heals it, and judges what became of it. */
import { randomInt } from "node:crypto";
import { Command, InvalidArgumentError, Option } from "commander";
import { type RunResult, run } from "../../lab/run.ts";
import type { Scenario } from "../../lab/scenario.ts";
import { SCENARIOS, scenarioNamed } from "../../lab/scenarios/all.ts";
import { exitWith } from "../exit-with.ts";
import { commandErrorOf } from "./lab-failure.ts";
import { makeReportFolder, writeReport } from "./report-file.ts";
import { summaryOf } from "./summary.ts";

interface SplitBrainOptions {
  readonly scenario?: string;
  readonly all?: true;
  readonly list?: true;
  readonly seed?: number;
  readonly report?: string;
}

/** Short enough to be typed again. */
const SEED_MAX = 1_000_000;

export function splitBrainCommand(): Command {
  return new Command("split-brain")
    .description("make a split brain on this machine, heal it, and judge what became of every write")
    .addOption(new Option("--scenario <name>", "which one (default: server-1-returns)").conflicts("all"))
    .option("--all", "all scenarios, one after the other")
    .option("--list", "name the scenarios, and what happens in each")
    .option("--seed <number>", "of all that is random, to play a run again (default: a new one)", parseSeed)
    .option(
      "--report <folder>",
      "write a page there for each run, <scenario>-<seed>.html, that opens offline",
    )
    .addHelpText("after", HELP)
    .action((options: SplitBrainOptions) =>
      splitBrain(options).catch((error: unknown) => exitWith(commandErrorOf(error))),
    );
}

async function splitBrain({ scenario, all, list, seed, report }: SplitBrainOptions): Promise<void> {
  if (list) return say(listed());
  const chosen = all ? SCENARIOS : [scenarioNamed(scenario ?? "server-1-returns")];
  if (report !== undefined) await makeReportFolder(report);
  let failed = false;
  for (const one of chosen) {
    const result = await play(one, seed ?? randomInt(SEED_MAX));
    say(summaryOf(result));
    if (report !== undefined) say(`  report: ${await writeReport(result, report)}`);
    failed ||= result.checks.some(({ findings }) => findings.length > 0);
  }
  process.exitCode = failed ? 1 : 0;
}

function play(scenario: Scenario, seed: number): Promise<RunResult> {
  say(`\n${scenario.name}, seed ${seed}: ${scenario.story}`);
  return run(scenario, { seed, onStep: (text) => say(`  ${text}`) });
}

function listed(): string {
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
  return SCENARIOS.map(({ name, story }) => `${name.padEnd(width)}  ${story}`).join("\n");
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError("expected a whole number, 0 or more");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const HELP = `
It starts real servers, with an embedded PostgreSQL and a Redis each, and leaves nothing behind. It exits with 1 if
anything is wrong, and prints the command that plays the same again.

Examples:
  rollcall split-brain
  rollcall split-brain --scenario same-name --seed 7 --report reports`;
