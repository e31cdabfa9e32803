/** Breaks a real cluster on this machine, heals it, and judges what became of it. */
import { randomInt } from "node:crypto";
import colors from "picocolors";
import { SEED_MEANS } from "../../lab/report/figures.ts";
import { type RunResult, run } from "../../lab/run.ts";
import type { Scenario } from "../../lab/scenario.ts";
import { SCENARIOS, scenarioNamed } from "../../lab/scenarios/all.ts";
import { SOAK, soakFor } from "../../lab/scenarios/soak.ts";
import { CommandError } from "../command-error.ts";
import { endInOrder } from "../end-in-order.ts";
import { EXIT_STOPPED, exitWith } from "../exit-with.ts";
import { wrap } from "../text/display-width.ts";
import { screenOf } from "../text/screen.ts";
import { commandErrorOf } from "./lab-failure.ts";
import { liveWatch } from "./live-watch.ts";
import { makeReportFolder, writeReport } from "./report-file.ts";
import { scenarioList } from "./scenario-list.ts";
import { SOAK_MINUTES } from "./soak-length.ts";
import { summaryOf } from "./summary.ts";
import { plainWatch, type Watch } from "./watch.ts";

export interface SplitBrainOptions {
  readonly scenario?: string;
  readonly all?: true;
  readonly list?: true;
  readonly seed?: number;
  readonly minutes?: number;
  readonly report?: string;
  readonly plain?: true;
}

/** Short enough to be typed again. */
const SEED_MAX = 1_000_000;
/** Servers that were killed are started again before all are stopped. */
const STOP_WITHIN_MS = 90_000;

export function splitBrain(options: SplitBrainOptions): Promise<void> {
  return breakAndJudge(options).catch((error: unknown) => exitWith(commandErrorOf(error)));
}

async function breakAndJudge(options: SplitBrainOptions): Promise<void> {
  const { all, list, seed, report, plain } = options;
  if (list) {
    return say(scenarioList([...SCENARIOS, soakFor(SOAK_MINUTES)], columns()));
  }
  const chosen = all ? SCENARIOS : [chosenBy(options)];
  if (report !== undefined) await makeReportFolder(report);
  const stopping = new AbortController();
  const playing = playAll(chosen, { seed, report, plain, signal: stopping.signal });
  endInOrder(STOP_WITHIN_MS, async ({ err, signal }) => {
    stopping.abort();
    if (err) say(err.message);
    await playing.catch(() => undefined);
    if (signal) process.exit(EXIT_STOPPED);
    // It ends by itself: with what the run came to, where whoever called this would say that all is well.
    if (!err) process.exit();
  });
  const outcome = await playing.catch((error: unknown) => {
    // Whoever asked for the end waits for it above.
    if (!stopping.signal.aborted) exitWith(commandErrorOf(error));
    return "broken off" as const;
  });
  if (stopping.signal.aborted) return;
  if (outcome === "failed") process.exitCode = 1;
}

interface PlayOptions {
  readonly seed: number | undefined;
  readonly report: string | undefined;
  readonly plain: true | undefined;
  readonly signal: AbortSignal;
}

async function playAll(
  chosen: readonly Scenario[],
  { seed, report, plain, signal }: PlayOptions,
): Promise<"passed" | "failed"> {
  let failed = false;
  for (const one of chosen) {
    const watch = process.stdout.isTTY && !plain ? liveWatch() : plainWatch(say);
    const result = await play(one, seed ?? randomInt(SEED_MAX), watch, { report, signal });
    say(summaryOf(result));
    if (report !== undefined) say(`report: ${await writeReport(result, report)}`);
    failed ||= result.checks.some(({ findings }) => findings.length > 0);
  }
  return failed ? "failed" : "passed";
}

async function play(
  scenario: Scenario,
  seed: number,
  watch: Watch,
  { report, signal }: Pick<PlayOptions, "report" | "signal">,
): Promise<RunResult> {
  say(`\n${colors.bold(scenario.name)}, seed ${seed}`);
  say(wrap(scenario.story, columns()).join("\n"));
  say(colors.dim(`(${SEED_MEANS})`));
  const breakOff = (): void => void watch.end("failed").then(() => say("ending everything …"));
  signal.addEventListener("abort", breakOff);
  try {
    const result = await run(scenario, {
      seed,
      signal,
      logsTo: report,
      onStep: (step) => watch.step(step),
      onBegun: (world, history) => watch.begun(world, history),
    });
    await watch.end("done");
    return result;
  } catch (error) {
    await watch.end("failed");
    throw error;
  } finally {
    signal.removeEventListener("abort", breakOff);
  }
}

/** Of the terminal, infinite where nobody looks. */
function columns(): number {
  return screenOf(process.stdout, { color: false }).width;
}

/** @throws CommandError */
function chosenBy({ scenario = "server-1-returns", minutes }: SplitBrainOptions): Scenario {
  if (scenario === SOAK) return soakFor(minutes ?? SOAK_MINUTES);
  const chosen = scenarioNamed(scenario);
  if (minutes === undefined) return chosen;
  throw new CommandError(
    "bad-usage",
    `--minutes is of scenario ${SOAK}; ${scenario} lasts as long as it takes`,
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
