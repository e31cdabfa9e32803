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
import type { ChangeHash, ChangeLinks, NamedChange } from "./change.ts";
import { stampOfMessage } from "./change-note.ts";
import type { FirstChange } from "./first-change.ts";
import { STAMP_ZERO, type Stamp } from "./hybrid-clock.ts";

export interface PlacedChange<Change extends NamedChange = NamedChange> {
  readonly change: Change;
  /** Of its note; the earliest of all when it has none that this version can read. */
  readonly stamp: Stamp;
  /** Sorted, without the first change. */
  readonly parents: readonly ChangeHash[];
  readonly chain: number;
  /** How many changes of its chain come before it. */
  readonly depth: number;
  /** Of each other chain, how many of its changes are ancestors of this one; none where nothing is said. */
  readonly seen: readonly number[];
}

/** All changes of a document that took effect, each once, parents first. */
export function inCausalOrder<Change extends NamedChange>(
  first: FirstChange,
  changes: readonly Change[],
  linksOf: (change: Change) => ChangeLinks,
): ReadonlyMap<ChangeHash, PlacedChange<Change>> {
  const placing = new Placing<Change>();
  for (const change of byStampOnce(first, changes, linksOf)) placing.add(change);
  return placing.placed;
}

/** Whether `later` knew of `earlier`. */
export function isAncestor(earlier: PlacedChange, later: PlacedChange): boolean {
  if (earlier.chain === later.chain) return earlier.depth < later.depth;
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
export function chainsOf<Change extends NamedChange>(
  order: Iterable<PlacedChange<Change>>,
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
  if (one.change.hash === other.change.hash) return 0;
  return one.change.hash < other.change.hash ? -1 : 1;
}

interface Stamped {
  readonly change: { readonly hash: ChangeHash };
  readonly stamp: Stamp;
}

type Unplaced<Change extends NamedChange> = Pick<PlacedChange<Change>, "change" | "stamp" | "parents">;

/** Each once, without the first change, the least by (stamp, hash) first. */
function byStampOnce<Change extends NamedChange>(
  first: FirstChange,
  changes: readonly Change[],
  linksOf: (change: Change) => ChangeLinks,
): Unplaced<Change>[] {
  const sorted = changes
    .map((change) => {
      const { parents, message } = linksOf(change);
      return {
        change,
        stamp: stampOfMessage(message) ?? STAMP_ZERO,
        parents: parents.filter((hash) => hash !== first.hash).sort(),
      };
    })
    .sort(byStamp);
  return sorted.filter(
    ({ change: { hash } }, index) => hash !== first.hash && hash !== sorted[index - 1]?.change.hash,
  );
}

/**
 * Takes changes by (stamp, hash) and places each that has its parents. Nearly all have, as clocks give a child a later
 * stamp; what comes before a parent waits, and is placed next after it, being less than all that are still to come.
 */
class Placing<Change extends NamedChange> {
  /** In their order. */
  readonly placed = new Map<ChangeHash, PlacedChange<Change>>();
  readonly #chainLengths: number[] = [];
  /** By one of the parents that each lacks. */
  readonly #waiting = new Map<ChangeHash, Unplaced<Change>[]>();

  add(change: Unplaced<Change>): void {
    /** The latest first, so that the next one to come is at the end. */
    const next = [change];
    for (let least = next.pop(); least; least = next.pop()) {
      const lacking = least.parents.find((hash) => !this.placed.has(hash));
      if (lacking !== undefined) {
        this.#wait(least, lacking);
        continue;
      }
      this.#place(least);
      for (const released of this.#waiting.get(least.change.hash) ?? []) insert(next, released);
      this.#waiting.delete(least.change.hash);
    }
  }

  #wait(change: Unplaced<Change>, parent: ChangeHash): void {
    const others = this.#waiting.get(parent);
    if (others) others.push(change);
    else this.#waiting.set(parent, [change]);
  }

  #place({ change, stamp, parents }: Unplaced<Change>): void {
    const known = parents.map((hash) => this.placed.get(hash) as PlacedChange<Change>);
    const placed = { change, stamp, parents, ...this.#spotAfter(known) };
    this.#chainLengths[placed.chain] = placed.depth + 1;
    this.placed.set(change.hash, placed);
  }

  /** On a chain of which all is known; a new one, if there is none. */
  #spotAfter(parents: readonly PlacedChange[]): Spot {
    const lengths = this.#chainLengths;
    const [parent] = parents;
    if (parents.length === 1 && parent && parent.depth + 1 === lengths[parent.chain]) {
      return { chain: parent.chain, depth: parent.depth + 1, seen: parent.seen };
    }
    const seen = seenThrough(parents);
    const known = seen.findIndex((count, chain) => count === lengths[chain]);
    const chain = known < 0 ? lengths.length : known;
    return { chain, depth: lengths[chain] ?? 0, seen };
  }
}

/** Into a list that is sorted, the latest first. */
function insert<Change extends NamedChange>(sorted: Unplaced<Change>[], change: Unplaced<Change>): void {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (byStamp(sorted[middle] as Unplaced<Change>, change) > 0) from = middle + 1;
    else to = middle;
  }
  sorted.splice(from, 0, change);
}

type Spot = Pick<PlacedChange, "chain" | "depth" | "seen">;

/** What is known of each chain to whoever knows of these. */
function seenThrough(parents: readonly PlacedChange[]): number[] {
  const seen: number[] = [];
  for (const parent of parents) {
    for (let chain = 0; chain < parent.seen.length; chain++) raise(seen, chain, parent.seen[chain] as number);
    raise(seen, parent.chain, parent.depth + 1);
  }
  return seen;
}

function raise(seen: number[], chain: number, count: number): void {
  while (seen.length <= chain) seen.push(0);
  if (count > (seen[chain] as number)) seen[chain] = count;
}
