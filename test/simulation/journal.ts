/** What happened in a run, line by line, for whoever looks into a seed that failed. */
export class Journal {
  readonly #nowMs: () => number;
  readonly #lines: string[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  note(where: string, what: string): void {
    this.#lines.push(`${String(this.#nowMs()).padStart(6)} ms ${where}: ${what}`);
  }

  /** The lines with any of these words in them. */
  about(words: readonly string[]): readonly string[] {
    return this.#lines.filter((line) => words.some((word) => line.includes(word)));
  }
}
