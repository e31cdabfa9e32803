/** The lines and dots of the rows in view, as few paths of SVG as there are looks: thousands are drawn at once. */
import type { Layout } from "./lanes.ts";

export interface Window {
  readonly fromRow: number;
  /** One past the last. */
  readonly toRow: number;
  readonly rowHeight: number;
  readonly laneWidth: number;
}

/** Below it there is no room for a curve. */
const CURVED_HEIGHT_MIN = 8;

export function linePath({ lines }: Layout, { fromRow, toRow, rowHeight, laneWidth }: Window): string {
  const parts: string[] = [];
  for (const line of lines) {
    if (line.fromRow >= toRow) break;
    if (line.toRow < fromRow) continue;
    const [x1, x2] = [xOf(line.fromLane, laneWidth), xOf(line.lane, laneWidth)];
    const [y1, y2] = [yOf(line.fromRow, rowHeight), yOf(line.toRow, rowHeight)];
    const bend = y1 + rowHeight;
    if (x1 === x2) parts.push(`M${x1} ${y1}V${y2}`);
    else if (rowHeight < CURVED_HEIGHT_MIN) parts.push(`M${x1} ${y1}L${x2} ${Math.min(bend, y2)}V${y2}`);
    else parts.push(`M${x1} ${y1}C${x1} ${bend} ${x2} ${y1} ${x2} ${bend}V${y2}`);
  }
  return parts.join("");
}

export function dotPath({ lanes }: Layout, view: Window, isShown: (row: number) => boolean): string {
  const { fromRow, toRow, rowHeight, laneWidth } = view;
  const radius = Math.max(1, Math.min(4.5, rowHeight / 3));
  const parts: string[] = [];
  for (let row = fromRow; row < toRow; row++) {
    if (!isShown(row)) continue;
    const [x, y] = [xOf(lanes[row] ?? 0, laneWidth), yOf(row, rowHeight)];
    parts.push(
      `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`,
    );
  }
  return parts.join("");
}

function xOf(lane: number, laneWidth: number): number {
  return (lane + 0.5) * laneWidth;
}

function yOf(row: number, rowHeight: number): number {
  return (row + 0.5) * rowHeight;
}
