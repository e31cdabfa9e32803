/**
 * Pieces of lines. Whatever they are made of is printable once they are drawn: this is the one place where texts of
 * servers and players become output.
 */
import { printable } from "../printable.ts";
import { cut, displayWidth, wrap } from "./display-width.ts";
import type { Screen } from "./screen.ts";

export type Paint = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "magenta" | "blue";

export interface PaintedSpan {
  readonly text: string;
  readonly paint?: Paint | undefined;
}

export type Span = string | PaintedSpan;

export function textOf(span: Span): string {
  return printable(typeof span === "string" ? span : span.text);
}

/** Of a width: filled up, or cut. */
export function drawSpan(
  span: Span,
  { colors }: Pick<Screen, "colors">,
  { width, align = "left" }: { readonly width?: number; readonly align?: "left" | "right" } = {},
): string {
  const text = width === undefined ? textOf(span) : cut(textOf(span), width);
  const paint = typeof span === "string" ? undefined : span.paint;
  const painted = paint === undefined || text === "" ? text : colors[paint](text);
  const filling = " ".repeat(Math.max(0, (width ?? 0) - displayWidth(text)));
  return align === "left" ? painted + filling : filling + painted;
}

/** One line, cut where the screen ends. */
export function drawLine(spans: readonly Span[], screen: Screen): string {
  let left = screen.width;
  let line = "";
  for (const span of spans) {
    const wanted = displayWidth(textOf(span));
    line += drawSpan(span, screen, { width: Math.min(wanted, left) });
    left -= wanted;
    if (left <= 0) break;
  }
  return line.trimEnd();
}

/** A text of any length in lines that fit, each after an indentation. */
export function drawText(span: Span, screen: Screen, indent = 0): string[] {
  const paint = typeof span === "string" ? undefined : span.paint;
  return wrap(textOf(span), screen.width - indent).map(
    (text) => " ".repeat(indent) + drawSpan({ text, paint }, screen),
  );
}
