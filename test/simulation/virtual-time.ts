/** Time that passes only when the simulation says so; everything due at one moment runs in order of planning. */
import type { Clock } from "../../src/gossip/clock.ts";

interface Planned {
  readonly atMs: number;
  readonly order: number;
  readonly call: () => void;
}

/** A day on which the simulation begins: 2026-01-01. */
const EPOCH_MS = 1_767_225_600_000;

export class VirtualTime {
  #nowMs = 0;
  #order = 0;
  #planned: Planned[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, call: () => void): void {
    this.#planned.push({ atMs: this.#nowMs + ms, order: this.#order++, call });
  }

  /** Runs what is due until `ms` have passed; promises settle between one event and the next. */
  async run(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await settlePromises();
      const next = this.#takeNext(endMs);
      if (!next) break;
      this.#nowMs = next.atMs;
      next.call();
    }
    this.#nowMs = endMs;
  }

  #takeNext(endMs: number): Planned | undefined {
    let best: Planned | undefined;
    for (const planned of this.#planned) {
      if (planned.atMs > endMs) continue;
      const sooner =
        !best || planned.atMs < best.atMs || (planned.atMs === best.atMs && planned.order < best.order);
      if (sooner) best = planned;
    }
    if (best) this.#planned.splice(this.#planned.indexOf(best), 1);
    return best;
  }
}

/** A process's view of time: its wall clock may be off, and its timers end with it. */
export class ProcessClock implements Clock {
  readonly #time: VirtualTime;
  readonly #wallOffsetMs: number;
  #alive = true;

  constructor(time: VirtualTime, wallOffsetMs: number) {
    this.#time = time;
    this.#wallOffsetMs = wallOffsetMs;
  }

  /** Until it is killed. */
  get alive(): boolean {
    return this.#alive;
  }

  wallMs(): number {
    return EPOCH_MS + this.#time.nowMs + this.#wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#time.nowMs;
  }

  every(ms: number, call: () => void): () => void {
    let running = true;
    const again = (): void => {
      if (!running || !this.#alive) return;
      call();
      this.#time.after(ms, again);
    };
    this.#time.after(ms, again);
    return () => {
      running = false;
    };
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#time.after(ms, () => {
        if (this.#alive) resolve(); // the promises of a dead process stay open for ever
      });
    });
  }

  kill(): void {
    this.#alive = false;
  }
}

/** Two turns: examining a page of entries takes one in between. */
async function settlePromises(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
