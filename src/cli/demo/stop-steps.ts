/**
 * Stopping a process politely first: a list of signals, each with the time it is given before the next.
 *
 * SIGCONT follows every signal, because a frozen (SIGSTOPped) process acts on nothing but SIGKILL until it is
 * continued; for one that runs it means nothing.
 */
import { setTimeout as delay } from "node:timers/promises";

export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

export interface StopTarget {
  signal(signal: NodeJS.Signals): void;
  /** Resolves with `true` as soon as it is gone, with `false` when the time is over. */
  gone(withinMs: number): Promise<boolean>;
}

const POLL_MS = 20;

/** `false` if it outlived them all. */
export async function stopBySteps(steps: readonly StopStep[], target: StopTarget): Promise<boolean> {
  for (const step of steps) {
    target.signal(step.signal);
    target.signal("SIGCONT");
    if (await target.gone(step.waitMs)) return true;
  }
  return false;
}

/** Asks again and again; `false` when the time is over. */
export async function whenTrue(condition: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() >= deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}
