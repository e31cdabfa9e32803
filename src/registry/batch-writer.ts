/**
 * Writes tasks as one batch: loads what they are about, plans, commits, settles them, and tells what was stored.
 *
 * Invariants: a task is settled only after its commit; of a batch that is not stored nothing stays, and its tasks are
 * left to whoever handed them in.
 */
import { BatchRefusedError, UNIQUE_VIOLATION } from "../storage/errors.ts";
import type { Batch, LogStore, StoredState } from "../storage/log-store.ts";
import { BatchPlan, EntryRefusedByDocument, PresumptuousRefusalError } from "./batch-plan.ts";
import type { Committed } from "./committed.ts";
import { changesOf } from "./committed-changes.ts";
import { DocumentLoader } from "./document-loader.ts";
import type { Incarnation } from "./log-tail.ts";
import { MissingContextError, Wanted } from "./plan-context.ts";
import type { Standing } from "./standing.ts";
import type { Task } from "./task.ts";
import { Unapplied } from "./unapplied.ts";

/** A task of the group has to be planned by itself, once those before it are stored. */
export class HasToWaitError extends Error {
  /** Its place in the group: not the first. */
  readonly at: number;

  constructor(at: number) {
    super("a task depends on what is planned beside it");
    this.at = at;
  }
}

export interface BatchWriterOptions {
  readonly incarnation: Incarnation;
  readonly store: LogStore;
  readonly nowMs: () => number;
  /** Must not throw: what is committed stands. */
  readonly onCommitted: (committed: Committed) => void;
  readonly onTrouble: (error: unknown) => void;
}

export class BatchWriter {
  /** Of what is committed. */
  readonly unapplied = new Unapplied();
  readonly #options: BatchWriterOptions;
  readonly #standing: Standing;
  readonly #documents: DocumentLoader;

  constructor(options: BatchWriterOptions, standing: Standing) {
    this.#options = options;
    this.#standing = standing;
    this.#documents = new DocumentLoader(options.store.planning, options.incarnation.origin);
  }

  get cachedDocuments(): number {
    return this.#documents.kept;
  }

  forgetDocuments(): void {
    this.#documents.forget();
  }

  /**
   * Where registrations were presumed new and one was not, the batch is planned again with all documents.
   * @throws HasToWaitError, StorageError
   */
  async write(tasks: readonly Task[]): Promise<void> {
    try {
      await this.#writeOnce(tasks, { presumeNew: true });
    } catch (error) {
      const isTaken = error instanceof BatchRefusedError && error.sqlState === UNIQUE_VIOLATION;
      if (!isTaken && !(error instanceof PresumptuousRefusalError)) throw error;
      await this.#writeOnce(tasks, { presumeNew: false });
    }
  }

  async #writeOnce(tasks: readonly Task[], { presumeNew }: { readonly presumeNew: boolean }): Promise<void> {
    const { plan, batch } = await this.#plan(tasks, this.#standing.stored, presumeNew);
    try {
      if (batch) await this.#options.store.commit(batch);
    } catch (error) {
      plan.abandon();
      throw error;
    }
    for (const arrival of plan.arrivals()) this.unapplied.settle(arrival);
    for (const [id, document] of plan.liveDocuments(batch)) this.#documents.keep(id, document);
    if (batch) this.#documents.update(batch.players);
    if (batch) this.#standing.committed(batch);
    plan.settle();
    if (batch) {
      this.#options.onCommitted({
        local: plan.localEntries,
        entries: batch.entries.length,
        vector: this.#standing.stored.vector,
        ratingsMarked: batch.ratingMarks.length > 0,
        changes: changesOf(batch),
        conflicts: batch.conflicts,
      });
    }
  }

  /**
   * Plans anew as often as a document refuses an entry, with that one set aside, or something is missing, with
   * that loaded.
   */
  async #plan(
    tasks: readonly Task[],
    standing: StoredState,
    presumeNew: boolean,
  ): Promise<{ plan: BatchPlan; batch: Batch | undefined }> {
    let tried = tasks;
    const wanted = new Wanted();
    for (;;) {
      const { incarnation, nowMs } = this.#options;
      const context = await this.#documents.load(tried, { stored: standing.vector, presumeNew, wanted });
      const plan = new BatchPlan({ incarnation, standing, context, nowMs });
      try {
        for (const [at, task] of tried.entries()) {
          if (plan.hasToWait(task)) throw new HasToWaitError(at);
          plan.add(task);
        }
        return { plan, batch: plan.batch() };
      } catch (error) {
        plan.abandon();
        if (error instanceof MissingContextError) {
          wanted.add(error.wanted);
          continue;
        }
        if (!(error instanceof EntryRefusedByDocument)) throw error;
        this.#options.onTrouble(error);
        tried = tried.map((task) => setAside(task, error));
      }
    }
  }
}

function setAside(task: Task, refused: EntryRefusedByDocument): Task {
  if (task.kind !== "receive") return task;
  const detail = refused.message;
  const entries = task.entries.map((received) =>
    received.entry === refused.entry
      ? { entry: received.entry, content: { type: "faulty", reason: "unappliable", detail } as const }
      : received,
  );
  return { ...task, entries };
}
