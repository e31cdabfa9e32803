/** One line of a benchmark's result. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  /** What the project asks of it. */
  readonly wanted?: string;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value below which `percent` of all lie. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
  if (value === undefined) throw new RangeError("nothing was measured");
  return value;
}
