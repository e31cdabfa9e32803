/** One order, on every server, of what several of them may have made at the same time (MAT3, HIS2). */
import type { Stamp } from "./hybrid-clock.ts";

export interface Stamped {
  readonly stamp: Stamp;
  readonly id: string;
}

/** By stamp, then by id; 0 only where both are equal. Stamps and ids are ASCII, so code units order them. */
export function byStampAndId(one: Stamped, other: Stamped): number {
  if (one.stamp !== other.stamp) return one.stamp < other.stamp ? -1 : 1;
  return one.id < other.id ? -1 : Number(one.id > other.id);
}
