/**
 * Carries one call through: to the best server, on to others when it fails, until there is an answer, a refusal
 * that every server would give, or no time left.
 *
 * - An attempt has a patience, doubled with each round through the servers: a frozen server costs the caller that
 *   much once, and servers that are all slow are not asked ever more often.
 * - A read that takes longer than usual is also asked of a second server; the first answer counts, the other
 *   attempt is ended.
 * - What is repeated is the same request, with the same key, so a write happens once however often it is sent.
 * - A server that lacks what the caller has written is left for one that has it.
 */
import { attempt, type Fetch, type HttpAnswer, type HttpRequest } from "./attempt.ts";
import { type Backoff, fullJitterMs } from "./backoff.ts";
import { ProblemError, RollcallError, ServerSilentError } from "./errors.ts";
import { isOfServer, mayBeDone, meaningOf } from "./failure.ts";
import type { HedgeDelay } from "./hedge-delay.ts";
import type { PositionKeeper } from "./position-keeper.ts";
import type { Prober } from "./prober.ts";
import { Rounds } from "./rounds.ts";
import type { ServerPicker } from "./server-picker.ts";
import { sleep } from "./sleep.ts";

export interface Call {
  readonly request: HttpRequest;
  /** Whether it may happen twice: it only reads, sets the same values again, or has a key. */
  readonly repeatable: boolean;
  /** Whether a second server may be asked beside the first. */
  readonly hedged: boolean;
  /** For the whole call. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * When no server that answers has what this client has written: `prefer` waits for about a second, and then goes on
 * without; `require` waits for as long as the call may take, and then fails with `not-replicated-yet`.
 */
export type OwnWrites = "prefer" | "require";

export interface RunnerOptions {
  readonly picker: ServerPicker;
  readonly prober: Prober;
  readonly hedgeDelay: HedgeDelay;
  readonly positions: PositionKeeper;
  readonly ownWrites: OwnWrites;
  /** For the first attempts of a call; more than `POSITION_WAIT_MS`. */
  readonly patienceMs: number;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly random: () => number;
  /** Told of every attempt that failed and was made good, or is being made good, elsewhere. */
  readonly onTrouble: (error: RollcallError) => void;
}

/** How long a server waits for what the caller has written before another is asked. */
export const POSITION_WAIT_MS = 300;
/** After so long, and no server that has it, `prefer` goes on without. With one wait more: less than a second. */
const OWN_WRITES_WITHIN_MS = 550;
/** Of what a probe took: a far server is not given up while its answer is on the way. */
const PATIENCE_LATENCIES = 3;
/** On top of what a server asks by `Retry-After`, so that not all come back in one moment. */
const LIMITED_BACKOFF: Backoff = { baseMs: 500, capMs: 500 };
/** A server that limits without saying for how long. */
const LIMITED_DEFAULT_MS = 1_000;

interface Attempt {
  readonly server: string;
  readonly startedAtMs: number;
  readonly timeoutMs: number;
  /** The call's own end came before the patience: that it stayed silent says nothing of the server. */
  readonly isCutShort: boolean;
  /** What it said it has to wait for. */
  readonly positions: readonly string[];
}

type Outcome = { readonly of: Attempt } & ({ readonly answer: HttpAnswer } | { readonly error: unknown });

interface Running {
  readonly of: Attempt;
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
}

const HEDGE = Symbol("time to ask a second server");

export class CallRunner {
  readonly #options: RunnerOptions;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /**
   * @throws ProblemError, UnexpectedAnswerError, NoServerReachableError, and the signal's reason once it is aborted;
   *   of a call that must not happen twice also ServerUnreachableError and ServerSilentError
   */
  async run(call: Call): Promise<HttpAnswer> {
    const ending = new AbortController();
    const abort = (): void => ending.abort(call.signal?.reason);
    if (call.signal?.aborted) abort();
    call.signal?.addEventListener("abort", abort);
    this.#options.prober.probeDue();
    try {
      return await new Run(this.#options, call, ending.signal).toEnd();
    } finally {
      call.signal?.removeEventListener("abort", abort);
      ending.abort();
    }
  }
}

class Run {
  readonly #options: RunnerOptions;
  readonly #call: Call;
  readonly #signal: AbortSignal;
  readonly #startedAtMs: number;
  readonly #deadlineMs: number;
  readonly #rounds: Rounds;
  readonly #running = new Map<string, Running>();
  /** An attempt ended without an answer, and may have been carried out. */
  #isOutcomeUnknown = false;
  /** It goes on without what no server has; once, so that it cannot go around without a pause. */
  #hasForgotten = false;

  constructor(options: RunnerOptions, call: Call, signal: AbortSignal) {
    const { picker, now, random } = options;
    this.#options = options;
    this.#call = call;
    this.#signal = signal;
    this.#startedAtMs = now();
    this.#deadlineMs = this.#startedAtMs + call.timeoutMs;
    this.#rounds = new Rounds({ picker, now, random, deadlineMs: this.#deadlineMs, signal });
  }

  async toEnd(): Promise<HttpAnswer> {
    const delayMs = this.#options.hedgeDelay.ms();
    let hedge = this.#call.hedged ? [hedgeAfter(delayMs, this.#signal)] : [];
    for (;;) {
      if (this.#running.size === 0) this.#start(await this.#rounds.next());
      const outcomes = Array.from(this.#running.values(), ({ outcome }) => outcome);
      const happened = await Promise.race([...outcomes, ...hedge]);
      if (happened === HEDGE) {
        hedge = [];
        this.#startSecond();
        continue;
      }
      this.#running.delete(happened.of.server);
      if ("answer" in happened) {
        this.#noteAnswer(happened.of);
        return happened.answer;
      }
      if (!(happened.error instanceof RollcallError)) throw happened.error;
      await this.#weather(happened.of, happened.error);
    }
  }

  #start(server: string): void {
    const { now, picker, patienceMs, positions } = this.#options;
    const startedAtMs = now();
    const leftMs = this.#deadlineMs - startedAtMs;
    const wantedMs = Math.max(patienceMs, PATIENCE_LATENCIES * (picker.latencyMs(server) ?? 0));
    const timeoutMs = Math.min(wantedMs * 2 ** this.#rounds.number, leftMs);
    const isCutShort = timeoutMs < wantedMs;
    const of = { server, startedAtMs, timeoutMs, isCutShort, positions: positions.all() };
    this.#running.set(server, { of, outcome: this.#attempt(of) });
  }

  #startSecond(): void {
    const second = this.#options.picker.well(new Set(this.#running.keys()));
    if (second === undefined || this.#signal.aborted) return;
    this.#rounds.pass(second);
    this.#start(second);
  }

  #noteAnswer({ server, startedAtMs }: Attempt): void {
    const { picker, hedgeDelay, now } = this.#options;
    const nowMs = now();
    picker.answered(server);
    for (const { of } of this.#running.values()) {
      if (of.startedAtMs < startedAtMs) picker.outrun(of.server, { startedAtMs: of.startedAtMs, nowMs });
    }
    if (this.#call.hedged) hedgeDelay.observe(nowMs - this.#startedAtMs);
  }

  /** Returns when another attempt can be made, or is under way; throws what ends the call. */
  async #weather(of: Attempt, error: RollcallError): Promise<void> {
    const { server, startedAtMs } = of;
    const { picker, now, onTrouble } = this.#options;
    if (of.isCutShort && error instanceof ServerSilentError) return this.#rounds.noteCutShort(error);
    const meaning = meaningOf(error, this.#call.repeatable);
    const retryAfterMs = error instanceof ProblemError ? error.retryAfterMs : undefined;
    if (isOfServer(error)) picker.failed(server, { startedAtMs, nowMs: now(), restMs: retryAfterMs });
    else picker.answered(server);
    if (meaning === "move") this.#isOutcomeUnknown ||= mayBeDone(error);
    if (meaning === "final") {
      throw this.#isOutcomeUnknown && error instanceof ProblemError ? error.withUnknownOutcome() : error;
    }
    this.#rounds.note(error);
    onTrouble(error);
    if (this.#running.size > 0) return;
    if (meaning === "limited") await this.#pauseAsAsked(retryAfterMs);
    if (meaning === "behind" && this.#rounds.isOver) this.#mayForget(of.positions);
  }

  async #pauseAsAsked(retryAfterMs = LIMITED_DEFAULT_MS): Promise<void> {
    await this.#rounds.pause(retryAfterMs + fullJitterMs(LIMITED_BACKOFF, 1, this.#options.random));
    this.#rounds.reset();
  }

  #mayForget(positions: readonly string[]): void {
    const { ownWrites, now } = this.#options;
    if (ownWrites === "require" || this.#hasForgotten) return;
    if (now() - this.#startedAtMs < OWN_WRITES_WITHIN_MS) return;
    this.#options.positions.forget(positions);
    this.#hasForgotten = true;
    this.#rounds.reset();
  }

  async #attempt(of: Attempt): Promise<Outcome> {
    const { fetch, positions } = this.#options;
    const { request } = this.#call;
    const { timeoutMs } = of;
    const waitMs = Math.floor(Math.min(POSITION_WAIT_MS, timeoutMs / 2));
    const after = { "rollcall-after": of.positions.join(", "), "rollcall-wait": String(waitMs) };
    const headers = { ...request.headers, ...(of.positions.length > 0 && after) };
    try {
      const options = { fetch, timeoutMs, signal: this.#signal };
      const answer = await attempt(of.server, { ...request, headers }, options);
      const written = answer.headers.get("rollcall-position");
      if (written !== null) positions.note(written);
      return { of, answer };
    } catch (error) {
      return { of, error };
    }
  }
}

/** Never rejects: what is over needs no second server. */
function hedgeAfter(ms: number, signal: AbortSignal): Promise<typeof HEDGE> {
  const over = (): typeof HEDGE => HEDGE;
  return sleep(ms, signal).then(over, over);
}
