/** Puts what has an extent into as few rows as it takes for nothing to lie on anything else. */

export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** The row of each, from 0; earlier ones come first. */
export function rowsOf(extents: readonly Extent[]): number[] {
  const ends: number[] = [];
  const rows = new Map<Extent, number>();
  for (const extent of [...extents].sort((one, other) => one.from - other.from)) {
    const free = ends.findIndex((end) => end <= extent.from);
    const row = free < 0 ? ends.length : free;
    ends[row] = extent.to;
    rows.set(extent, row);
  }
  return extents.map((extent) => rows.get(extent) ?? 0);
}
