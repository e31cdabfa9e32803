/**
 * One process on this machine that we start, wait for, and stop by its own pid: PostgreSQL, Redis, a server.
 *
 * - It has a process group of its own, so a Ctrl-C in the terminal reaches us alone, and we stop what we
 *   started in the right order.
 * - All that it prints goes to `<folder>/<name>.log`; an error at its start carries the end of that.
 * - If we end without having stopped it (an exception nobody caught, `process.exit`), it is sent its first stop
 *   signal on our way out. If we are killed, the next `startLocalProcess` on the folder finds and stops it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { claimFolder, type FolderClaim } from "./folder-claim.ts";
import { LocalProcessError } from "./local-process-error.ts";
import { readLogTail } from "./log-tail.ts";
import { sendSignal } from "./process-identity.ts";
import { type StopStep, stopBySteps } from "./stop-steps.ts";

export interface LocalProcessOptions {
  /** Unique in the folder; names the log and the record of what runs. */
  readonly name: string;
  /** Exists. */
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly stopSteps: readonly StopStep[];
  /** Entered before the account changes, so the account need not be able to reach it. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Runs when the folder is ours and nothing of before runs in it any more. */
  readonly beforeStart?: () => Promise<void>;
  /** Whom it runs as, if not as ourselves. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LocalProcess {
  readonly pid: number;
  /** What it and those before it in the folder printed. */
  readonly logPath: string;
  /** Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  isRunning(): boolean;
  /** Does nothing to one that has ended. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the probe no longer throws; `did-not-start` if the process ends first or the time is over. */
  ready(probe: () => Promise<void>, withinMs: number): Promise<void>;
  /** For one that ends by itself: `did-not-start` unless its exit code is 0. */
  succeeded(): Promise<void>;
  /** Goes through the stop steps; at once if it has ended. */
  stop(): Promise<void>;
  /** As a crash: SIGKILL. */
  kill(): Promise<void>;
}

const PROBE_EVERY_MS = 25;

export async function startLocalProcess(options: LocalProcessOptions): Promise<LocalProcess> {
  const { name, folder, stopSteps } = options;
  const logPath = join(folder, `${name}.log`);
  const claim = await claimFolder(folder, name, stopSteps);
  let started: StartedChild;
  try {
    await options.beforeStart?.();
    started = await spawnLogged(options, logPath, claim);
  } catch (error) {
    claim.release();
    throw error;
  }
  const { child, pid, logBytesBefore } = started;
  const ended = untilEnd(child);
  let end: ProcessEnd | undefined;
  void ended.then((value) => {
    end = value;
    alive.delete(child);
    claim.release();
  });
  stopAtOurExit(child, stopSteps);

  const signal = (value: NodeJS.Signals): void => {
    if (end === undefined) sendSignal(pid, value);
  };
  const goneWithin = (withinMs: number) => within(ended, withinMs);
  const stop = async (steps: readonly StopStep[]): Promise<void> => {
    if (end !== undefined || (await stopBySteps(steps, { signal, gone: goneWithin }))) return;
    throw new LocalProcessError("did-not-stop", `${name}, pid ${pid}, does not stop`);
  };
  const failure = async (what: string, cause?: unknown): Promise<LocalProcessError> => {
    const tail = await readLogTail(logPath, logBytesBefore);
    return new LocalProcessError(
      "did-not-start",
      `${name} ${what}. Its log, ${logPath}, ends with:\n${tail}`,
      cause,
    );
  };

  return {
    pid,
    logPath,
    ended,
    isRunning: () => end === undefined,
    signal,
    async ready(probe, withinMs) {
      const deadline = performance.now() + withinMs;
      let lastError: unknown;
      while (end === undefined && performance.now() < deadline) {
        try {
          await probe();
          if (end === undefined) return;
        } catch (error) {
          lastError = error;
          await Promise.race([ended, delay(PROBE_EVERY_MS)]);
        }
      }
      if (end !== undefined) throw await failure(`ended at its start (${describe(end)})`, lastError);
      await stop(stopSteps);
      throw await failure(`was not ready within ${withinMs} ms`, lastError);
    },
    async succeeded() {
      const result = await ended;
      if (result.code !== 0) throw await failure(`failed (${describe(result)})`);
    },
    stop: () => stop(stopSteps),
    kill: () => stop([{ signal: "SIGKILL", waitMs: KILL_WAIT_MS }]),
  };
}

/** A process in the middle of a disk write dies only after it; this is a bound for a very slow disk. */
const KILL_WAIT_MS = 30_000;

interface StartedChild {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly logBytesBefore: number;
}

async function spawnLogged(
  { name, command, args, cwd, env, account }: LocalProcessOptions,
  logPath: string,
  claim: FolderClaim,
): Promise<StartedChild> {
  const log = openSync(logPath, "a", 0o600);
  let child: ChildProcess | undefined;
  try {
    const logBytesBefore = fstatSync(log).size;
    child = spawn(command, args, {
      detached: true,
      stdio: ["ignore", log, log],
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env: { ...env } }),
      ...account,
    });
    await once(child, "spawn");
    if (child.pid === undefined) throw new LocalProcessError("not-available", `${name} has no pid`);
    claim.record(child.pid);
    return { child, pid: child.pid, logBytesBefore };
  } catch (error) {
    child?.kill("SIGKILL");
    throw new LocalProcessError("not-available", `${name} cannot be started: ${command}`, error);
  } finally {
    closeSync(log);
  }
}

/** Registered before anything else can happen to the child, so the event cannot be missed. */
async function untilEnd(child: ChildProcess): Promise<ProcessEnd> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return { code: child.exitCode, signal: child.signalCode };
}

const alive = new Map<ChildProcess, readonly StopStep[]>();

function stopAtOurExit(child: ChildProcess, steps: readonly StopStep[]): void {
  if (!process.listeners("exit").includes(stopAll)) process.once("exit", stopAll);
  if (child.exitCode === null && child.signalCode === null) alive.set(child, steps);
}

function stopAll(): void {
  for (const [child, steps] of alive) {
    child.kill(steps[0]?.signal ?? "SIGTERM");
    child.kill("SIGCONT");
  }
}

async function within(ended: Promise<unknown>, waitMs: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(waitMs, false, { signal: timer.signal }).catch(() => false);
  const gone = await Promise.race([ended.then(() => true), late]);
  timer.abort();
  return gone;
}

function describe({ code, signal }: ProcessEnd): string {
  return signal === null ? `exit code ${code}` : `by ${signal}`;
}
