/** Does again and again what tidies up: expires matches whose lease has run out (MAT4), forgets old requests (IDM5). */
import type { Clock } from "../gossip/clock.ts";

export interface SweeperOptions {
  readonly everyMs: number;
  readonly sweep: () => Promise<unknown>;
  readonly clock: Pick<Clock, "every">;
  readonly onTrouble: (error: unknown) => void;
}

/** A sweep begins when it is time, and the one before has ended. */
export class Sweeper {
  readonly #options: SweeperOptions;
  #stop: (() => void) | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, everyMs } = this.#options;
    this.#stop = clock.every(everyMs, () => {
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
      await this.#options.sweep();
    } catch (error) {
      this.#options.onTrouble(error);
    }
  }
}
