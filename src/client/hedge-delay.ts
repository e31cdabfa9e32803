/**
 * After how long a read is also asked of a second server: the 95th percentile of the latest reads, so that one in
 * twenty is asked twice at most. Source: J. Dean, L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013.
 */

/** Latest reads that count; enough for a 95th percentile, few enough to follow a change. */
const READS_MAX = 64;
/** Before so many reads a percentile says nothing. */
const READS_MIN = 16;
/** Until then: longer than a round trip across an ocean. */
const DEFAULT_MS = 250;
/** Never sooner, or the jitter of a fast network would double the load. */
const MIN_MS = 20;
/** Never later: that long is slow whatever was usual. */
const MAX_MS = 500;
const QUANTILE = 0.95;

export class HedgeDelay {
  readonly #latenciesMs: number[] = [];
  #next = 0;

  /** @param latencyMs of a read that was answered, from its first attempt on. */
  observe(latencyMs: number): void {
    this.#latenciesMs[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % READS_MAX;
  }

  ms(): number {
    const sorted = this.#latenciesMs.toSorted((a, b) => a - b);
    if (sorted.length < READS_MIN) return DEFAULT_MS;
    const quantile = sorted[Math.ceil(QUANTILE * sorted.length) - 1] ?? DEFAULT_MS;
    return Math.min(MAX_MS, Math.max(MIN_MS, quantile));
  }
}
