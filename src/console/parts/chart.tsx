/** Lines over time. */
import { type ReactNode, useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

const HEIGHT = 180;
const COLOURS = 6;

export interface ChartProps {
  readonly label: string;
  readonly names: readonly string[];
  /** Times in seconds since 1970, then one column a name. */
  readonly data: readonly (readonly (number | null)[])[];
}

export function Chart({ label, names, data }: ChartProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const series = names.join();

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
        axes: [axis, { ...axis, size: 56 }],
        scales: {
          y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
        },
        series: [
          {},
          ...series.split(",").map((name, index) => ({
            label: name,
            stroke: colour(`--line-${index % COLOURS}`),
            width: 2,
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
