/** How far each server was behind: a curve a server, all on one scale. */

import { type Markup, markup } from "../../markup/markup.ts";
import { counted } from "../counted.ts";
import type { LagSample } from "../history.ts";
import { type Moments, momentLines } from "./lanes.ts";
import type { TimeAxis } from "./time-axis.ts";

const HEIGHT = 56;
/** Room above the highest curve, for its line. */
const HEADROOM = 1.08;

export function lagCurve(
  server: string,
  samples: readonly LagSample[],
  axis: TimeAxis,
  moments: Moments,
): Markup {
  const most = Math.max(1, ...samples.flatMap(({ missing }) => Object.values(missing)).map(Number));
  const own = samples.map(({ missing }) => missing[server] ?? null);
  const highest = Math.max(0, ...own.map(Number));
  const silent = stretchesOf(own, (count) => count === null).map(([from, to]) => {
    const [x, end] = [axis.percent(timeAt(samples, from)), axis.percent(timeAt(samples, to))];
    return markup`<rect class="silent" x="${x}%" y="0" width="${end - x}%" height="100%"><title>no answer</title></rect>`;
  });
  const curves = stretchesOf(own, (count) => count !== null).map(([from, to]) => {
    const points = samples.slice(from, to).map(({ atMs, missing }) => {
      const y = 100 - ((missing[server] ?? 0) / (most * HEADROOM)) * 100;
      return `${axis.percent(atMs)} ${Math.round(y * 10) / 10}`;
    });
    // The last one stands until the next sample.
    const [x0, x1] = [axis.percent(timeAt(samples, from)), axis.percent(timeAt(samples, to))];
    const line = `M${points.join("L")}H${x1}`;
    return markup`<path class="area" d="${line}V100H${x0}Z"/><path class="curve" d="${line}"/>`;
  });
  return markup`<div class="lane"><h3>${server} <small>${highest === 0 ? "never seen behind" : `at most ${counted(highest, "entry", "entries")}`}</small></h3>
<svg height="${HEIGHT}" role="img" aria-label="entries that ${server} lacks, at most ${highest}">
${momentLines(axis, moments)}${silent}<svg viewBox="0 0 100 100" preserveAspectRatio="none">${curves}</svg></svg></div>`;
}

function timeAt(samples: readonly LagSample[], index: number): number {
  return (samples[index] ?? samples.at(-1))?.atMs ?? 0;
}

/** Where one after the other is so, as pairs of the first index and the one after the last. */
function stretchesOf<T>(values: readonly T[], isSo: (value: T) => boolean): [number, number][] {
  const stretches: [number, number][] = [];
  for (const [index, value] of values.entries()) {
    if (!isSo(value)) continue;
    const last = stretches.at(-1);
    if (last && last[1] === index) last[1] = index + 1;
    else stretches.push([index, index + 1]);
  }
  return stretches;
}
