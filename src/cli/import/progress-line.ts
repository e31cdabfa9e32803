/** The line on a terminal that says how far an import is; on anything else nothing is shown. */
import type { WriteStream } from "node:tty";

export interface Progress {
  readonly rows: number;
  readonly rejected: number;
  /** From 0 to 1, when it is known. */
  readonly share: number | undefined;
  readonly seconds: number;
}

const EVERY_MS = 100;
const BAR_WIDTH = 24;
const CLEAR_LINE = "\r\u001b[2K";

export class ProgressLine {
  readonly #out: WriteStream;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(out: WriteStream, progress: () => Progress) {
    this.#out = out;
    if (!out.isTTY) return;
    this.#timer = setInterval(() => out.write(`${CLEAR_LINE}${progressText(progress())}`), EVERY_MS);
  }

  /** A line of its own, above the progress. */
  say(text: string): void {
    this.#out.write(`${this.#timer ? CLEAR_LINE : ""}${text}\n`);
  }

  end(): void {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#out.write(CLEAR_LINE);
  }
}

function progressText({ rows, rejected, share = 0, seconds }: Progress): string {
  const whole = Math.min(Math.max(share, 0), 1);
  const bar = "█".repeat(Math.floor(whole * BAR_WIDTH)).padEnd(BAR_WIDTH, "░");
  const rate = seconds > 0 ? Math.round(rows / seconds) : 0;
  const percent = String(Math.floor(whole * 100)).padStart(3);
  const bad = rejected > 0 ? `  ${count(rejected)} rejected` : "";
  return `${bar} ${percent} %  ${count(rows)} rows  ${count(rate)} a second${bad}`;
}

/** `12,345` */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}
