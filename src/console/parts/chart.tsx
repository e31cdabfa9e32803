/** Lines over time. */
import { type ReactNode, useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Columns } from "../cluster/samples.ts";

const HEIGHT = 170;
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
          { ...axis, values: (_, times) => times.map((at) => timeText(at, times)) },
          { ...axis, size: 56 },
        ],
        scales: {
          y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
        },
        series: [
          { label: "At", value: (_: uPlot, at: number | null) => (at === null ? "–" : timeText(at)) },
          ...(JSON.parse(series) as string[]).map((name, index) => ({
            label: name,
            stroke: colour(`--line-${index % COLOURS}`),
            width: 2,
            points: { show: false },
            value: (_: uPlot, value: number | null) =>
              value === null ? "" : String(Math.round(value * 10) / 10),
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

/** The reader's time of day; without seconds where it stands beside others that are minutes apart. */
function timeText(at: number, beside: readonly number[] = []): string {
  const step = beside.length > 1 ? (beside[1] ?? 0) - (beside[0] ?? 0) : SECONDS_PER_MINUTE;
  const seconds = step < SECONDS_PER_MINUTE || beside.length === 0 ? ({ second: "2-digit" } as const) : {};
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...seconds } as const;
  return new Date(at * MS_PER_SECOND).toLocaleTimeString("en", format);
}
