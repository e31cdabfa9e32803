/**
 * Keeps ratings up to date (RAT1): folds every mode that a commit marked, one after another.
 *
 * - *idle*: nothing is marked, as far as is known. `notify` starts a round.
 * - *folding*: each marked mode is folded and its update committed; modes that are marked meanwhile get another
 *   round. A mode that fails does not hold up the others: the round is tried again after a pause.
 * - *sweeping*: nothing is marked, and spare boards are emptied, some rows at a time.
 *
 * Invariant: a mark stays until the update that it led to is committed, so a crash or failure anywhere loses
 * nothing; who is notified once and commits nothing else comes to the same.
 */
import type { RatingStore, RatingUpdate } from "../storage/rating-store.ts";
import { FOLD_LIMITS, type FoldLimits, foldRatings } from "./rating-walk.ts";

export interface RatingFolderOptions {
  readonly store: Pick<RatingStore, "markedModes" | "openFold" | "sweep">;
  /** Commits the update with a batch; rejects when it was not, or may not have been, committed. */
  readonly commit: (update: RatingUpdate) => Promise<void>;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  readonly onTrouble: (error: unknown) => void;
  readonly limits?: FoldLimits;
}

const PAUSE_MIN_MS = 50;
const PAUSE_MAX_MS = 2_000;

export class RatingFolder {
  readonly #options: RatingFolderOptions;
  readonly #closing = new AbortController();
  readonly #waiting = new Set<() => void>();
  #notified = false;
  #pending = false;
  /** At the start too: a process that ended may have left a spare board. */
  #sweepDue = true;
  #running: Promise<void> | undefined;

  constructor(options: RatingFolderOptions) {
    this.#options = options;
  }

  /** Something may be marked. */
  notify(): void {
    if (this.#closing.signal.aborted) return;
    this.#notified = true;
    this.#pending = true;
    this.#running ??= this.#run();
  }

  /** Whether something is to be folded, as far as is known. */
  get pending(): boolean {
    return this.#pending;
  }

  /** True once nothing is to be folded, or it is closed; false when `timeoutMs` have passed before. */
  async idle(timeoutMs?: number): Promise<boolean> {
    if (!this.#pending) return true;
    return new Promise((resolve) => {
      const settled = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              this.#waiting.delete(settled);
              resolve(false);
            }, timeoutMs);
      this.#waiting.add(settled);
    });
  }

  /** Gives up what is being folded; its marks stay. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    this.#settle();
  }

  async #run(): Promise<void> {
    let pauseMs = PAUSE_MIN_MS;
    while (!this.#closing.signal.aborted && (this.#pending || this.#sweepDue)) {
      if (await this.#succeeds()) {
        pauseMs = PAUSE_MIN_MS;
        continue;
      }
      await this.#pause(pauseMs);
      pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS);
    }
    this.#running = undefined;
  }

  /** One round, or some sweeping. */
  async #succeeds(): Promise<boolean> {
    try {
      if (this.#pending) return await this.#foldAll();
      this.#sweepDue = await this.#options.store.sweep();
      return true;
    } catch (error) {
      this.#tell(error);
      return false;
    }
  }

  async #foldAll(): Promise<boolean> {
    this.#notified = false;
    let failed = false;
    for (const mode of await this.#options.store.markedModes()) {
      try {
        await this.#fold(mode);
      } catch (error) {
        failed = true;
        this.#tell(error);
      }
      if (this.#closing.signal.aborted) return true;
    }
    if (!failed && !this.#notified) this.#settle();
    return !failed;
  }

  async #fold(mode: string): Promise<void> {
    const { store, commit, limits = FOLD_LIMITS } = this.#options;
    const fold = await store.openFold(mode);
    if (!fold) return;
    let madeBoard = true; // as far as is known
    try {
      const update = await foldRatings(fold, limits, this.#closing.signal);
      madeBoard = update.board !== fold.board;
      await commit(update);
    } finally {
      this.#sweepDue ||= madeBoard;
      await fold.close();
    }
  }

  #settle(): void {
    this.#pending = false;
    for (const settled of this.#waiting) settled();
    this.#waiting.clear();
  }

  #tell(error: unknown): void {
    if (!this.#closing.signal.aborted) this.#options.onTrouble(error);
  }

  /** Ends early when it is closed. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    let end: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => {
      end = resolve;
      signal.addEventListener("abort", end);
    });
    await Promise.race([this.#options.pause(ms), closed]);
    if (end) signal.removeEventListener("abort", end);
  }
}
