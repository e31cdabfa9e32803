/** Has open matches whose lease has run out expired, every few seconds (MAT4). */
import type { Clock } from "../gossip/clock.ts";
import type { ExpirySweep } from "../registry/expiry-sweep.ts";

export interface MatchExpiryOptions {
  readonly sweep: Pick<ExpirySweep, "run">;
  readonly clock: Pick<Clock, "every">;
  readonly onTrouble: (error: unknown) => void;
}

/** A sixth of the lease. */
const SWEEP_MS = 5_000;

export class MatchExpiry {
  readonly #options: MatchExpiryOptions;
  #stop: (() => void) | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(options: MatchExpiryOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stop = this.#options.clock.every(SWEEP_MS, () => {
      this.#sweeping ??= this.#sweep().finally(() => {
        this.#sweeping = undefined;
      });
    });
  }

  async stop(): Promise<void> {
    this.#stop?.();
    await this.#sweeping;
  }

  /** What fails now is tried again with the next sweep. */
  async #sweep(): Promise<void> {
    try {
      await this.#options.sweep.run({ by: "lease" });
    } catch (error) {
      this.#options.onTrouble(error);
    }
  }
}
