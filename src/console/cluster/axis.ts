/** The numbers beside a chart: none, half and all of a round one that leaves room above the highest value. */

/** By powers of ten: those whose halves are read as easily. */
const ROUND = [1, 2, 4, 6, 8, 10];
/** Halves to a whole one, so that counts are not shown in halves; what is less is drawn as little. */
const TOP_MIN = 2;
const HEAD_ROOM = 1.05;

/** Where the axis ends. @param highest Null where nothing is known. */
export function topOf(highest: number | null): number {
  const least = Math.max(TOP_MIN, (highest ?? 0) * HEAD_ROOM);
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (ROUND.find((factor) => factor * power >= least) ?? 10);
}

export function ticksTo(top: number): number[] {
  return [0, top / 2, top];
}
