/**
 * Aligned columns that fit the screen: where it is too narrow, first columns that are the least missed are left out,
 * then those that may be cut are, the widest first.
 */
import { displayWidth } from "./display-width.ts";
import type { Screen } from "./screen.ts";
import { drawSpan, type Span, textOf } from "./span.ts";

export interface Column {
  readonly head: string;
  readonly align?: "left" | "right";
  /** May be cut to so many columns of the terminal. */
  readonly least?: number;
  /** Left out where it does not fit, the highest first. */
  readonly spare?: number;
}

const GAP = 2;

/** The lines of a table, its head among them. */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly Span[])[],
  screen: Screen,
): string[] {
  const places = columns.map((column, index) => ({
    column,
    index,
    width: Math.max(displayWidth(column.head), ...rows.map((row) => displayWidth(textOf(row[index] ?? "")))),
  }));
  const fitting = narrowed(places, screen.width);
  const head = columns.map(({ head }): Span => ({ text: head, paint: "dim" }));
  return [head, ...rows].map((row) =>
    fitting
      .map(({ column: { align = "left" }, index, width }) =>
        drawSpan(row[index] ?? "", screen, { width, align }),
      )
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

interface Place {
  readonly column: Column;
  readonly index: number;
  readonly width: number;
}

function narrowed(places: readonly Place[], width: number): Place[] {
  let fitting = [...places];
  while (widthOf(fitting) > width) {
    const spare = fitting.reduce((most, { column }) => Math.max(most, column.spare ?? 0), 0);
    if (spare === 0) break;
    fitting = fitting.filter(({ column }) => column.spare !== spare);
  }
  for (let over = widthOf(fitting) - width; over > 0; over--) {
    const [widest] = fitting
      .filter((place) => place.column.least !== undefined && place.width > place.column.least)
      .sort((one, other) => other.width - one.width);
    if (!widest) break;
    fitting = fitting.map((place) => (place === widest ? { ...place, width: place.width - 1 } : place));
  }
  return fitting;
}

function widthOf(places: readonly Place[]): number {
  return places.reduce((sum, { width }) => sum + width, GAP * (places.length - 1));
}
