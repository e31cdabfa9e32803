/** Numbers, texts and runs of the binary format, and what becomes of bytes that do not hold what is asked of them. */
import { describe, expect, it } from "vitest";
import { ByteReader } from "../../../crdt/byte-reader.ts";
import { ByteWriter } from "../../../crdt/byte-writer.ts";
import { InvariantError } from "../../../crdt/errors.ts";
import { readRuns, writeRuns } from "../../../crdt/runs.ts";

function written(write: (out: ByteWriter) => void): number[] {
  const out = new ByteWriter();
  write(out);
  return [...out.view()];
}

/** What was read, and whether it can be believed. */
function read<T>(bytes: readonly number[], from: (reader: ByteReader) => T): [T, "read" | "failed"] {
  const reader = ByteReader.of(Uint8Array.from(bytes));
  const value = from(reader);
  return [value, reader.hasFailed ? "failed" : "read"];
}

const uleb = (reader: ByteReader): number => reader.uleb();
const leb = (reader: ByteReader): number => reader.leb();
const [MAX, MIN] = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

describe("bytes", () => {
  it.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 1]],
    [16_384, [0x80, 0x80, 1]],
    [MAX, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("[CHG1] the unsigned number %i", (value, bytes) => {
    expect(written((out) => out.uleb(value))).toEqual(bytes);
    expect(read(bytes, uleb)).toEqual([value, "read"]);
  });

  it.each([
    [0, [0]],
    [63, [0x3f]],
    [64, [0xc0, 0]],
    [-1, [0x7f]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [MAX, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    [MIN, [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x70]],
  ])("[CHG1] the signed number %i", (value, bytes) => {
    expect(written((out) => out.leb(value))).toEqual(bytes);
    expect(read(bytes, leb)).toEqual([value, "read"]);
  });

  it.each([
    ["2^53", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ["a number of nine bytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]],
    ["a number that does not end", [0x80]],
    ["nothing", []],
  ])("[CHG1] %s is not read as a number", (_, bytes) => {
    expect(read(bytes, uleb)).toEqual([0, "failed"]);
    expect(read(bytes, leb)).toEqual([0, "failed"]);
  });

  it.each([
    ["16 bits", (out: ByteWriter) => out.int16(-2), [0xff, 0xfe]],
    ["32 bits", (out: ByteWriter) => out.int32(-2), [0xff, 0xff, 0xff, 0xfe]],
    ["64 bits", (out: ByteWriter) => out.int64(2 ** 32 + 1), [0, 0, 0, 1, 0, 0, 0, 1]],
    ["64 bits below zero", (out: ByteWriter) => out.int64(-1), Array(8).fill(0xff)],
    ["64 bits of the least", (out: ByteWriter) => out.int64(MIN), [0xff, 0xe0, 0, 0, 0, 0, 0, 1]],
    ["a fraction", (out: ByteWriter) => out.double(-2.5), [0xc0, 4, 0, 0, 0, 0, 0, 0]],
  ] as const)("a number of %s has its highest byte first", (_, write, bytes) => {
    expect(written(write)).toEqual(bytes);
  });

  it("a length can be written once what it is of has been", () => {
    const bytes = written((out) => {
      out.int32(0);
      out.bytes(Uint8Array.of(7, 8));
      out.int32At(0, out.length - 4);
    });
    expect(bytes).toEqual([0, 0, 0, 2, 7, 8]);
  });

  it.each([
    ["0aFf", [0x0a, 0xff]],
    ["01-23", [0x01, 0x23]],
    ["", []],
  ])("hexadecimal digits %s", (digits, bytes) => {
    expect(written((out) => out.hex(digits))).toEqual(bytes);
  });

  it.each(["01zz45", "012", "01é3"])("no hexadecimal digits are %s", (digits) => {
    expect(() => written((out) => out.hex(digits))).toThrow(InvariantError);
  });

  it("[CHG1] nothing is read beyond the end, of the whole or of a part", () => {
    const bytes = [0x61, 0x62, 0x63];
    expect(read(bytes, (reader) => reader.text(3))).toEqual(["abc", "read"]);
    expect(read(bytes, (reader) => reader.text(4))).toEqual(["", "failed"]);
    expect(read(bytes, (reader) => reader.hex(4))).toEqual(["", "failed"]);
    expect(read(bytes, (reader) => reader.float64())).toEqual([0, "failed"]);
    expect(read(bytes, (reader) => reader.part(4).isAtEnd)).toEqual([true, "failed"]);
    const part = ByteReader.of(Uint8Array.from(bytes)).part(2);
    expect([part.text(2), part.isAtEnd, part.hasFailed]).toEqual(["ab", true, false]);
    expect([part.byte(), part.hasFailed]).toEqual([0, true]);
  });

  it("[CHG1] runs are those of the specification's example", () => {
    const values = [0, 0, 0, null, null, 1, 2, 3];
    const bytes = [0x03, 0x00, 0x00, 0x02, 0x7d, 0x01, 0x02, 0x03];
    expect(written((out) => writeRuns(out, values, (to, value) => to.uleb(value)))).toEqual(bytes);
    expect(read(bytes, (column) => readRuns(column, 8, uleb))).toEqual([values, "read"]);
  });

  it("[CHG1] runs of more values than are allowed, or that break off, are not read", () => {
    expect(readRuns(ByteReader.of(Uint8Array.from([4, 1])), 3, uleb)).toBeUndefined();
    expect(readRuns(ByteReader.of(Uint8Array.from([0, 4])), 3, uleb)).toBeUndefined();
    expect(readRuns(ByteReader.of(Uint8Array.from([2, 1, 0x7e, 1, 2])), 3, uleb)).toBeUndefined();
    expect(readRuns(ByteReader.of(Uint8Array.from([0x7d, 1, 2])), 3, uleb)).toBeUndefined();
    expect(readRuns(ByteReader.of(Uint8Array.from([2])), 3, uleb)).toBeUndefined();
    expect(readRuns(ByteReader.of(Uint8Array.from([])), 3, uleb)).toEqual([]);
  });
});
