/**
 * The run-length encoding of Automerge's columns, both ways.
 *
 * Source: https://automerge.org/automerge-binary-format-spec (Run Length Encoding). A column is a row of
 *
 *     n > 0, value           the value n times
 *     0, n                   null n times
 *     -n, value, …, value    n values, each unlike its neighbours
 *
 * The specification leaves open how values are grouped. Automerge takes every repeated value, be it twice, as a
 * run, everything between as one row of singles, and leaves a column of nothing but nulls empty.
 */
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Writes a column as Automerge does. */
export function writeRuns<T>(
  out: ByteWriter,
  values: readonly (T | null)[],
  writeValue: (out: ByteWriter, value: T) => void,
): void {
  if (values.every((value) => value === null)) return;
  for (let at = 0; at < values.length; ) {
    const value = values[at] as T | null;
    const end = endOfRun(values, at);
    if (value === null) {
      out.leb(0);
      out.uleb(end - at);
      at = end;
    } else if (end - at > 1) {
      out.leb(end - at);
      writeValue(out, value);
      at = end;
    } else {
      const endOfAll = endOfSingles(values, at);
      out.leb(at - endOfAll);
      for (; at < endOfAll; at++) writeValue(out, values[at] as T);
    }
  }
}

/** Writes a column that holds one value throughout. */
export function writeRun(out: ByteWriter, value: number, count: number): void {
  if (count === 0) return;
  out.leb(count === 1 ? -1 : count);
  out.uleb(value);
}

/**
 * Reads a column to its end. Undefined when it is broken or has more than `countMax` values: five bytes can claim
 * a billion. It takes groupings that Automerge would not write.
 */
export function readRuns<T>(
  column: ByteReader,
  countMax: number,
  readValue: (column: ByteReader) => T,
): (T | null)[] | undefined {
  const values: (T | null)[] = [];
  while (!column.isAtEnd) {
    const head = column.leb();
    const count = head === 0 ? column.uleb() : Math.abs(head);
    if (column.hasFailed || count > countMax - values.length) return undefined;
    if (head < 0) {
      for (let read = 0; read < count && !column.hasFailed; read++) values.push(readValue(column));
    } else {
      const value = head === 0 ? null : readValue(column);
      for (let copy = 0; copy < count; copy++) values.push(value);
    }
    if (column.hasFailed) return undefined;
  }
  return values;
}

/** Where the values equal to that at `start` end. */
function endOfRun(values: readonly unknown[], start: number): number {
  let end = start + 1;
  while (end < values.length && values[end] === values[start]) end++;
  return end;
}

/** Where the values from `start` on end that are neither null nor repeated. */
function endOfSingles(values: readonly unknown[], start: number): number {
  let end = start + 1;
  while (end < values.length && values[end] !== null && values[end] !== values[end + 1]) end++;
  return end;
}
