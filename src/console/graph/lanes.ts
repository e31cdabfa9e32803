/**
 * Lays a history out in lanes, as logs of version control are drawn: one row a change, newest first, and lines down to
 * the changes that it knew of. A line runs down one lane, which is its parent's from the start; a lane is free again
 * below the change that ends it. Linear in changes and lines.
 */

export interface Linked {
  readonly hash: string;
  readonly parents: readonly string[];
}

/** From a change to one that it knew of: to the lane of that one at once, and then straight down. */
export interface Line {
  readonly fromRow: number;
  readonly fromLane: number;
  readonly lane: number;
  /** The row of the parent; one past the last where it is not shown. */
  readonly toRow: number;
}

export interface Layout {
  /** By row. */
  readonly lanes: readonly number[];
  readonly lines: readonly Line[];
  /** How many lanes there are. */
  readonly width: number;
}

/** @param changes Each before all that it knew of. */
export function laidOut(changes: readonly Linked[]): Layout {
  const rowOf = new Map(changes.map(({ hash }, row) => [hash, row]));
  const awaited = new Map<string, number>();
  const taken: boolean[] = [];
  const lanes: number[] = [];
  const lines: Line[] = [];
  const take = (): number => {
    const free = taken.indexOf(false);
    const lane = free < 0 ? taken.length : free;
    taken[lane] = true;
    return lane;
  };
  changes.forEach(({ hash, parents }, row) => {
    const fromLane = awaited.get(hash) ?? take();
    awaited.delete(hash);
    lanes.push(fromLane);
    taken[fromLane] = false;
    for (const parent of parents) {
      const lane = awaited.get(parent) ?? laneFor(taken, fromLane, take);
      awaited.set(parent, lane);
      lines.push({ fromRow: row, fromLane, lane, toRow: rowOf.get(parent) ?? changes.length });
    }
  });
  return { lanes, lines, width: taken.length };
}

/** The change's own, if no other line goes on in it. */
function laneFor(taken: boolean[], own: number, take: () => number): number {
  if (taken[own]) return take();
  taken[own] = true;
  return own;
}

/** The changes of these rows that no other of them knew of: what was there once all of them were. */
export function frontOf(changes: readonly Linked[], fromRow: number): string[] {
  const below = changes.slice(fromRow);
  const known = new Set(below.flatMap(({ parents }) => parents));
  return below.filter(({ hash }) => !known.has(hash)).map(({ hash }) => hash);
}
