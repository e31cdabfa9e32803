/**
 * One-dimensional arrays in PostgreSQL's binary format, to hand whole columns to `unnest` in one parameter.
 * A tenth of the cost of the text format, where every byte of a bytea becomes an escaped pair of digits.
 * Format: `array_recv` in PostgreSQL's src/backend/utils/adt/arrayfuncs.c.
 */

/** How the elements of an array are written. */
export interface ElementType<T> {
  /** The object id in pg_type, and the name that belongs to it. */
  readonly oid: number;
  readonly sql: string;
  readonly encode: (value: T) => Uint8Array;
}

export const COLUMN = {
  uuid: { oid: 2950, sql: "uuid", encode: (uuid: string) => Buffer.from(uuid.replaceAll("-", ""), "hex") },
  text: { oid: 25, sql: "text", encode: (text: string) => Buffer.from(text, "utf8") },
  bytea: { oid: 17, sql: "bytea", encode: (bytes: Uint8Array) => bytes },
  hex: { oid: 17, sql: "bytea", encode: (hex: string) => Buffer.from(hex, "hex") },
  bool: { oid: 16, sql: "bool", encode: (value: boolean) => Buffer.of(value ? 1 : 0) },
  int2: { oid: 21, sql: "int2", encode: int2 },
  int8: { oid: 20, sql: "int8", encode: int8 },
  float8: { oid: 701, sql: "float8", encode: float8 },
  jsonb: { oid: 3802, sql: "jsonb", encode: jsonb },
} as const;

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/** Null stands for SQL's null. pg sends a Buffer as a parameter in binary format. */
export function binaryArray<T>(column: ElementType<T>, values: readonly (T | null)[]): Buffer {
  const items = values.map((value) => (value === null ? null : column.encode(value)));
  const bytes = items.reduce((sum, item) => sum + LENGTH_BYTES + (item?.byteLength ?? 0), HEADER_BYTES);
  const array = Buffer.allocUnsafe(bytes);
  let at = array.writeInt32BE(1, 0);
  at = array.writeInt32BE(items.includes(null) ? 1 : 0, at);
  at = array.writeInt32BE(column.oid, at);
  at = array.writeInt32BE(items.length, at);
  at = array.writeInt32BE(1, at);
  for (const item of items) {
    at = array.writeInt32BE(item?.byteLength ?? NULL_LENGTH, at);
    if (!item) continue;
    array.set(item, at);
    at += item.byteLength;
  }
  return array;
}

function int2(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int8(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function float8(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

/** The version of the format, and the text (`jsonb_recv` in jsonb.c). Keys lose their order. */
function jsonb(value: unknown): Uint8Array {
  return Buffer.from(`\u0001${JSON.stringify(value)}`, "utf8");
}
