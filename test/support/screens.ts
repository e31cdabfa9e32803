/** Screens that answers are drawn for in tests, at a moment that stays. */
import { createColors } from "picocolors";
import type { Screen } from "../../src/cli/text/screen.ts";

export const NOW = "2026-11-26T12:00:00.000Z";

export function screen(width: number, { colors = false } = {}): Screen {
  return { width, colors: createColors(colors), nowMs: Date.parse(NOW) };
}

/** As a terminal would have it: the escape is made visible. */
export function shown(lines: readonly string[]): string {
  return `\n${lines.join("\n").replaceAll("\u001b", "␛")}\n`;
}
