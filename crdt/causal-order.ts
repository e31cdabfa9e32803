/**
 * Which change knew of which: the changes of a document, parents first, each with what it takes to tell in one
 * comparison whether one of them is an ancestor of another.
 *
 * Changes are laid out on chains, in each of which every change is an ancestor of the next; a change then knows of a
 * chain by a number: how many of its changes it has seen. There are about as many chains as there were servers that
 * wrote at the same time, so a document written at one place has one, however long it is.
 *
 * Invariants:
 * - the order follows from the set of changes: of those whose parents all stand before them, the least by (stamp,
 *   hash) comes next;
 * - changes whose parents are missing have not taken effect (DOC3) and are left out, like the first change.
 */
import type { ChangeHash, LinkedChange } from "./change.ts";
import { stampOfMessage } from "./change-note.ts";
import type { FirstChange } from "./first-change.ts";
import { STAMP_ZERO, type Stamp } from "./hybrid-clock.ts";

export interface PlacedChange<Change extends LinkedChange = LinkedChange> {
  readonly change: Change;
  /** Of its note; the earliest of all when it has none that this version can read. */
  readonly stamp: Stamp;
  /** Sorted, without the first change. */
  readonly parents: readonly ChangeHash[];
  readonly chain: number;
  /** How many changes of its chain come before it. */
  readonly depth: number;
  /** Of each chain, how many of its changes are ancestors of this one; none where nothing is said. */
  readonly seen: readonly number[];
}

/** All changes of a document that took effect, each once, parents first. */
export function inCausalOrder<Change extends LinkedChange>(
  first: FirstChange,
  changes: readonly Change[],
): PlacedChange<Change>[] {
  const placed = new Map<ChangeHash, PlacedChange<Change>>();
  const chainLengths: number[] = [];
  for (const entry of parentsFirst(unplacedOf(first, changes))) {
    const seen = seenThrough(entry.parents.map((hash) => placed.get(hash) as PlacedChange<Change>));
    const free = seen.findIndex((count, chain) => count === chainLengths[chain]);
    const chain = free < 0 ? chainLengths.length : free;
    const depth = chainLengths[chain] ?? 0;
    chainLengths[chain] = depth + 1;
    const { change, stamp, parents } = entry;
    placed.set(change.hash, { change, stamp, parents, chain, depth, seen });
  }
  return [...placed.values()];
}

/** Whether `later` knew of `earlier`. */
export function isAncestor(earlier: PlacedChange, later: PlacedChange): boolean {
  return (later.seen[earlier.chain] ?? 0) > earlier.depth;
}

/** Places on one chain, from the first to before the last. */
export interface ChainRange {
  readonly chain: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The changes that neither knew of this one nor it of them, as a range of each chain that has any. `chains` has all
 * changes of the document by chain and depth; on each of them the ancestors come first, then these, then those that
 * knew of it.
 */
export function concurrentRanges(
  placed: PlacedChange,
  chains: readonly (readonly PlacedChange[])[],
): ChainRange[] {
  return chains.flatMap((changes, chain) => {
    if (chain === placed.chain) return [];
    const from = placed.seen[chain] ?? 0;
    let [known, to] = [from, changes.length];
    while (known < to) {
      const middle = (known + to) >>> 1;
      if (isAncestor(placed, changes[middle] as PlacedChange)) to = middle;
      else known = middle + 1;
    }
    return from < to ? [{ chain, from, to }] : [];
  });
}

/** By chain and depth. */
export function chainsOf<Change extends LinkedChange>(
  order: readonly PlacedChange<Change>[],
): PlacedChange<Change>[][] {
  const chains: PlacedChange<Change>[][] = [];
  for (const placed of order) {
    const chain = chains[placed.chain];
    if (chain) chain.push(placed);
    else chains[placed.chain] = [placed];
  }
  return chains;
}

/** By (stamp, hash): an order of all changes that servers agree on. */
export function byStamp(one: Stamped, other: Stamped): number {
  if (one.stamp !== other.stamp) return one.stamp < other.stamp ? -1 : 1;
  return one.change.hash < other.change.hash ? -1 : 1;
}

interface Stamped {
  readonly change: { readonly hash: ChangeHash };
  readonly stamp: Stamp;
}

interface Unplaced<Change extends LinkedChange = LinkedChange>
  extends Pick<PlacedChange<Change>, "change" | "stamp" | "parents"> {
  /** How many of its parents do not stand yet. */
  missing: number;
}

function unplacedOf<Change extends LinkedChange>(
  first: FirstChange,
  changes: readonly Change[],
): Map<ChangeHash, Unplaced<Change>> {
  const unplaced = new Map<ChangeHash, Unplaced<Change>>();
  for (const change of changes) {
    if (change.hash === first.hash || unplaced.has(change.hash)) continue;
    const parents = change.parents.filter((hash) => hash !== first.hash).sort();
    const stamp = stampOfMessage(change.message) ?? STAMP_ZERO;
    unplaced.set(change.hash, { change, stamp, parents, missing: parents.length });
  }
  return unplaced;
}

function* parentsFirst<Change extends LinkedChange>(
  changes: ReadonlyMap<ChangeHash, Unplaced<Change>>,
): Generator<Unplaced<Change>> {
  const children = new Map<ChangeHash, Unplaced<Change>[]>();
  /** The latest first, so that the next one to come is at the end. */
  const ready: Unplaced<Change>[] = [];
  for (const entry of changes.values()) {
    if (entry.parents.length === 0) insert(ready, entry);
    for (const parent of entry.parents) {
      const others = children.get(parent);
      if (others) others.push(entry);
      else children.set(parent, [entry]);
    }
  }
  for (let entry = ready.pop(); entry; entry = ready.pop()) {
    yield entry;
    for (const child of children.get(entry.change.hash) ?? []) {
      child.missing--;
      if (child.missing === 0) insert(ready, child);
    }
  }
}

/** Into a list that is sorted, the latest first. */
function insert<Change extends LinkedChange>(sorted: Unplaced<Change>[], entry: Unplaced<Change>): void {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (byStamp(sorted[middle] as Unplaced, entry) > 0) from = middle + 1;
    else to = middle;
  }
  sorted.splice(from, 0, entry);
}

/** What is known of each chain to whoever has seen these. */
function seenThrough([parent, ...others]: readonly PlacedChange[]): number[] {
  if (!parent) return [];
  // Most changes have one parent; a copy is a quarter of the work of counting up.
  const seen = [...parent.seen];
  raise(seen, parent.chain, parent.depth + 1);
  for (const other of others) {
    for (let chain = 0; chain < other.seen.length; chain++) raise(seen, chain, other.seen[chain] as number);
    raise(seen, other.chain, other.depth + 1);
  }
  return seen;
}

function raise(seen: number[], chain: number, count: number): void {
  while (seen.length <= chain) seen.push(0);
  if (count > (seen[chain] as number)) seen[chain] = count;
}
