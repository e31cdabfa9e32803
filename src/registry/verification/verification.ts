/**
 * Holds everything that is stored here against the log (VER1), once an operator asks for it: in the background, page by
 * page, one verification at a time. Memory is bounded by a page, and by the players of one mode; writes go first, as
 * every stretch of work is followed by a pause of the same length.
 *
 * It always comes to an end (VER3): a database that is away or too busy is waited for, for a while; what it answers for everything
 * else and not for one page is a fault of that page, and the other parts are looked at all the same.
 */

import { DatabaseSlowError, StorageError } from "../../storage/errors.ts";
import type { StoreView, ViewedStore } from "../../storage/store-view.ts";
import { checkClaims, checkStrayConflicts } from "./claim-check.ts";
import { checkDocuments } from "./document-check.ts";
import type { Fault, Inspection } from "./fault.ts";
import { checkLog } from "./log-check.ts";
import { checkRatings } from "./rating-check.ts";
import { StoreAwayError } from "./store-away-error.ts";
import { checkTotals } from "./total-check.ts";

/** What is looked at, in this order. */
export type VerificationPart = "log" | "documents" | "claims" | "conflicts" | "ratings" | "totals";

export interface VerificationOptions {
  readonly store: ViewedStore;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly onFault: (fault: Fault) => void;
  readonly onDone: (report: VerificationReport) => void;
  readonly onTrouble: (error: unknown) => void;
}

export interface VerificationReport {
  /** `failed`: it ended before all was looked at. */
  readonly state: "running" | "done" | "failed";
  /** What it is at; null once it has ended. */
  readonly part: VerificationPart | null;
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  /** Looked at so far. */
  readonly documents: number;
  readonly entries: number;
  /** How many there are to look at, as the totals said when it began; null before that is known. */
  readonly expected: { readonly documents: number; readonly entries: number } | null;
  /** Why it failed. */
  readonly failure: StoreAwayError | null;
  /** The first of them. */
  readonly faults: readonly Fault[];
  readonly faultsFound: number;
  /** How many of them say only that a part could not be looked at to its end. */
  readonly unreadableFound: number;
}

interface Run {
  readonly startedAtMs: number;
  finishedAtMs: number | null;
  part: VerificationPart | null;
  expected: VerificationReport["expected"];
  failure: StoreAwayError | null;
  readonly counted: Inspection["counted"];
  readonly faults: Fault[];
  faultsFound: number;
  unreadableFound: number;
}

type Look<Result> = (view: StoreView, found: (fault: Fault) => void) => Promise<Result>;

/** What an operator reads; all of them are in the log of the process. */
const FAULTS_KEPT = 100;
/** So long others may have to wait for their turn. */
const STRETCH_MS = 10;
const AGAIN_AFTER_MS = 1_000;
/** A PostgreSQL that recovers from a crash, or is moved to another machine, is back within it. */
const AWAY_MAX_MS = 10 * 60_000;
/** So often a page is asked for in vain, by a database that answers all the same: a broken file, a row that ends it. */
const REFUSALS_MAX = 3;

export class Verification {
  readonly #options: VerificationOptions;
  readonly #ending = new AbortController();
  #run: Run | undefined;
  #running: Promise<void> | undefined;

  constructor(options: VerificationOptions) {
    this.#options = options;
  }

  /** Begins one, unless one is under way or the server ends. */
  start(): VerificationReport {
    const isEnding = this.#ending.signal.aborted;
    if (!this.#run || (!this.#running && !isEnding)) {
      const startedAtMs = this.#options.nowMs();
      const counted = { documents: 0, entries: 0 };
      const run: Run = {
        ...{ startedAtMs, finishedAtMs: null, part: "log", expected: null, failure: null },
        ...{ counted, faults: [], faultsFound: 0, unreadableFound: 0 },
      };
      this.#run = run;
      this.#running = this.#verify(run).finally(() => {
        this.#running = undefined;
      });
    }
    return reportOf(this.#run);
  }

  /** The one that is under way, or the last; undefined when there was none since the process began. */
  latest(): VerificationReport | undefined {
    return this.#run && reportOf(this.#run);
  }

  /** Gives up the one that is under way. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #verify(run: Run): Promise<void> {
    const inspection = this.#inspection(run);
    const modes = new Set<string>();
    const checks: readonly [VerificationPart, () => Promise<void>][] = [
      [
        "log",
        async () => {
          const { documents, entries } = (await inspection.look((view) => view.state())).totals;
          run.expected = { documents, entries };
          await checkLog(inspection);
        },
      ],
      [
        "documents",
        async () => {
          for (const mode of await checkDocuments(inspection)) modes.add(mode);
        },
      ],
      ["claims", () => checkClaims(inspection)],
      ["conflicts", () => checkStrayConflicts(inspection)],
      ["ratings", () => checkRatings(inspection, modes)],
      ["totals", () => checkTotals(inspection)],
    ];
    for (const [part, check] of checks) {
      run.part = part;
      try {
        await check();
      } catch (error) {
        if (this.#ending.signal.aborted) return;
        this.#options.onTrouble(error);
        if (error instanceof StoreAwayError) {
          run.failure = error;
          break;
        }
        // A row that nobody can read, or our own bug: the others are looked at all the same.
        this.#add(run, {
          kind: "unreadable",
          detail: `the ${part} could not be looked at to the end; the log of the server has more`,
        });
      }
    }
    run.part = null;
    run.finishedAtMs = this.#options.nowMs();
    this.#options.onDone(reportOf(run));
  }

  #inspection(run: Run): Inspection {
    const { monotonicMs, pause } = this.#options;
    const { signal } = this.#ending;
    let sinceMs = monotonicMs();
    return {
      signal,
      counted: run.counted,
      look: (at) => this.#look(run, at),
      giveWay: async () => {
        signal.throwIfAborted();
        const workedMs = monotonicMs() - sinceMs;
        if (workedMs < STRETCH_MS) return;
        await pause(workedMs);
        sinceMs = monotonicMs();
      },
    };
  }

  async #look<Result>(run: Run, at: Look<Result>): Promise<Result> {
    const { pause, monotonicMs, onTrouble } = this.#options;
    let refusals = 0;
    let awaySinceMs: number | undefined;
    for (;;) {
      this.#ending.signal.throwIfAborted();
      try {
        const { result, found } = await this.#lookOnce(at);
        for (const fault of found) this.#add(run, fault);
        return result;
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        onTrouble(error);
        awaySinceMs ??= monotonicMs();
        // A busy one has nothing wrong with it.
        if (!(error instanceof DatabaseSlowError) && (await this.#answers())) {
          if (!error.retryable || ++refusals === REFUSALS_MAX) throw error;
          awaySinceMs = undefined;
        } else if (monotonicMs() - awaySinceMs >= AWAY_MAX_MS) {
          throw new StoreAwayError(AWAY_MAX_MS, error);
        }
        await pause(AGAIN_AFTER_MS);
      }
    }
  }

  async #lookOnce<Result>(at: Look<Result>): Promise<{ result: Result; found: readonly Fault[] }> {
    const found: Fault[] = [];
    const view = await this.#options.store.view();
    let result: Result;
    try {
      result = await at(view, (fault) => found.push(fault));
    } catch (error) {
      view.discard();
      throw error;
    }
    await view.close();
    return { result, found };
  }

  /** Whether the database lets anything be looked at. */
  async #answers(): Promise<boolean> {
    try {
      await this.#lookOnce((view) => view.state());
      return true;
    } catch (error) {
      if (error instanceof StorageError) return false;
      throw error;
    }
  }

  #add(run: Run, fault: Fault): void {
    run.faultsFound++;
    if (fault.kind === "unreadable") run.unreadableFound++;
    if (run.faults.length < FAULTS_KEPT) run.faults.push(fault);
    this.#options.onFault(fault);
  }
}

function reportOf({ counted, faults, ...run }: Run): VerificationReport {
  const state = run.finishedAtMs === null ? "running" : run.failure ? "failed" : "done";
  return { ...run, state, ...counted, faults: [...faults] };
}
