/** One run of a scenario: a world is made, broken and written to, healed, given time to agree, and judged. */
import { setTimeout as delay } from "node:timers/promises";
import { type FinalState, finalStates } from "./checker/final-state.ts";
import type { Check } from "./checker/finding.ts";
import { judge } from "./checker/judge.ts";
import { History, type RecordedFault } from "./history.ts";
import { LabError } from "./lab-error.ts";
import { marks } from "./mark.ts";
import type { Nemesis } from "./nemeses/nemesis.ts";
import { Random } from "./random.ts";
import type { Scenario, Servers, Stage, Struck } from "./scenario.ts";
import { Caller } from "./workload/caller.ts";
import { Traffic } from "./workload/traffic.ts";
import { agreed, lagOf } from "./world/convergence.ts";
import { type Server, startWorld, type World } from "./world/world.ts";

/** Where a run is, in words. */
export type Step =
  | "starting databases, brokers and servers"
  | "breaking things"
  | "waiting until all agree"
  | "judging"
  | "stopping everything";

export interface RunOptions {
  readonly seed: number;
  /** The compiled command line to run, other than this checkout's own. */
  readonly command?: string;
  /** How long servers may take to agree; then it is a finding that they do not. */
  readonly agreedWithinMs?: number;
  /** A folder that gets the servers' logs, if the run fails or finds something. */
  readonly logsTo?: string | undefined;
  readonly onStep?: (step: Step) => void;
  /** As soon as there is something to look at; the history grows while the run lasts. */
  readonly onBegun?: (world: World, history: History) => void;
  /** Gives up: all faults are ended, then everything that was started, and the run rejects. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly history: History;
  /** From the end of the last fault until all servers held the same; null if they did not. */
  readonly convergedMs: number | null;
  /** When all faults had ended, on the history's clock. */
  readonly healedMs: number;
  readonly states: readonly FinalState[];
  readonly checks: readonly Check[];
}

const SERVERS = 3;
/** Much longer than it takes: what is not there by then does not come. */
const AGREED_WITHIN_MS = 60_000;
const LAG_EVERY_MS = 250;

export async function run(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const { seed, onStep = () => undefined, agreedWithinMs = AGREED_WITHIN_MS, logsTo, signal } = options;
  // Calls end when they end: if they drew from what chooses faults, a seed would not give the same faults again.
  const random = new Random(seed);
  const ofNetwork = random.fork();
  const ofTraffic = random.fork();
  onStep("starting databases, brokers and servers");
  const world = await startWorld({
    servers: scenario.servers ?? SERVERS,
    databases: scenario.databases ?? "shared",
    random: () => ofNetwork.next(),
    command: options.command,
  });
  let passed = false;
  try {
    const { servers, opsToken } = world;
    await unlessAborted(signal, agreed(servers, opsToken, AGREED_WITHIN_MS));
    const history = new History();
    options.onBegun?.(world, history);
    onStep("breaking things");
    const sampler = sampleLag(world, history);
    try {
      await play(scenario, { world, history, random, ofTraffic, signal });
      const healedMs = history.now();
      onStep("waiting until all agree");
      const agreeing = unlessAborted(signal, agreed(servers, opsToken, agreedWithinMs));
      const failure = await agreeing.then(() => undefined, onlyNotConverged);
      const convergedMs = failure ? null : history.now() - healedMs;
      if (failure) history.remark(failure.message);
      onStep("judging");
      const states = await finalStates(world);
      const checks = [convergence(failure), ...(await judge(history.calls, states, random))];
      passed = checks.every(({ findings }) => findings.length === 0);
      // Of a run that fails or is given up, the step that it was at is what is shown to have failed.
      if (!signal?.aborted) onStep("stopping everything");
      return { scenario, seed, history, convergedMs, healedMs, states, checks };
    } finally {
      await sampler.stop();
    }
  } finally {
    try {
      if (!passed && !signal?.aborted && logsTo !== undefined)
        await world.keepLogs(logsTo, runName(scenario, seed));
    } finally {
      await world.end();
    }
  }
}

/** Of what is written of a run. */
export function runName({ name }: Pick<Scenario, "name">, seed: number): string {
  return `${name}-${seed}`;
}

interface Setting {
  readonly world: World;
  readonly history: History;
  readonly random: Random;
  readonly ofTraffic: Random;
  readonly signal: AbortSignal | undefined;
}

/** Every fault is ended, also when the scenario fails or is given up at whatever it does next. */
async function play(scenario: Scenario, setting: Setting): Promise<void> {
  const { world, history, random, ofTraffic, signal } = setting;
  const { apiKey, opsToken } = world;
  const [one, two, ...more] = world.servers;
  if (!one || !two) throw new RangeError("a scenario has at least two servers");
  const servers: Servers = [one, two, ...more];
  const newMark = marks(ofTraffic);
  const callers = new Map(
    servers.map((server) => [server, new Caller({ history, server, apiKey, opsToken, newMark })]),
  );
  const traffic = new Traffic({ callers: [...callers.values()], random: ofTraffic });
  const struck = new Set<Struck>();
  const strike = async (nemesis: Nemesis): Promise<Struck> => {
    signal?.throwIfAborted();
    const fault = await begin(nemesis, history, () => struck.delete(fault));
    struck.add(fault);
    return fault;
  };
  const stage: Stage = {
    servers,
    random,
    traffic,
    at(server) {
      signal?.throwIfAborted();
      return callers.get(server) ?? unknownServer(server);
    },
    strike,
    async during(nemesis, act) {
      const fault = await strike(nemesis);
      try {
        return await act();
      } finally {
        await fault.end();
      }
    },
    agreed: (some = servers) => unlessAborted(signal, agreed(some, opsToken, AGREED_WITHIN_MS)),
    wait: (ms) => delay(ms, undefined, signal && { signal }),
    say: (text) => history.remark(text),
  };
  try {
    await scenario.play(stage);
  } finally {
    await traffic.stop();
    await endAll(struck);
  }
}

/** Each of them, also where another cannot be ended. */
async function endAll(struck: ReadonlySet<Struck>): Promise<void> {
  const ends = await Promise.allSettled([...struck].map((fault) => fault.end()));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed) throw failed.reason;
}

async function begin(
  { name, target, start, end }: Nemesis,
  history: History,
  onEnd: () => void,
): Promise<Struck> {
  const recorded: RecordedFault = history.faultBegan(name, target);
  await start();
  return {
    async end() {
      if (recorded.endedMs !== null) return;
      await end();
      recorded.endedMs = history.now();
      onEnd();
    },
  };
}

/** What it waits for may go on; it only asks. */
async function unlessAborted<T>(signal: AbortSignal | undefined, waiting: Promise<T>): Promise<T> {
  if (!signal) return waiting;
  signal.throwIfAborted();
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([waiting, aborted]);
  } finally {
    if (abort) signal.removeEventListener("abort", abort);
  }
}

function sampleLag({ servers, opsToken }: World, history: History): { stop(): Promise<void> } {
  let stopped = false;
  const sampling = (async () => {
    while (!stopped) {
      const missing = await lagOf(servers, opsToken);
      history.lag.push({ atMs: history.now(), missing });
      await delay(LAG_EVERY_MS);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await sampling;
    },
  };
}

function convergence(failure: LabError | undefined): Check {
  const name = "convergence";
  const findings = failure ? [{ check: name, words: failure.message }] : [];
  return { name, promise: "all servers came to hold the same", findings };
}

function onlyNotConverged(error: unknown): LabError {
  if (error instanceof LabError && error.code === "not-converged") return error;
  throw error;
}

function unknownServer({ name }: Server): never {
  throw new RangeError(`${name} is of another world`);
}
