/** Where the answer of a command is shown: how wide it is, and whether it has colours. */
import { createColors } from "picocolors";

export type Colors = ReturnType<typeof createColors>;

export interface Screen {
  /** In columns; infinite where nobody looks at it, so nothing has to be cut. */
  readonly width: number;
  readonly colors: Colors;
  /** What ages are counted from, milliseconds since 1970. */
  readonly nowMs: number;
}

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Narrower ones show lines that are broken by the terminal. */
const WIDTH_MIN = 40;

/**
 * Colours are for terminals alone, and for none whose user wants none: `NO_COLOR` (https://no-color.org) or
 * `--no-color`.
 */
export function screenOf(output: Output, { color }: { readonly color: boolean }): Screen {
  const { NO_COLOR, TERM } = process.env;
  const isTerminal = output.isTTY === true;
  return {
    width: isTerminal ? Math.max(output.columns || 80, WIDTH_MIN) : Number.POSITIVE_INFINITY,
    colors: createColors(isTerminal && color && !NO_COLOR && TERM !== "dumb"),
    nowMs: Date.now(),
  };
}
