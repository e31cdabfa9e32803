/** Bytes worked out by hand from `array_recv` in PostgreSQL's arrayfuncs.c. */
import { describe, expect, it } from "vitest";
import { binaryArray, COLUMN } from "../../../src/storage/postgres/binary-array.ts";

/** Spaces are for the reader. */
function hex(text: string): string {
  return text.replaceAll(/\s/g, "");
}

/** One dimension, whether there are nulls, type, so many elements, counted from 1. */
function head(nulls: string, type: string, length: string): string {
  return `00000001 ${nulls} ${type} ${length} 00000001`;
}

describe("binary array", () => {
  it("of nothing is a dimension of no elements", () => {
    expect(binaryArray(COLUMN.text, []).toString("hex")).toBe(hex(head("00000000", "00000019", "00000000")));
  });

  it("writes each element after its length, and null as a length of -1", () => {
    expect(binaryArray(COLUMN.text, ["a", null, "é😀", ""]).toString("hex")).toBe(
      hex(`${head("00000001", "00000019", "00000004")}
        00000001 61
        ffffffff
        00000006 c3a9 f09f9880
        00000000`),
    );
  });

  it("writes a UUID as its 16 bytes, with or without hyphens", () => {
    const bytes = "00000010 0123456789abcdef0123456789abcdef";
    expect(
      binaryArray(COLUMN.uuid, [
        "01234567-89ab-cdef-0123-456789abcdef",
        "0123456789abcdef0123456789abcdef",
      ]).toString("hex"),
    ).toBe(hex(`${head("00000000", "00000b86", "00000002")} ${bytes} ${bytes}`));
  });

  it("writes bytes as they are, given as bytes or in hexadecimal", () => {
    const expected = hex(`${head("00000000", "00000011", "00000001")} 00000003 00ff80`);
    expect(binaryArray(COLUMN.bytea, [Uint8Array.of(0, 255, 128)]).toString("hex")).toBe(expected);
    expect(binaryArray(COLUMN.hex, ["00ff80"]).toString("hex")).toBe(expected);
  });

  it("writes a view into a larger buffer without the rest of it", () => {
    const view = new Uint8Array([9, 9, 1, 2, 9]).subarray(2, 4);
    const expected = hex(`${head("00000000", "00000011", "00000001")} 00000002 0102`);
    expect(binaryArray(COLUMN.bytea, [view]).toString("hex")).toBe(expected);
  });

  it("writes whole numbers big-endian, in two's complement, to 2^53", () => {
    expect(binaryArray(COLUMN.int2, [1, -1, 32_767]).toString("hex")).toBe(
      hex(`${head("00000000", "00000015", "00000003")} 00000002 0001 00000002 ffff 00000002 7fff`),
    );
    expect(binaryArray(COLUMN.int8, [258, -2, 2 ** 53 - 1]).toString("hex")).toBe(
      hex(`${head("00000000", "00000014", "00000003")}
        00000008 0000000000000102
        00000008 fffffffffffffffe
        00000008 001fffffffffffff`),
    );
  });

  it("writes JSON as text after the version of its format", () => {
    expect(binaryArray(COLUMN.jsonb, [["é"], null, {}]).toString("hex")).toBe(
      hex(`${head("00000001", "00000eda", "00000003")}
        00000007 01 5b22c3a9225d
        ffffffff
        00000003 01 7b7d`),
    );
  });
});

it.each(["0g", "abc", "0x12", "00000000-0000-8000-8000-00000000000"])("of ids has none that is %j", (id) => {
  expect(() => binaryArray(COLUMN.uuid, [id])).toThrow(/hexadecimal/);
});
