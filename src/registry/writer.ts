/**
 * The one write path. Groups what waits, plans a batch, commits it, settles its tasks, tells who listens.
 *
 * Modes:
 * - `open`: groups are written as they come.
 * - `recovering`: a commit failed in a way that leaves open where the database stands. Everything is refused
 *   (503) while `open()` of the store is tried again with growing pauses; what it reads is the new standing.
 * - `closed`: for good, by `close` or because this process cannot go on: another one took the database; it has
 *   lost what it had committed, so that this incarnation would give its sequences a second time; or Automerge's
 *   instance is lost.
 *
 * A batch that takes PostgreSQL too long is written in halves; after a few such, the rest of the group is refused.
 *
 * Invariants: `standing` is what is committed, never more; a task is resolved only after its commit; a batch
 * that PostgreSQL refuses, or that we cannot plan, is cut in halves until the one entry at fault stands alone and is
 * quarantined, so that no record halts the others (UNK2).
 */
import type { Conflict } from "../../crdt/conflict.ts";
import type { Entry } from "../../crdt/entry.ts";
import { EngineLostError } from "../../crdt/errors.ts";
import { laterStamp, type Stamp } from "../../crdt/hybrid-clock.ts";
import { mergeVectors, missingFrom, type VersionVector } from "../../crdt/version-vector.ts";
import {
  BatchRefusedError,
  DatabaseInUseError,
  DatabaseSlowError,
  DatabaseUnavailableError,
  DatabaseWentBackError,
  StorageError,
  StorageFullError,
  UNIQUE_VIOLATION,
} from "../storage/errors.ts";
import { GroupWriter } from "../storage/group-writer.ts";
import type { Batch, LogStore, StoredState } from "../storage/log-store.ts";
import { BatchPlan, EntryRefusedByDocument, PresumptuousRefusalError } from "./batch-plan.ts";
import { type CommittedChange, changesOf } from "./committed-changes.ts";
import { DocumentLoader } from "./document-loader.ts";
import type { Incarnation } from "./log-tail.ts";
import { MissingContextError, Wanted } from "./plan-context.ts";
import type { ReceivedEntry, ReceiveTask, Task } from "./task.ts";
import { Unapplied } from "./unapplied.ts";

/** A task of the group has to be planned by itself, once those before it are stored. */
class HasToWaitError extends Error {
  /** Its place in the group: not the first. */
  readonly at: number;

  constructor(at: number) {
    super("a task depends on what is planned beside it");
    this.at = at;
  }
}

export interface WriterOptions {
  readonly incarnation: Incarnation;
  readonly store: LogStore;
  readonly nowMs: () => number;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  readonly onCommitted: (committed: Committed) => void;
  readonly onTrouble: (error: unknown) => void;
  /** This process cannot write to the database any more and has to end. */
  readonly onFatal: (error: unknown) => void;
}

/** What a commit brought. */
export interface Committed {
  readonly local: readonly Entry[];
  /** How many entries, local and received. */
  readonly entries: number;
  readonly vector: VersionVector;
  /** A match came, went or changed that counts for ratings. */
  readonly ratingsMarked: boolean;
  /** Entry by entry; empty, too, where it is not known what was committed. */
  readonly changes: readonly CommittedChange[];
  /** Those of all records that were changed, whether they are new or stood before. */
  readonly conflicts: readonly Conflict[];
}

/** Two pages of a peer, or what clients send in a few milliseconds. */
const GROUP_WEIGHT_MAX = 1_000;
/** A second or two of work, of clients and of peers each: some 5 MB of registrations, 300 MB of the largest records. */
const QUEUE_WEIGHT_MAX = 10_000;
/** Each takes as long as PostgreSQL lets a statement: those behind should not wait much longer than clients do. */
const SLOW_STATEMENTS_MAX = 3;
/** Each waits 5 s for the lock; what is left of our own lost session is ended by PostgreSQL within 15 s. */
const IN_USE_TRIES = 6;
const RECOVERY_PAUSE_MIN_MS = 50;
const RECOVERY_PAUSE_MAX_MS = 2_000;

export class Writer {
  /** Of what is committed. */
  readonly unapplied = new Unapplied();
  readonly #options: WriterOptions;
  readonly #documents: DocumentLoader;
  readonly #group: GroupWriter<Task>;
  #mode: "open" | "recovering" | "closed" = "closed";
  #closing = false;
  #standing: StoredState | undefined;
  #recovery: Promise<void> = Promise.resolve();
  /** Statements of the group under way that were given up because they took too long. */
  #slow = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#documents = new DocumentLoader(options.store.planning, options.incarnation.origin);
    this.#group = new GroupWriter({
      write: (tasks) => {
        this.#slow = 0;
        return this.#writeGroup(tasks);
      },
      pause: options.pause,
      groupWeightMax: GROUP_WEIGHT_MAX,
      queueWeightMax: QUEUE_WEIGHT_MAX,
    });
  }

  async open(): Promise<void> {
    this.#standing = await this.#options.store.open();
    this.#mode = "open";
  }

  /** What is committed. */
  get standing(): StoredState {
    if (!this.#standing) throw new DatabaseUnavailableError();
    return this.#standing;
  }

  get mode(): "open" | "recovering" | "closed" {
    return this.#mode;
  }

  get waiting(): number {
    return this.#group.waiting;
  }

  get cachedDocuments(): number {
    return this.#documents.kept;
  }

  /** The clock goes past a stamp that was heard of. */
  observe(stamp: Stamp): void {
    this.#standing = { ...this.standing, clock: laterStamp(this.standing.clock, stamp) };
  }

  /** @throws OverloadedError, DatabaseUnavailableError: the task was not taken and will not be settled. */
  submit(task: Task): void {
    if (this.#mode !== "open" || this.#closing) throw new DatabaseUnavailableError();
    this.#group.submit(task);
  }

  /** Refuses what is new, writes what waits. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#group.drained();
    this.#mode = "closed";
    await this.#recovery;
    this.#documents.forget();
  }

  async #writeGroup(tasks: readonly Task[]): Promise<void> {
    if (this.#mode !== "open") return rejectAll(tasks, new DatabaseUnavailableError());
    if (this.#slow > SLOW_STATEMENTS_MAX) return rejectAll(tasks, new DatabaseSlowError());
    try {
      await this.#write(tasks);
    } catch (error) {
      if (error instanceof EngineLostError) return this.#end(tasks, error);
      if (error instanceof HasToWaitError) {
        await this.#writeGroup(tasks.slice(0, error.at));
        return this.#writeGroup(tasks.slice(error.at));
      }
      if (!(error instanceof StorageError) || error instanceof BatchRefusedError) {
        return this.#writeParts(tasks, error);
      }
      if (error instanceof DatabaseSlowError && ++this.#slow <= SLOW_STATEMENTS_MAX) {
        return this.#writeParts(tasks, error);
      }
      rejectAll(tasks, error);
      this.#options.onTrouble(error);
      if (leavesOpen(error)) this.#recovery = this.#recover();
    }
  }

  #end(tasks: readonly Task[], error: unknown): void {
    this.#mode = "closed";
    rejectAll(tasks, error);
    this.#options.onFatal(error);
  }

  /** Something in the batch is at fault, in PostgreSQL's eyes or our own: its parts are tried by themselves. */
  async #writeParts(tasks: readonly Task[], refusal: unknown): Promise<void> {
    const [only] = tasks;
    if (tasks.length > 1) {
      const half = tasks.length >> 1;
      await this.#writeGroup(tasks.slice(0, half));
      await this.#writeGroup(tasks.slice(half));
    } else if (only?.kind === "receive") {
      await this.#receiveParts(only, refusal);
    } else {
      rejectAll(tasks, refusal);
      this.#options.onTrouble(refusal);
    }
  }

  async #receiveParts(task: ReceiveTask, refusal: unknown): Promise<void> {
    const [only] = task.entries;
    if (only && task.entries.length === 1) {
      if (only.content.type === "faulty" || refusal instanceof DatabaseSlowError) return task.reject(refusal);
      const content = { type: "faulty", reason: "refused", detail: String(refusal) } as const;
      return this.#writeGroup([{ ...task, entries: [{ entry: only.entry, content }] }]);
    }
    const half = task.entries.length >> 1;
    await this.#receivePart(task.entries.slice(0, half), task);
    await this.#receivePart(task.entries.slice(half), task);
    task.resolve();
  }

  #receivePart(entries: readonly ReceivedEntry[], { reject }: ReceiveTask): Promise<void> {
    return this.#writeGroup([
      { kind: "receive", weight: entries.length, patient: true, entries, resolve: () => undefined, reject },
    ]);
  }

  /** Where registrations were presumed new and one was not, the batch is planned again with all documents. */
  async #write(tasks: readonly Task[]): Promise<void> {
    try {
      await this.#writeOnce(tasks, { presumeNew: true });
    } catch (error) {
      const isTaken = error instanceof BatchRefusedError && error.sqlState === UNIQUE_VIOLATION;
      if (!isTaken && !(error instanceof PresumptuousRefusalError)) throw error;
      await this.#writeOnce(tasks, { presumeNew: false });
    }
  }

  async #writeOnce(tasks: readonly Task[], { presumeNew }: { readonly presumeNew: boolean }): Promise<void> {
    const { plan, batch } = await this.#plan(tasks, this.standing, presumeNew);
    try {
      if (batch) await this.#options.store.commit(batch);
    } catch (error) {
      plan.abandon();
      throw error;
    }
    for (const arrival of plan.arrivals()) this.unapplied.settle(arrival);
    for (const [id, document] of plan.liveDocuments(batch)) this.#documents.keep(id, document);
    if (batch) this.#documents.update(batch.players);
    if (batch) this.#standing = standingAfter(this.standing, batch);
    plan.settle();
    if (batch) {
      this.#tell({
        local: plan.localEntries,
        entries: batch.entries.length,
        vector: this.standing.vector,
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

  /** What is committed stands, whatever becomes of who is told. */
  #tell(committed: Committed): void {
    try {
      this.#options.onCommitted(committed);
    } catch (error) {
      this.#options.onTrouble(error);
    }
  }

  async #recover(): Promise<void> {
    this.#mode = "recovering";
    this.#documents.forget();
    let pauseMs = RECOVERY_PAUSE_MIN_MS;
    let inUse = 0;
    while (this.#mode === "recovering") {
      try {
        const stored = await this.#options.store.open();
        if (this.mode === "closed") return;
        this.#resume(stored);
      } catch (error) {
        inUse = error instanceof DatabaseInUseError ? inUse + 1 : 0;
        if (error instanceof DatabaseWentBackError || inUse >= IN_USE_TRIES) return this.#end([], error);
        await this.#options.pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, RECOVERY_PAUSE_MAX_MS);
      }
    }
  }

  /** Goes on from where the database stands. @throws DatabaseWentBackError */
  #resume(stored: StoredState): void {
    const { vector, clock } = this.standing;
    if (missingFrom(stored.vector, vector).length > 0) throw new DatabaseWentBackError();
    this.#standing = { ...stored, clock: laterStamp(clock, stored.clock) };
    this.#mode = "open";
    this.#tell({
      local: [],
      entries: 0,
      vector: stored.vector,
      ratingsMarked: true,
      changes: [],
      conflicts: [],
    });
  }
}

/** Whether it is open where the database stands. A full or slow one refused this batch, and may take the next. */
function leavesOpen(error: StorageError): boolean {
  return !(error instanceof StorageFullError || error instanceof DatabaseSlowError);
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

function standingAfter(standing: StoredState, batch: Batch): StoredState {
  const vector = new Map(standing.vector);
  const stable = mergeVectors(standing.stable, batch.stable);
  const servers = new Map(standing.servers);
  for (const { origin, server, lastSequence } of batch.origins) {
    vector.set(origin, lastSequence);
    if (server !== null) servers.set(origin, server);
  }
  const { size } = batch.forgotten;
  const forgotten = size === 0 ? standing.forgotten : new Map([...standing.forgotten, ...batch.forgotten]);
  const clock = laterStamp(standing.clock, batch.clock);
  return { vector, servers, forgotten, clock, totals: batch.totals, stable };
}

function rejectAll(tasks: readonly Task[], error: unknown): void {
  for (const task of tasks) task.reject(error);
}
