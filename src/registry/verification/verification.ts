/**
 * Holds everything that is stored here against the log (VER1), once an operator asks for it: in the background, page by
 * page, one verification at a time. Memory is bounded by a page, and by the players of one mode; writes go first, as
 * every stretch of work is followed by a pause of the same length.
 */

import { StorageError } from "../../storage/errors.ts";
import type { ViewedStore } from "../../storage/store-view.ts";
import { checkClaims, checkStrayConflicts } from "./claim-check.ts";
import { checkDocuments } from "./document-check.ts";
import type { Fault, Inspection } from "./fault.ts";
import { checkLog } from "./log-check.ts";
import { checkRatings } from "./rating-check.ts";
import { checkTotals } from "./total-check.ts";

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
  readonly state: "running" | "done";
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  /** Looked at so far. */
  readonly documents: number;
  readonly entries: number;
  /** The first of them. */
  readonly faults: readonly Fault[];
  readonly faultsFound: number;
}

interface Run {
  readonly startedAtMs: number;
  finishedAtMs: number | null;
  readonly counted: Inspection["counted"];
  readonly faults: Fault[];
  faultsFound: number;
}

/** What an operator reads; all of them are in the log of the process. */
const FAULTS_KEPT = 100;
/** So long others may have to wait for their turn. */
const STRETCH_MS = 10;
const AGAIN_AFTER_MS = 1_000;

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
      const run: Run = { startedAtMs, finishedAtMs: null, counted, faults: [], faultsFound: 0 };
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
    const checks = [
      () => checkLog(inspection),
      async () => {
        for (const mode of await checkDocuments(inspection)) modes.add(mode);
      },
      () => checkClaims(inspection),
      () => checkStrayConflicts(inspection),
      () => checkRatings(inspection, modes),
      () => checkTotals(inspection),
    ];
    for (const check of checks) {
      try {
        await check();
      } catch (error) {
        if (this.#ending.signal.aborted) return;
        // A row that nobody can read, or our own bug: the others are looked at all the same.
        this.#options.onTrouble(error);
        this.#add(run, {
          kind: "unreadable",
          detail: "something could not be looked at; the log of the server has more",
        });
      }
    }
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

  async #look<Result>(run: Run, at: Parameters<Inspection["look"]>[0]): Promise<Result> {
    const { store, pause, onTrouble } = this.#options;
    for (;;) {
      this.#ending.signal.throwIfAborted();
      try {
        const found: Fault[] = [];
        const view = await store.view();
        let result: Result;
        try {
          result = (await at(view, (fault) => found.push(fault))) as Result;
        } catch (error) {
          view.discard();
          throw error;
        }
        await view.close();
        for (const fault of found) this.#add(run, fault);
        return result;
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        onTrouble(error);
        await pause(AGAIN_AFTER_MS);
      }
    }
  }

  #add(run: Run, fault: Fault): void {
    run.faultsFound++;
    if (run.faults.length < FAULTS_KEPT) run.faults.push(fault);
    this.#options.onFault(fault);
  }
}

function reportOf({ startedAtMs, finishedAtMs, counted, faults, faultsFound }: Run): VerificationReport {
  const state = finishedAtMs === null ? "running" : "done";
  return { state, startedAtMs, finishedAtMs, ...counted, faults: [...faults], faultsFound };
}
