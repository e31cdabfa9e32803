/**
 * The history of a document (HIS1): what each change set, on whose behalf, and what it did not know of. It follows
 * from the changes alone.
 */
import { chainsOf, concurrentWith, inCausalOrder } from "./causal-order.ts";
import type { Actor, ChangeHash, DecodedChange } from "./change.ts";
import type { ChangeNote } from "./change-note.ts";
import type { Scalar } from "./document.ts";
import type { FirstChange } from "./first-change.ts";
import { pathOf, registerWritesReader } from "./register-writes.ts";

export interface HistoryItem {
  readonly hash: ChangeHash;
  /** Sorted, without the first change of the kind; more than one where histories joined. */
  readonly parents: readonly ChangeHash[];
  readonly actor: Actor;
  /** The actor's own number for it within the document, from 1. */
  readonly sequence: number;
  /** Undefined when the change has none that this version can read. */
  readonly note: ChangeNote | undefined;
  /** Each register that it wrote once, in the order of the change; null where it was unset. */
  readonly sets: readonly RegisterSet[];
  /**
   * The changes of which neither knew of the other, sorted. Worked out when it is asked for: in a document
   * of two long sides there are many.
   */
  readonly concurrentWith: () => ChangeHash[];
}

export interface RegisterSet {
  /** `displayName`, `metadata/level`. */
  readonly path: string;
  readonly to: Scalar | null;
}

/**
 * All changes that took effect but the first change of the kind, parents first; of those that could stand next the
 * least by (stamp, hash). Changes whose parents are missing are left out.
 */
export function historyOf(first: FirstChange, changes: readonly DecodedChange[]): HistoryItem[] {
  const order = inCausalOrder(first, changes);
  const chains = chainsOf(order);
  const writesOf = registerWritesReader(first);
  return order.map((placed) => ({
    hash: placed.change.hash,
    parents: placed.parents,
    actor: placed.change.actor,
    sequence: placed.change.sequence,
    note: placed.note,
    sets: writesOf(placed.change).map((write) => ({ path: pathOf(write), to: write.value })),
    concurrentWith: () =>
      concurrentWith(placed, chains)
        .map(({ change }) => change.hash)
        .sort(),
  }));
}
