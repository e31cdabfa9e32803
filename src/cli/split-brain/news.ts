/** What is new in a history since it was last looked at, in lines: faults beginning and ending, and remarks. */
import type { History, RecordedFault } from "../../lab/history.ts";
import { durationText } from "../../lab/report/time-axis.ts";
import { printable } from "../printable.ts";

export class News {
  readonly #history: Pick<History, "faults" | "remarks">;
  readonly #begun = new Set<RecordedFault>();
  readonly #ended = new Set<RecordedFault>();
  #remarks = 0;

  constructor(history: Pick<History, "faults" | "remarks">) {
    this.#history = history;
  }

  /** In the order in which it happened. */
  take(): string[] {
    const items: { atMs: number; text: string }[] = [];
    for (const fault of this.#history.faults) {
      const { name, target, startedMs, endedMs } = fault;
      if (!this.#begun.has(fault)) items.push({ atMs: startedMs, text: `begins: ${name}, ${target}` });
      this.#begun.add(fault);
      if (endedMs === null || this.#ended.has(fault)) continue;
      items.push({ atMs: endedMs, text: `ends: ${name}, ${target}` });
      this.#ended.add(fault);
    }
    for (const { atMs, text } of this.#history.remarks.slice(this.#remarks)) items.push({ atMs, text });
    this.#remarks = this.#history.remarks.length;
    return items
      .sort((one, other) => one.atMs - other.atMs)
      .map(({ atMs, text }) => `${durationText(atMs).padStart(8)}  ${printable(text)}`);
  }
}
