/**
 * The one write path: takes tasks, groups what waits, writes a group at a time, and gets over what goes wrong with the
 * database. A group is written by `GroupParts`, a batch of it by `BatchWriter`; `Standing` is what is committed.
 *
 * Modes:
 * - `open`: groups are written as they come.
 * - `recovering`: a commit failed in a way that leaves open where the database stands. Everything is refused
 *   (503) while `open()` of the store is tried again with growing pauses; what it reads is the new standing.
 * - `closed`: for good, by `close` or because this process cannot go on: another one took the database; it has
 *   lost what it had committed, so that this incarnation would give its sequences a second time; or Automerge's
 *   instance is lost.
 */
import { EngineLostError } from "../../crdt/errors.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import {
  DatabaseInUseError,
  DatabaseSlowError,
  DatabaseUnavailableError,
  DatabaseWentBackError,
  type StorageError,
  StorageFullError,
} from "../storage/errors.ts";
import { GroupWriter } from "../storage/group-writer.ts";
import type { LogStore, StoredState } from "../storage/log-store.ts";
import { BatchWriter } from "./batch-writer.ts";
import type { Committed } from "./committed.ts";
import { GroupParts } from "./group-parts.ts";
import type { Incarnation } from "./log-tail.ts";
import { Standing } from "./standing.ts";
import type { Task } from "./task.ts";
import type { Unapplied } from "./unapplied.ts";

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

/** Two pages of a peer, or what clients send in a few milliseconds. */
const GROUP_WEIGHT_MAX = 1_000;
/** A second or two of work, of clients and of peers each: some 5 MB of registrations, 300 MB of the largest records. */
const QUEUE_WEIGHT_MAX = 10_000;
/** Each waits 5 s for the lock; what is left of our own lost session is ended by PostgreSQL within 15 s. */
const IN_USE_TRIES = 6;
const RECOVERY_PAUSE_MIN_MS = 50;
const RECOVERY_PAUSE_MAX_MS = 2_000;

export class Writer {
  readonly #options: WriterOptions;
  readonly #standing = new Standing();
  readonly #batches: BatchWriter;
  readonly #group: GroupWriter<Task>;
  #mode: "open" | "recovering" | "closed" = "closed";
  #closing = false;
  #recovery: Promise<void> = Promise.resolve();

  constructor(options: WriterOptions) {
    this.#options = options;
    const { incarnation, store, nowMs, onTrouble } = options;
    const onCommitted = (committed: Committed): void => this.#tell(committed);
    this.#batches = new BatchWriter({ incarnation, store, nowMs, onCommitted, onTrouble }, this.#standing);
    const parts = new GroupParts({
      write: (tasks) => this.#batches.write(tasks),
      isOpen: () => this.#mode === "open",
      onTrouble,
      onHalt: (error) => this.#halted(error),
    });
    this.#group = new GroupWriter({
      write: (tasks) => parts.write(tasks),
      pause: options.pause,
      groupWeightMax: GROUP_WEIGHT_MAX,
      queueWeightMax: QUEUE_WEIGHT_MAX,
    });
  }

  async open(): Promise<void> {
    this.#standing.opened(await this.#options.store.open());
    this.#mode = "open";
  }

  /** What is committed. @throws DatabaseUnavailableError */
  get standing(): StoredState {
    return this.#standing.stored;
  }

  /** Of what is committed. */
  get unapplied(): Unapplied {
    return this.#batches.unapplied;
  }

  get mode(): "open" | "recovering" | "closed" {
    return this.#mode;
  }

  get waiting(): number {
    return this.#group.waiting;
  }

  get cachedDocuments(): number {
    return this.#batches.cachedDocuments;
  }

  /** The clock goes past a stamp that was heard of. */
  observe(stamp: Stamp): void {
    this.#standing.observe(stamp);
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
    this.#batches.forgetDocuments();
  }

  #halted(error: StorageError | EngineLostError): void {
    if (error instanceof EngineLostError) {
      this.#end(error);
      return;
    }
    this.#options.onTrouble(error);
    if (leavesOpen(error)) this.#recovery = this.#recover();
  }

  #end(error: unknown): void {
    this.#mode = "closed";
    this.#options.onFatal(error);
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
    this.#batches.forgetDocuments();
    let pauseMs = RECOVERY_PAUSE_MIN_MS;
    let inUse = 0;
    while (this.#mode === "recovering") {
      try {
        const stored = await this.#options.store.open();
        if (this.mode === "closed") return;
        this.#resume(stored);
      } catch (error) {
        inUse = error instanceof DatabaseInUseError ? inUse + 1 : 0;
        if (error instanceof DatabaseWentBackError || inUse >= IN_USE_TRIES) return this.#end(error);
        await this.#options.pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, RECOVERY_PAUSE_MAX_MS);
      }
    }
  }

  /** Goes on from where the database stands. @throws DatabaseWentBackError */
  #resume(stored: StoredState): void {
    this.#standing.reopened(stored);
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
