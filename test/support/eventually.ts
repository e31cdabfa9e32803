/** Waiting for something that becomes true by itself, for a bounded time, instead of sleeping and hoping. */
import { setTimeout as delay } from "node:timers/promises";

export interface EventuallyOptions {
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/**
 * Calls the assertion until it passes and gives what it returned; when the time is over, throws what it threw
 * last. A single call that hangs is not cut short.
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { withinMs = 5_000, everyMs = 20 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await delay(everyMs);
    }
  }
}
