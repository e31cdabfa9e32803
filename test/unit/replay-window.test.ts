import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REPLAY_WINDOW, ReplayWindow } from "../../src/gossip/replay-window.ts";

/** The same by remembering everything: what the ring of bits must agree with. */
class Model {
  readonly #seen = new Set<number>();
  #highest = 0;

  accept(counter: number): boolean {
    if (counter <= this.#highest - REPLAY_WINDOW || this.#seen.has(counter)) return false;
    this.#seen.add(counter);
    this.#highest = Math.max(this.#highest, counter);
    return true;
  }
}

describe("replay window", () => {
  it("accepts each counter once", () => {
    const window = new ReplayWindow();
    expect([1, 2, 2, 1, 3].map((counter) => window.accept(counter))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it("accepts late counters inside the window and refuses those below", () => {
    const window = new ReplayWindow();
    window.accept(5000);
    expect(window.accept(5000 - REPLAY_WINDOW + 1)).toBe(true);
    expect(window.accept(5000 - REPLAY_WINDOW)).toBe(false);
  });

  it("forgets nothing inside the window when it leaps", () => {
    for (const leap of [1, 31, 32, 33, 1000, 1023]) {
      const window = new ReplayWindow();
      window.accept(2048);
      window.accept(2048 + leap);
      expect(window.accept(2048), `after a leap of ${leap}`).toBe(false);
    }
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "refuses %s, which is no counter",
    (counter) => {
      expect(new ReplayWindow().accept(counter)).toBe(false);
    },
  );

  it("agrees with a set of all counters, whatever the order", () => {
    // Steps relative to the last counter: near ones, ones at the edges of window and ring, and long leaps.
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -80, max: 80 }) },
      { weight: 2, arbitrary: fc.integer({ min: -REPLAY_WINDOW - 40, max: REPLAY_WINDOW + 40 }) },
      { weight: 1, arbitrary: fc.integer({ min: 1900, max: 2200 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 40 }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const window = new ReplayWindow();
        const model = new Model();
        let counter = 1;
        for (const by of steps) {
          counter = Math.max(1, counter + by);
          expect(window.accept(counter)).toBe(model.accept(counter));
        }
      }),
    );
  });
});
