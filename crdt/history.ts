/**
 * The history of a document (HIS1): what each change set, on whose behalf, and what it did not know of. It follows
 * from the changes alone.
 *
 * A history is laid out from what links its changes; what they set is read of those alone that are shown.
 */
import { decodeChange } from "./automerge.ts";
import {
  byStamp,
  type ChainRange,
  chainsOf,
  concurrentRanges,
  inCausalOrder,
  isAncestor,
  type PlacedChange,
} from "./causal-order.ts";
import type { Actor, ChangeHash, EncodedChange } from "./change.ts";
import { readLinks } from "./change-links.ts";
import { type ChangeNote, readChangeNote } from "./change-note.ts";
import type { Scalar } from "./document.ts";
import { RollcallError } from "./errors.ts";
import type { FirstChange } from "./first-change.ts";
import type { Stamp } from "./hybrid-clock.ts";
import { pathOf, registerWritesReader } from "./register-writes.ts";

export interface HistoryItem<Change extends EncodedChange = EncodedChange> {
  /** As it was given. */
  readonly change: Change;
  readonly hash: ChangeHash;
  /** Sorted, without the first change of the kind; more than one where histories joined. */
  readonly parents: readonly ChangeHash[];
  readonly actor: Actor;
  /** The actor's own number for it within the document, from 1. */
  readonly sequence: number;
  /** Undefined when the change has none that this version can read. */
  readonly note: ChangeNote | undefined;
  /** Of its note; the earliest of all when it has none. */
  readonly stamp: Stamp;
  /** Each register that it wrote once, in the order of the change; null where it was unset. */
  readonly sets: readonly RegisterSet[];
  /** How many changes there are of which neither knew of the other. */
  readonly concurrentCount: number;
  /**
   * Those changes, sorted; at most so many, if that is said. Worked out when it is asked for: in a document of two
   * long sides there are many.
   */
  readonly concurrentWith: (max?: number) => ChangeHash[];
}

export interface RegisterSet {
  /** `displayName`, `metadata/level`. */
  readonly path: string;
  readonly to: Scalar | null;
}

/** Where a page ends: its last item. */
export type HistoryCursor = Pick<HistoryItem, "hash" | "stamp">;

export interface HistoryPage<Change extends EncodedChange = EncodedChange> {
  /** Newest first. */
  readonly items: readonly HistoryItem<Change>[];
  /** Null with the oldest. */
  readonly next: HistoryCursor | null;
}

/** A head that was asked for is of no change that took effect here. */
export class UnknownHeadError extends RollcallError {
  readonly code = "unknown-head";

  constructor(head: ChangeHash) {
    super(`no change ${JSON.stringify(head)} of this document is known here`);
  }
}

/**
 * All changes that took effect but the first change of the kind, parents first; of those that could stand next the
 * least by (stamp, hash). Changes whose parents are missing are left out.
 */
export class DocumentHistory<Change extends EncodedChange = EncodedChange> {
  readonly #placed: ReadonlyMap<ChangeHash, PlacedChange<Change>>;
  readonly #order: readonly PlacedChange<Change>[];
  readonly #chains: readonly PlacedChange<Change>[][];
  readonly #writesOf: ReturnType<typeof registerWritesReader>;

  /** @param changes All of the document, in any order. @throws UnacceptableChangeError */
  constructor(first: FirstChange, changes: readonly Change[]) {
    this.#placed = inCausalOrder(first, changes, readLinks);
    this.#order = [...this.#placed.values()];
    this.#chains = chainsOf(this.#order);
    this.#writesOf = registerWritesReader(first);
  }

  get length(): number {
    return this.#order.length;
  }

  /** Oldest first. */
  all(): HistoryItem<Change>[] {
    return this.#order.map((placed) => this.#itemOf(placed));
  }

  /** Undefined when no change of this hash took effect. */
  find(hash: ChangeHash): HistoryItem<Change> | undefined {
    const placed = this.#placed.get(hash);
    return placed && this.#itemOf(placed);
  }

  /** `after`: the last of the page before; where that is not known here, from what is older by (stamp, hash) on. */
  page(limit: number, after?: HistoryCursor): HistoryPage<Change> {
    const end = after ? this.#placeOf(after) : this.#order.length;
    const start = Math.max(0, end - limit);
    const items = this.#order
      .slice(start, end)
      .reverse()
      .map((placed) => this.#itemOf(placed));
    const last = items.at(-1);
    return { items, next: start > 0 && last ? { hash: last.hash, stamp: last.stamp } : null };
  }

  /** The changes that these are and all that they knew of, parents first. @throws UnknownHeadError */
  upTo(heads: readonly ChangeHash[]): Change[] {
    const tips = heads.map((head) => {
      const tip = this.#placed.get(head);
      if (!tip) throw new UnknownHeadError(head);
      return tip;
    });
    const isSeen = (placed: PlacedChange): boolean =>
      tips.some((tip) => tip === placed || isAncestor(placed, tip));
    return this.#order.filter(isSeen).map(({ change }) => change);
  }

  #itemOf(placed: PlacedChange<Change>): HistoryItem<Change> {
    const { change, parents, stamp } = placed;
    const { hash } = change;
    const decoded = decodeChange(change.bytes, hash);
    const { actor, sequence, message } = decoded;
    const note = readChangeNote(message);
    const sets = this.#writesOf(decoded).map((write) => ({ path: pathOf(write), to: write.value }));
    const ranges = concurrentRanges(placed, this.#chains);
    const concurrentCount = ranges.reduce((count, { from, to }) => count + to - from, 0);
    const concurrentWith = (max = Number.POSITIVE_INFINITY): ChangeHash[] => this.#hashesIn(ranges, max);
    return { change, hash, parents, actor, sequence, note, stamp, sets, concurrentCount, concurrentWith };
  }

  #hashesIn(ranges: readonly ChainRange[], max: number): ChangeHash[] {
    const hashes: ChangeHash[] = [];
    for (const { chain, from, to } of ranges) {
      const end = Math.min(to, from + max - hashes.length);
      for (const { change } of this.#chains[chain]?.slice(from, end) ?? []) hashes.push(change.hash);
    }
    return hashes.sort();
  }

  #placeOf(cursor: HistoryCursor): number {
    const placed = this.#placed.get(cursor.hash);
    if (placed) return this.#order.indexOf(placed);
    const isOlder = (placed: PlacedChange): boolean =>
      byStamp(placed, { change: cursor, stamp: cursor.stamp }) < 0;
    return this.#order.findLastIndex(isOlder) + 1;
  }
}

/** Oldest first. @param changes All of the document, in any order. @throws UnacceptableChangeError */
export function historyOf(first: FirstChange, changes: readonly EncodedChange[]): HistoryItem[] {
  return new DocumentHistory(first, changes).all();
}
