/**
 * The servers that one call goes through: each once in a round, the best first, a pause with full jitter between
 * rounds. While every server rests after failures, it waits for the first that may be asked again.
 */
import { type Backoff, fullJitterMs } from "./backoff.ts";
import { NoServerReachableError, ProblemError, type RollcallError } from "./errors.ts";
import type { ServerPicker } from "./server-picker.ts";
import { sleep } from "./sleep.ts";

export interface RoundsOptions {
  readonly picker: ServerPicker;
  readonly random: () => number;
  readonly now: () => number;
  /** When the call has to be over; infinite for one that goes on. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Between rounds, when servers are well and still cannot answer. */
const ROUND_BACKOFF: Backoff = { baseMs: 50, capMs: 2_000 };
/** What is told when nothing worked: the latest. */
const ATTEMPTS_KEPT = 8;

export class Rounds {
  readonly #options: RoundsOptions;
  readonly #startedAtMs: number;
  readonly #passed = new Set<string>();
  readonly #attempts: RollcallError[] = [];
  #round = 0;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
  }

  /** Rounds that are over. */
  get number(): number {
    return this.#round;
  }

  /** It was asked in this round, and is not asked again. */
  pass(server: string): void {
    this.#passed.add(server);
  }

  note(error: RollcallError): void {
    this.#attempts.push(error);
    if (this.#attempts.length > ATTEMPTS_KEPT) this.#attempts.shift();
  }

  /** Of an attempt that the end of the call cut short: it is told only if nothing more telling was said before. */
  noteCutShort(error: RollcallError): void {
    if (this.#attempts.length === 0) this.note(error);
  }

  /** It begins anew: the last one did well. */
  reset(): void {
    this.#round = 0;
    this.#passed.clear();
  }

  /** Whether all servers that are well were asked in this round. */
  get isOver(): boolean {
    return this.#options.picker.well(this.#passed) === undefined;
  }

  /** The server to ask next. @throws NoServerReachableError, ProblemError when none is there before the deadline. */
  async next(): Promise<string> {
    const { picker, now, random, signal, deadlineMs } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      if (now() >= deadlineMs) throw this.#outOfTime();
      const server = picker.ready(now(), this.#passed);
      if (server !== undefined) {
        this.pass(server);
        return server;
      }
      const pauseMs =
        this.#passed.size === 0 || picker.well(NONE) === undefined
          ? picker.restMs(now())
          : fullJitterMs(ROUND_BACKOFF, this.#round + 1, random);
      await this.pause(pauseMs);
      this.#round++;
      this.#passed.clear();
    }
  }

  /** A moment, so that not all who lost a server at once come to the next one at once. */
  async breathe(): Promise<void> {
    await this.pause(fullJitterMs(ROUND_BACKOFF, this.#round + 1, this.#options.random));
  }

  /** @throws NoServerReachableError, or what a server said last, at once when the pause would outlast the call. */
  async pause(ms: number): Promise<void> {
    const { now, deadlineMs, signal } = this.#options;
    if (now() + ms >= deadlineMs) throw this.#outOfTime();
    await sleep(ms, signal);
  }

  #outOfTime(): RollcallError {
    const last = this.#attempts.at(-1);
    if (last instanceof ProblemError) return last;
    return new NoServerReachableError(this.#attempts, this.#options.now() - this.#startedAtMs);
  }
}

const NONE: ReadonlySet<string> = new Set();
