/**
 * Version vector: for each origin, up to which sequence its entries are held without a gap.
 *
 * Every entry at or below it is held; nothing is said of what lies above. Merging takes the greater of each,
 * so it is commutative, associative and idempotent.
 */
import type { Origin, Position } from "./position.ts";

export type VersionVector = ReadonlyMap<Origin, number>;

/** What one vector has of an origin and another has not: `from` to `to`, both included. */
export interface MissingRange {
  readonly origin: Origin;
  readonly from: number;
  readonly to: number;
}

export function sequenceOf(vector: VersionVector, origin: Origin): number {
  return vector.get(origin) ?? 0;
}

export function holds(vector: VersionVector, { origin, sequence }: Position): boolean {
  return sequenceOf(vector, origin) >= sequence;
}

/** The least vector that holds what either of the two holds. */
export function mergeVectors(a: VersionVector, b: VersionVector): VersionVector {
  const merged = new Map(a);
  for (const [origin, sequence] of b) {
    if (sequence > sequenceOf(merged, origin)) merged.set(origin, sequence);
  }
  return merged;
}

/** What `theirs` holds and `ours` does not, one range an origin. */
export function missingFrom(ours: VersionVector, theirs: VersionVector): MissingRange[] {
  const missing: MissingRange[] = [];
  for (const [origin, to] of theirs) {
    const from = sequenceOf(ours, origin) + 1;
    if (from <= to) missing.push({ origin, from, to });
  }
  return missing;
}

/** How many entries `theirs` holds that `ours` does not. */
export function entriesBehind(ours: VersionVector, theirs: VersionVector): number {
  return missingFrom(ours, theirs).reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** Plain object with sorted keys, without empty origins: equal vectors give equal text. */
export function vectorToObject(vector: VersionVector): Record<Origin, number> {
  const entries = [...vector].filter(([, sequence]) => sequence > 0);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
