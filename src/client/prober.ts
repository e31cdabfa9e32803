/**
 * Asks servers how they are (`/readyz`), beside the calls and never before them: those that failed and have rested,
 * and now and then all, to compare their speed. It has no timer of its own; without calls there are no probes.
 */
import { attempt, type Fetch } from "./attempt.ts";
import type { ServerPicker } from "./server-picker.ts";

export interface ProberOptions {
  readonly picker: ServerPicker;
  readonly fetch: Fetch;
  readonly now: () => number;
}

/** Slower is as good as away. */
const PROBE_WITHIN_MS = 2_000;

const PROBE = { method: "GET", path: "/readyz", headers: { accept: "application/json" } } as const;

export class Prober {
  readonly #options: ProberOptions;

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** Returns at once. */
  probeDue(): void {
    const { picker, now } = this.#options;
    for (const server of picker.due(now())) void this.#probe(server);
  }

  /** Never rejects: a probe that fails is an answer, too. */
  async #probe(server: string): Promise<void> {
    const { picker, fetch, now } = this.#options;
    const startedAtMs = now();
    // Nobody waits for a probe, so nobody ends one.
    const { signal } = new AbortController();
    const latencyMs = await attempt(server, PROBE, { fetch, timeoutMs: PROBE_WITHIN_MS, signal }).then(
      () => now() - startedAtMs,
      () => undefined,
    );
    picker.probed(server, latencyMs, { startedAtMs, nowMs: now() });
  }
}
