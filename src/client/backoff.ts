/**
 * How long to wait after the n-th failure in a row: exponential with full jitter, that is uniformly random from
 * nothing to a bound that doubles up to a cap. Clients that lost a server at one moment thus do not come back at
 * one moment. Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */

export interface Backoff {
  /** The bound after the first failure. */
  readonly baseMs: number;
  readonly capMs: number;
}

/** @param random from 0 to 1, as `Math.random`. @param failures in a row, from 1. */
export function fullJitterMs({ baseMs, capMs }: Backoff, failures: number, random: () => number): number {
  return random() * Math.min(capMs, baseMs * 2 ** (failures - 1));
}
