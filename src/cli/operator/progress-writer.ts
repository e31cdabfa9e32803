/** Tells how far something is: on a terminal by one line that changes, elsewhere by a line now and then. */
import { performance } from "node:perf_hooks";

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Often enough for who reads the log of a job, seldom enough for the log. */
const LINE_EVERY_MS = 10_000;
const CLEAR_LINE = "\r\u001b[2K";

export class ProgressWriter {
  readonly #output: ProgressOutput;
  readonly #nowMs: () => number;
  /** What is done sooner needs no line. */
  #toldAtMs: number;

  constructor(output: ProgressOutput, nowMs: () => number = () => performance.now()) {
    this.#output = output;
    this.#nowMs = nowMs;
    this.#toldAtMs = nowMs();
  }

  tell(line: string): void {
    if (this.#output.isTTY) {
      this.#output.write(CLEAR_LINE + line);
      return;
    }
    const nowMs = this.#nowMs();
    if (nowMs - this.#toldAtMs < LINE_EVERY_MS) return;
    this.#toldAtMs = nowMs;
    this.#output.write(`${line}\n`);
  }

  /** Nothing of it stays on a terminal. */
  end(): void {
    if (this.#output.isTTY) this.#output.write(CLEAR_LINE);
  }
}
