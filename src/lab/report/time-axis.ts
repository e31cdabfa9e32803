/** Where a moment of the run stands on the width of a picture, in per cent: so pictures fit any window. */

/** As many as have room for their texts on a small screen. */
const TICKS_MAX = 8;
/** What is free after the last moment, for the text that stands there. */
const MARGIN = 0.12;

export class TimeAxis {
  readonly #widthMs: number;
  /** From 0, all equally far apart. */
  readonly ticksMs: readonly number[];

  /** From 0 to this moment, and a margin. */
  constructor(lastMs: number) {
    this.#widthMs = Math.max(lastMs, 1) * (1 + MARGIN);
    const step = stepOf(this.#widthMs / TICKS_MAX);
    const count = Math.floor(this.#widthMs / step) + 1;
    this.ticksMs = Array.from({ length: count }, (_, index) => index * step);
  }

  /** From 0 to 100. */
  percent(ms: number): number {
    return Math.round(Math.min(Math.max(ms / this.#widthMs, 0), 1) * 10_000) / 100;
  }
}

/** The least of 1, 2, 5, 10, 20, … that is not below it. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((digit) => digit * power >= least) ?? 10) * power;
}

/** `2.5 s`, `40 ms`. */
export function durationText(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 10) / 100} s`;
}
