/** Ends a connection that stays silent for longer than it may. */

export class Watchdog {
  readonly #ending = new AbortController();
  readonly #outer: AbortSignal;
  readonly #end = (): void => this.#ending.abort(this.#outer.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #barkedAfterMs: number | undefined;

  /** @param outer ends the connection, too. */
  constructor(outer: AbortSignal) {
    this.#outer = outer;
    if (outer.aborted) this.#end();
    outer.addEventListener("abort", this.#end);
  }

  /** Of the connection. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** How long it was silent, if that ended it. */
  get barkedAfterMs(): number | undefined {
    return this.#barkedAfterMs;
  }

  /** From now on it may be silent for so long. */
  watch(silenceMs: number): void {
    this.rest();
    this.#timer = setTimeout(() => {
      this.#barkedAfterMs = silenceMs;
      this.#ending.abort();
    }, silenceMs);
  }

  rest(): void {
    clearTimeout(this.#timer);
  }

  /** The connection is over, or has to be. */
  end(): void {
    this.rest();
    this.#outer.removeEventListener("abort", this.#end);
    this.#ending.abort();
  }
}
