/** Lines over time. */
import { type ReactNode, useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { ticksTo, topOf } from "../cluster/axis.ts";
import type { Columns } from "../cluster/samples.ts";

const HEIGHT = 160;
/** Of the times below it; the width with what keeps them apart. */
const TIMES = { height: 34, width: 72 } as const;
const COLOURS = 6;
const SECONDS_PER_MINUTE = 60;
const MS_PER_SECOND = 1_000;

export interface ChartProps {
  readonly label: string;
  readonly columns: Columns;
}

export function Chart({ label, columns: { names, data } }: ChartProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const series = JSON.stringify(names);

  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const style = getComputedStyle(box);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--dim"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        width: box.clientWidth,
        height: HEIGHT,
        axes: [
          {
            ...axis,
            size: TIMES.height,
            space: TIMES.width,
            values: (_, times) => times.map((at) => timeText(at, times)),
          },
          { ...axis, size: 56, splits: (_, __, ___, top) => ticksTo(top) },
        ],
        scales: {
          y: { range: (_, __, highest) => [0, topOf(highest)] },
        },
        series: [
          {
            label: "At",
            value: (plot: uPlot, _: unknown, of: number, at: number | null) => said(plot, of, at, timeText),
          },
          ...(JSON.parse(series) as string[]).map((name, index) => ({
            label: name,
            stroke: colour(`--line-${index % COLOURS}`),
            width: 2,
            points: { show: false },
            value: (plot: uPlot, _: unknown, of: number, at: number | null) => said(plot, of, at, numberText),
          })),
        ],
      },
      [[]],
      box,
    );
    chart.current = plot;
    const resized = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT }));
    resized.observe(box);
    return () => {
      resized.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [series]);

  useEffect(() => chart.current?.setData(data as uPlot.AlignedData));

  return (
    <figure className="chart">
      <figcaption>{label}</figcaption>
      <div ref={place} />
    </figure>
  );
}

/** In the legend: of the moment that is pointed at, else of the latest. */
function said(plot: uPlot, series: number, at: number | null, text: (value: number) => string): string {
  const value = plot.data[series]?.at(at ?? -1) ?? null;
  return value === null ? "–" : text(value);
}

function numberText(value: number): string {
  return (Math.round(value * 10) / 10).toLocaleString("en");
}

/** The reader's time of day; without seconds where it stands beside others that are minutes apart. */
function timeText(at: number, beside: readonly number[] = []): string {
  const step = beside.length > 1 ? (beside[1] ?? 0) - (beside[0] ?? 0) : SECONDS_PER_MINUTE;
  const seconds = step < SECONDS_PER_MINUTE || beside.length === 0 ? ({ second: "2-digit" } as const) : {};
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...seconds } as const;
  return new Date(at * MS_PER_SECOND).toLocaleTimeString("en", format);
}
