/** An intake as the gossiper drives it, with the database behind it. */
import type { Entry } from "../../crdt/entry.ts";
import { Intake } from "../../src/gossip/intake.ts";
import { entriesOf, originOf } from "./log-fixtures.ts";

export const ORIGIN = originOf(1);
export const OTHER = originOf(2);

/** So many entries from a sequence on, of which only the position counts. */
export function run(count: number, from = 1, origin = ORIGIN): Entry[] {
  return entriesOf(count, from, { origin, hash: null });
}

export function sequencesOf(entries: readonly Entry[]): number[] {
  return entries.map(({ sequence }) => sequence);
}

/** Batches wait in a queue, as they do in the writer's. */
export class Receiver {
  readonly stored = new Map<string, number>();
  readonly intake = new Intake(this.stored);
  readonly queue: (readonly Entry[])[] = [];

  offer(entries: readonly Entry[]): readonly Entry[] {
    const taken = this.intake.take(entries);
    if (taken.length > 0) this.queue.push(taken);
    return taken;
  }

  /** What the registry does with a batch: what is here is skipped, what follows a hole is ignored. */
  store(ok: boolean, nowMs: number): void {
    const entries = this.queue.shift();
    if (!entries) return;
    if (ok) {
      for (const { origin, sequence } of entries) {
        if (sequence === this.sequenceOf(origin) + 1) this.stored.set(origin, sequence);
      }
      this.intake.advanced(this.stored);
    }
    this.intake.settled(entries, ok, nowMs);
  }

  sequenceOf(origin: string): number {
    return this.stored.get(origin) ?? 0;
  }
}
