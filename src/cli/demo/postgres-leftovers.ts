/**
 * What a PostgreSQL leaves when it, or whoever started it, is killed: backends, now and then a postmaster, and
 * the lock file. They are told from those of other folders by the mark, which is the `cluster_name` that
 * PostgreSQL is given on its command line and shows in the titles of its backends.
 */
import { createHash } from "node:crypto";
import { readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "./error-code.ts";
import { LocalProcessError } from "./local-process-error.ts";
import { findByCommand, isSameRunning, type ProcessIdentity, sendSignal } from "./process-identity.ts";
import { type StopStep, stopBySteps, whenTrue } from "./stop-steps.ts";

/** Backends notice the death of their postmaster when they next wait for something. */
const BACKENDS_END_WITHIN_MS = 5_000;

export function markOf(dataFolder: string): string {
  return `rollcall-${createHash("sha256").update(realpathSync(dataFolder)).digest("hex").slice(0, 32)}`;
}

/**
 * Before a start on a folder that is claimed, so that no live starter stands behind what is found. (A
 * postmaster is found here only if its starter was killed before it could write down what it started.)
 */
export async function clearLeftovers(dataFolder: string, stopSteps: readonly StopStep[]): Promise<void> {
  const mark = markOf(dataFolder);
  await end(findByCommand(`cluster_name=${mark}`), stopSteps);
  await endBackends(mark);
  removeStaleLock(join(dataFolder, "postmaster.pid"));
}

/**
 * While a backend of a dead postmaster lives it holds the shared memory, and PostgreSQL rightly refuses to
 * start beside it.
 */
export async function endBackends(mark: string): Promise<void> {
  const left = findByCommand(`postgres: ${mark}: `);
  if (await whenTrue(() => !left.some(isSameRunning), BACKENDS_END_WITHIN_MS)) return;
  await end(left, [{ signal: "SIGKILL", waitMs: BACKENDS_END_WITHIN_MS }]);
}

/**
 * PostgreSQL takes its lock for held as long as any process of its user has the pid in it, which after a
 * restart of the machine or the container may be anything. Not so if that is no PostgreSQL at all.
 */
function removeStaleLock(path: string): void {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(path, "utf8"), 10);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if (!findByCommand("postgres").some((found) => found.pid === pid)) rmSync(path, { force: true });
}

async function end(left: readonly ProcessIdentity[], steps: readonly StopStep[]): Promise<void> {
  if (left.length === 0) return;
  const signal = (value: NodeJS.Signals) => {
    for (const { pid } of left.filter(isSameRunning)) sendSignal(pid, value);
  };
  const gone = (withinMs: number) => whenTrue(() => !left.some(isSameRunning), withinMs);
  if (await stopBySteps(steps, { signal, gone })) return;
  const pids = left.filter(isSameRunning).map(({ pid }) => pid);
  throw new LocalProcessError("did-not-stop", `of an old postgres these do not stop: pid ${pids.join(", ")}`);
}
