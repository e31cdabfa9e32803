/**
 * Writes a group of tasks, in parts where it cannot be written as one.
 *
 * A batch that PostgreSQL refuses, or that we cannot plan, is cut in halves until the one entry at fault stands alone
 * and is quarantined, so that no record halts the others (UNK2). One that takes PostgreSQL too long is written in
 * halves, too; after a few such, the rest of the group is refused. Every task is settled.
 */
import { EngineLostError } from "../../crdt/errors.ts";
import {
  BatchRefusedError,
  DatabaseSlowError,
  DatabaseUnavailableError,
  StorageError,
} from "../storage/errors.ts";
import { HasToWaitError } from "./batch-writer.ts";
import type { ReceivedEntry, ReceiveTask, Task } from "./task.ts";

export interface GroupPartsOptions {
  /** Writes tasks as one batch, and settles them if it is stored. */
  readonly write: (tasks: readonly Task[]) => Promise<void>;
  /** Asked before each part: one may have shown that none can be written any more. */
  readonly isOpen: () => boolean;
  readonly onTrouble: (error: unknown) => void;
  /** No part would fare better. The tasks are rejected already. */
  readonly onHalt: (error: StorageError | EngineLostError) => void;
}

/** Each takes as long as PostgreSQL lets a statement: those behind should not wait much longer than clients do. */
const SLOW_STATEMENTS_MAX = 3;

export class GroupParts {
  readonly #options: GroupPartsOptions;
  /** Statements of the group under way that were given up because they took too long. */
  #slow = 0;

  constructor(options: GroupPartsOptions) {
    this.#options = options;
  }

  write(group: readonly Task[]): Promise<void> {
    this.#slow = 0;
    return this.#writePart(group);
  }

  async #writePart(tasks: readonly Task[]): Promise<void> {
    if (!this.#options.isOpen()) return rejectAll(tasks, new DatabaseUnavailableError());
    if (this.#slow > SLOW_STATEMENTS_MAX) return rejectAll(tasks, new DatabaseSlowError());
    try {
      await this.#options.write(tasks);
    } catch (error) {
      if (error instanceof EngineLostError) return this.#halt(tasks, error);
      if (error instanceof HasToWaitError) {
        await this.#writePart(tasks.slice(0, error.at));
        return this.#writePart(tasks.slice(error.at));
      }
      if (!(error instanceof StorageError) || error instanceof BatchRefusedError) {
        return this.#writeHalves(tasks, error);
      }
      if (error instanceof DatabaseSlowError && ++this.#slow <= SLOW_STATEMENTS_MAX) {
        return this.#writeHalves(tasks, error);
      }
      this.#halt(tasks, error);
    }
  }

  #halt(tasks: readonly Task[], error: StorageError | EngineLostError): void {
    rejectAll(tasks, error);
    this.#options.onHalt(error);
  }

  /** Something in the batch is at fault, in PostgreSQL's eyes or our own: its parts are tried by themselves. */
  async #writeHalves(tasks: readonly Task[], refusal: unknown): Promise<void> {
    const [only] = tasks;
    if (tasks.length > 1) {
      const half = tasks.length >> 1;
      await this.#writePart(tasks.slice(0, half));
      await this.#writePart(tasks.slice(half));
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
      return this.#writePart([{ ...task, entries: [{ entry: only.entry, content }] }]);
    }
    const half = task.entries.length >> 1;
    await this.#receivePart(task.entries.slice(0, half), task);
    await this.#receivePart(task.entries.slice(half), task);
    task.resolve();
  }

  #receivePart(entries: readonly ReceivedEntry[], { reject }: ReceiveTask): Promise<void> {
    return this.#writePart([
      { kind: "receive", weight: entries.length, patient: true, entries, resolve: () => undefined, reject },
    ]);
  }
}

function rejectAll(tasks: readonly Task[], error: unknown): void {
  for (const task of tasks) task.reject(error);
}
