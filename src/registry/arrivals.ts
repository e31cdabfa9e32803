/** Who waits for a position to be shown here (`Rollcall-After`). Bounded by their own time limits. */
import type { Position } from "../../crdt/position.ts";

interface Waiter {
  readonly position: Position;
  readonly arrived: () => void;
}

export class Arrivals {
  readonly #waiters = new Set<Waiter>();

  /** To be called with every commit. @param isHere whether a position is shown. */
  advanced(isHere: (position: Position) => boolean): void {
    for (const waiter of this.#waiters) {
      if (!isHere(waiter.position)) continue;
      this.#waiters.delete(waiter);
      waiter.arrived();
    }
  }

  /** True once the position is shown, false when `timeoutMs` have passed before. */
  wait(position: Position, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        position,
        arrived: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        resolve(false);
      }, timeoutMs);
      this.#waiters.add(waiter);
    });
  }
}
