/**
 * What it costs a caller that the server it talks to is killed, or frozen: how much longer than usual the call takes
 * that was under way at that moment, or else the first one after it.
 *
 * A call that the server still answered is none of these: it was over for the server. Callers go on as they were while
 * servers come back, so later faults find clients that have seen some.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { LocalServer } from "../../src/cli/demo/local-server.ts";
import { withCluster } from "./bench-cluster.ts";
import { type Figure, median, percentile } from "./figure.ts";
import { type MadeCall, SteadyCaller } from "./steady-caller.ts";

const CALLERS = 16;
const FAULTS_EACH = 10;
/** With fewer, a 99th percentile says nothing. */
const AFFECTED_MIN = 100;
/** Before a fault: clients look for servers that were away within 5 s, and all have been back for longer. */
const CALM_MS = 6_000;
const POLL_MS = 10;
/** Longer than any call may take. */
const AFFECTED_WITHIN_MS = 15_000;

interface Fault {
  readonly strike: (server: LocalServer) => Promise<void>;
  readonly mend: (server: LocalServer) => Promise<void>;
}

const KILLED: Fault = {
  strike: (server) => server.kill(),
  mend: (server) => server.start(),
};
const FROZEN: Fault = {
  strike: async (server) => server.signal("SIGSTOP"),
  mend: async (server) => server.signal("SIGCONT"),
};

export function measureMoving(): Promise<Figure[]> {
  return withCluster(3, async ({ servers }) => {
    const urls = servers.map(({ url }) => url);
    const callers = await Promise.all(Array.from({ length: CALLERS }, () => SteadyCaller.start(urls)));
    const killed: number[] = [];
    const frozen: number[] = [];
    for (let round = 0; round < FAULTS_EACH; round++) {
      killed.push(...(await extraMs(servers, callers, KILLED)));
      frozen.push(...(await extraMs(servers, callers, FROZEN)));
    }
    for (const caller of callers) await caller.end();
    const all = [...killed, ...frozen];
    if (all.length < AFFECTED_MIN) throw new RangeError(`only ${all.length} calls were affected`);
    return [
      figure("the server is killed", killed),
      figure("the server is frozen", frozen),
      { ...figure("either", all), wanted: "p99 at most 1000 ms" },
    ];
  });
}

/** Of each caller that talked to the server that most talk to: by how much the call was longer that the fault met. */
async function extraMs(
  servers: readonly LocalServer[],
  callers: readonly SteadyCaller[],
  { strike, mend }: Fault,
): Promise<number[]> {
  const calmFromMs = performance.now();
  await delay(CALM_MS + POLL_MS * Math.random());
  const server = mostUsed(servers, callers);
  const struck = callers.filter((caller) => caller.server === server.url);
  const usualMs = usual(
    callers.flatMap(({ calls }) => calls.filter((call) => call.startedAtMs > calmFromMs)),
  );
  const faultAtMs = performance.now();
  const striking = strike(server);
  const affected = await Promise.all(struck.map((caller) => affectedCall(caller, server.url, faultAtMs)));
  await striking;
  await mend(server);
  return affected.map((call) => call.endedAtMs - call.startedAtMs - usualMs[call.kind]);
}

function mostUsed(servers: readonly LocalServer[], callers: readonly SteadyCaller[]): LocalServer {
  const users = ({ url }: LocalServer): number => callers.filter(({ server }) => server === url).length;
  const [most] = servers.toSorted((a, b) => users(b) - users(a));
  if (!most) throw new RangeError("a cluster has servers");
  return most;
}

function usual(calls: readonly MadeCall[]): Readonly<Record<MadeCall["kind"], number>> {
  const of = (kind: MadeCall["kind"]): number =>
    median(calls.filter((call) => call.kind === kind).map((call) => call.endedAtMs - call.startedAtMs));
  return { read: of("read"), write: of("write") };
}

/** The first that ended after the fault and was answered by another server. */
async function affectedCall(caller: SteadyCaller, lost: string, faultAtMs: number): Promise<MadeCall> {
  while (performance.now() < faultAtMs + AFFECTED_WITHIN_MS) {
    const found = caller.calls.find(({ endedAtMs, server }) => endedAtMs > faultAtMs && server !== lost);
    if (found) return found;
    await delay(POLL_MS);
  }
  await caller.end();
  throw new RangeError(`no call was answered within ${AFFECTED_WITHIN_MS} ms after a server was lost`);
}

function figure(what: string, extra: readonly number[]): Figure {
  const at = (percent: number): string => `${Math.round(percentile(extra, percent))}`;
  return {
    what: `${what}: what ${extra.length} calls took more, median, p99, most`,
    measured: `${at(50)}, ${at(99)}, ${at(100)} ms`,
  };
}
