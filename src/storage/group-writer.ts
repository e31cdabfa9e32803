/**
 * Group commit: one write at a time, each of all that came while the last was under way.
 *
 * Intuition: a commit costs the same for one task and for a hundred, so a busy server should pay it once a
 * hundred tasks and an idle one should not wait for company.
 *
 * Invariants: tasks are written in the order in which they were submitted; a task's promise settles only after
 * the write that held it; what waits is bounded, and what does not fit is refused before it is taken.
 */
import { OverloadedError } from "./errors.ts";

export interface GroupWriterLimits {
  /** Weight of tasks written together. */
  readonly groupWeightMax: number;
  /** Weight of tasks waiting. */
  readonly queueWeightMax: number;
}

/** Writes a group; settles each of its tasks by itself and never rejects. */
export type WriteGroup<Task> = (group: readonly Task[]) => Promise<void>;

export class GroupWriter<Task extends { readonly weight: number }> {
  readonly #write: WriteGroup<Task>;
  readonly #limits: GroupWriterLimits;
  #waiting: Task[] = [];
  #waitingWeight = 0;
  #running: Promise<void> | undefined;

  constructor(write: WriteGroup<Task>, limits: GroupWriterLimits) {
    this.#write = write;
    this.#limits = limits;
  }

  /** Weight of the tasks that wait for the next write. */
  get waiting(): number {
    return this.#waitingWeight;
  }

  /** @throws OverloadedError when the queue is full; the task was not taken. */
  submit(task: Task): void {
    if (this.#waitingWeight + task.weight > this.#limits.queueWeightMax && this.#waiting.length > 0) {
      throw new OverloadedError();
    }
    this.#waiting.push(task);
    this.#waitingWeight += task.weight;
    this.#running ??= this.#run();
  }

  /** Resolves when everything submitted has been written. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await endOfTurn();
      await this.#write(this.#takeGroup());
    }
    this.#running = undefined;
  }

  #takeGroup(): Task[] {
    let weight = 0;
    let count = 0;
    for (const task of this.#waiting) {
      if (count > 0 && weight + task.weight > this.#limits.groupWeightMax) break;
      weight += task.weight;
      count++;
    }
    this.#waitingWeight -= weight;
    return this.#waiting.splice(0, count);
  }
}

/** All sockets that are readable now are read before it: whoever is about to submit gets into the group. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
