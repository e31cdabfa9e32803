/**
 * Decodes changes of the plain form (`plain-change.ts`), and takes no others.
 *
 * Strict by construction: it reads only what tells one plain change from another, and then encodes what it has
 * read. If that gives the same bytes, all that it stepped over (numbers that are always the same, columns that
 * follow from others, the one right grouping of runs) was there, and nothing else was; if not, the change is
 * left to Automerge.
 */
import { ByteReader } from "./byte-reader.ts";
import { CHUNK_TYPE_AT, CHUNK_TYPE_CHANGE, ZERO_ACTOR } from "./change.ts";
import type { Scalar } from "./document.ts";
import {
  ACTOR_BYTES,
  CHUNK_MAGIC,
  COLUMN,
  HASH_BYTES,
  hasPlainNumbers,
  type PlainChange,
  type PlainWrite,
  VALUE_TYPE,
  VALUE_TYPES,
} from "./plain-change.ts";
import { unsealedChunk } from "./plain-change-encoder.ts";
import { readRuns } from "./runs.ts";

const CHUNK_MAGIC_BYTES = CHUNK_MAGIC.length / 2;
const CHECKSUM_BYTES = 4;
const COLUMNS_MAX = Object.keys(COLUMN).length;

/**
 * A change, or undefined when the bytes are not exactly what the encoder makes of one, with no more writes than
 * they have bytes. Never throws. Like Automerge's decoder it does not look at the checksum.
 */
export function decodePlainChange(bytes: Uint8Array): PlainChange | undefined {
  const change = readChange(bytes);
  return change && hasPlainNumbers(change) && isEncodingOf(change, bytes) ? change : undefined;
}

/** Whether the bytes are a chunk of this change, from its type on; the magic number was read. */
function isEncodingOf(change: PlainChange, bytes: Uint8Array): boolean {
  const chunk = unsealedChunk(change);
  return chunk.compare(bytes, CHUNK_TYPE_AT, bytes.length, CHUNK_TYPE_AT) === 0;
}

function readChange(bytes: Uint8Array): PlainChange | undefined {
  const reader = ByteReader.of(bytes);
  if (reader.hex(CHUNK_MAGIC_BYTES) !== CHUNK_MAGIC) return undefined;
  reader.skip(CHECKSUM_BYTES);
  if (reader.byte() !== CHUNK_TYPE_CHANGE) return undefined;
  reader.uleb();
  if (reader.uleb() !== 1) return undefined;
  const parent = reader.hex(HASH_BYTES);
  if (reader.uleb() !== ACTOR_BYTES) return undefined;
  const actor = reader.hex(ACTOR_BYTES);
  if (actor === ZERO_ACTOR) return undefined;
  if (reader.uleb() !== 1) return undefined;
  const startOp = reader.uleb();
  const timeMs = reader.leb();
  const message = reader.lengthAndText();
  const otherActors = reader.uleb();
  if (otherActors > 1) return undefined;
  if (otherActors === 1) reader.skip(reader.uleb());
  if (reader.hasFailed) return undefined;
  const writes = readWrites(reader, bytes.length);
  return writes && { actor, parent, startOp, timeMs, message, writes };
}

function readWrites(reader: ByteReader, countMax: number): PlainWrite[] | undefined {
  const columns = readColumns(reader);
  if (!columns) return undefined;
  const none = reader.part(0);
  const keys = readRuns(columns.get(COLUMN.key) ?? none, countMax, readText);
  const metas = readRuns(columns.get(COLUMN.valueMeta) ?? none, countMax, readUleb);
  const objects = readRuns(columns.get(COLUMN.objectCounter) ?? none, countMax, readUleb);
  if (!keys || !metas || !objects) return undefined;
  const values = columns.get(COLUMN.value) ?? none;
  const writes: PlainWrite[] = [];
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at];
    const value = readValue(values, metas[at] ?? 0);
    if (typeof key !== "string" || value === undefined) return undefined;
    writes.push({ object: objects[at] ?? null, key, value });
  }
  return writes;
}

/** By specification. */
function readColumns(reader: ByteReader): ReadonlyMap<number, ByteReader> | undefined {
  const count = reader.uleb();
  if (count > COLUMNS_MAX) return undefined;
  const table: number[] = [];
  for (let read = 0; read < count; read++) table.push(reader.uleb(), reader.uleb());
  const columns = new Map<number, ByteReader>();
  for (let at = 0; at < table.length; at += 2) {
    columns.set(table[at] as number, reader.part(table[at + 1] as number));
  }
  return reader.hasFailed ? undefined : columns;
}

/** `meta` is the value's length in bytes and its type. */
function readValue(values: ByteReader, meta: number): Scalar | undefined {
  const type = meta % VALUE_TYPES;
  const value = readScalar(values, type, (meta - type) / VALUE_TYPES);
  return values.hasFailed ? undefined : value;
}

function readScalar(values: ByteReader, type: number, bytes: number): Scalar | undefined {
  switch (type) {
    case VALUE_TYPE.false:
      return false;
    case VALUE_TYPE.true:
      return true;
    case VALUE_TYPE.int:
      return values.leb();
    case VALUE_TYPE.float64:
      return values.float64();
    case VALUE_TYPE.text:
      return values.text(bytes);
    default:
      return undefined;
  }
}

function readUleb(column: ByteReader): number {
  return column.uleb();
}

function readText(column: ByteReader): string {
  return column.lengthAndText();
}
