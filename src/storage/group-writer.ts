/**
 * Group commit: one write at a time, each of all that came while the last was under way.
 *
 * Intuition: a commit costs the same for one task and for a hundred, so a busy server should pay it once a
 * hundred tasks and an idle one should not wait for company.
 *
 * Patient tasks are those for whose end nobody waits. After a write of many of them alone, the next one waits a
 * moment for more: a stream of small groups would pay for each. Whoever is not patient ends that moment.
 *
 * They have room of their own: clients that fill the queue must not keep a server from what its peers send.
 *
 * Invariants: tasks are written in the order in which they were submitted; a task's promise settles only after
 * the write that held it; what waits is bounded, and what does not fit is refused before it is taken.
 */
import { OverloadedError } from "./errors.ts";

export interface GroupWriterLimits {
  /** Weight of tasks written together. */
  readonly groupWeightMax: number;
  /** Weight of patient tasks waiting, and of the others. */
  readonly queueWeightMax: number;
}

export interface GroupTask {
  readonly weight: number;
  /** Nobody waits for it. */
  readonly patient?: boolean;
}

/** Below it, patient tasks come one by one, and whoever reads what they bring may be waiting for it. */
const STREAM_WEIGHT_MIN = 8;
/** A write of so many is cheap enough for each. */
const COMPANY_WEIGHT = 128;
/** How much later a stream's entries may be stored. */
const LINGER_MS = 15;

/** Writes a group; settles each of its tasks by itself and never rejects. */
export type WriteGroup<Task> = (group: readonly Task[]) => Promise<void>;

export interface GroupWriterOptions<Task> extends GroupWriterLimits {
  readonly write: WriteGroup<Task>;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

export class GroupWriter<Task extends GroupTask> {
  readonly #options: GroupWriterOptions<Task>;
  #waiting: Task[] = [];
  #patientWeight = 0;
  #impatientWeight = 0;
  #running: Promise<void> | undefined;
  /** Ends the lingering, while there is one. */
  #hurry: (() => void) | undefined;

  constructor(options: GroupWriterOptions<Task>) {
    this.#options = options;
  }

  /** Weight of the tasks that wait for the next write. */
  get waiting(): number {
    return this.#patientWeight + this.#impatientWeight;
  }

  /** @throws OverloadedError when the queue is full; the task was not taken. */
  submit(task: Task): void {
    const { queueWeightMax } = this.#options;
    const waiting = this.#weightOf(task);
    if (waiting > 0 && waiting + task.weight > queueWeightMax) throw new OverloadedError();
    this.#waiting.push(task);
    this.#weigh(task, task.weight);
    if (!task.patient || this.waiting >= COMPANY_WEIGHT) this.#hurry?.();
    this.#running ??= this.#run();
  }

  /** Resolves when everything submitted has been written. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) {
      this.#hurry?.();
      await this.#running;
    }
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await endOfTurn();
      const group = this.#takeGroup();
      await this.#options.write(group);
      if (isStream(group)) await this.#linger();
    }
    this.#running = undefined;
  }

  async #linger(): Promise<void> {
    if (this.waiting >= COMPANY_WEIGHT || !this.#waiting.every(({ patient }) => patient)) return;
    const hurried = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
    await Promise.race([hurried, this.#options.pause(LINGER_MS)]);
    this.#hurry = undefined;
  }

  #takeGroup(): Task[] {
    let weight = 0;
    let count = 0;
    for (const task of this.#waiting) {
      if (count > 0 && weight + task.weight > this.#options.groupWeightMax) break;
      weight += task.weight;
      count++;
    }
    const group = this.#waiting.splice(0, count);
    for (const task of group) this.#weigh(task, -task.weight);
    return group;
  }

  #weightOf({ patient }: Task): number {
    return patient ? this.#patientWeight : this.#impatientWeight;
  }

  #weigh({ patient }: Task, weight: number): void {
    if (patient) this.#patientWeight += weight;
    else this.#impatientWeight += weight;
  }
}

function isStream(group: readonly GroupTask[]): boolean {
  const weight = group.reduce((sum, task) => sum + task.weight, 0);
  return weight >= STREAM_WEIGHT_MIN && weight < COMPANY_WEIGHT && group.every(({ patient }) => patient);
}

/** All sockets that are readable now are read before it: whoever is about to submit gets into the group. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
