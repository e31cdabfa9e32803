/** How far it is: on a terminal one line that is rewritten, anywhere else a line now and then. */

export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REWRITE_EVERY_MS = 200;
const LINE_EVERY_MS = 5_000;
const COLUMNS_DEFAULT = 80;
const CLEAR_LINE = "\r\u001b[2K";

export class ProgressLine {
  readonly #out: ProgressOutput;
  readonly #text: () => string;
  readonly #timer: NodeJS.Timeout;

  constructor(out: ProgressOutput, text: () => string) {
    this.#out = out;
    this.#text = text;
    this.#timer = setInterval(() => this.#show(), out.isTTY ? REWRITE_EVERY_MS : LINE_EVERY_MS);
  }

  /** Says it once more, and leaves it there. */
  end(): void {
    clearInterval(this.#timer);
    this.#show();
    if (this.#out.isTTY) this.#out.write("\n");
  }

  /** What is wider than the terminal would begin a new line each time. */
  #show(): void {
    const { isTTY, columns = COLUMNS_DEFAULT } = this.#out;
    this.#out.write(isTTY ? `${CLEAR_LINE}${this.#text().slice(0, columns - 1)}` : `${this.#text()}\n`);
  }
}
