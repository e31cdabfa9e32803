/**
 * Encodes changes of the plain form (`plain-change.ts`) to the bytes that Automerge gives them.
 *
 * The columns come after a table of their lengths, so they are written aside first, and the values after what
 * describes them, so these are written aside before. The writers are shared by all calls: none outlives one.
 */
import { ByteWriter } from "./byte-writer.ts";
import { CHUNK_TYPE_CHANGE, type EncodedChange, sealChunk, ZERO_ACTOR } from "./change.ts";
import type { Scalar } from "./document.ts";
import {
  ACTION_SET,
  ACTOR_BYTES,
  CHUNK_MAGIC,
  COLUMN,
  hasPlainNumbers,
  hasPlainTexts,
  type PlainChange,
  type PlainWrite,
  VALUE_TYPE,
  VALUE_TYPES,
  ZERO_ACTOR_INDEX,
} from "./plain-change.ts";
import { writeRun, writeRuns } from "./runs.ts";

/** What comes before the type of a chunk, with no checksum yet. */
const UNSEALED = `${CHUNK_MAGIC}00000000`;

/** Columns, one after another, and the table of them that precedes them. */
class ColumnWriter {
  readonly out = new ByteWriter();
  readonly #table: { readonly specification: number; readonly bytes: number }[] = [];
  #start = 0;

  clear(): void {
    this.out.clear();
    this.#table.length = 0;
    this.#start = 0;
  }

  /** Makes a column of what came `out` since the last one; nothing makes none. */
  end(specification: number): void {
    const bytes = this.out.length - this.#start;
    if (bytes > 0) this.#table.push({ specification, bytes });
    this.#start = this.out.length;
  }

  appendTo(out: ByteWriter): void {
    out.uleb(this.#table.length);
    for (const { specification, bytes } of this.#table) {
      out.uleb(specification);
      out.uleb(bytes);
    }
    out.append(this.out);
  }
}

const chunk = new ByteWriter();
const contents = new ByteWriter();
const columns = new ColumnWriter();
const values = new ByteWriter();

/** The bytes and hash of a change; undefined when it does not fit the plain form. */
export function encodePlainChange(change: PlainChange): EncodedChange | undefined {
  if (!hasPlainNumbers(change) || !hasPlainTexts(change)) return undefined;
  const bytes = new Uint8Array(unsealedChunk(change));
  return { hash: sealChunk(bytes), bytes };
}

/** The chunk of a change that fits, with its checksum left zero: a view, overwritten by the next call. */
export function unsealedChunk(change: PlainChange): Buffer {
  writeContents(change);
  chunk.clear();
  chunk.hex(UNSEALED);
  chunk.byte(CHUNK_TYPE_CHANGE);
  chunk.uleb(contents.length);
  chunk.append(contents);
  return chunk.view();
}

function writeContents({ actor, parent, startOp, timeMs, message, writes }: PlainChange): void {
  contents.clear();
  contents.uleb(1);
  contents.hex(parent);
  contents.uleb(ACTOR_BYTES);
  contents.hex(actor);
  contents.uleb(1);
  contents.uleb(startOp);
  contents.leb(timeMs);
  contents.lengthAndText(message);
  if (writes.every(({ object }) => object === null)) contents.uleb(0);
  else {
    contents.uleb(1);
    contents.uleb(ACTOR_BYTES);
    contents.hex(ZERO_ACTOR);
  }
  writeColumns(writes);
}

/** The table of columns and the columns, in the order of their specifications. */
function writeColumns(writes: readonly PlainWrite[]): void {
  const { out } = columns;
  columns.clear();
  values.clear();
  writeRuns(out, writes.map(objectActorOf), writeUleb);
  columns.end(COLUMN.objectActor);
  writeRuns(out, writes.map(objectOf), writeUleb);
  columns.end(COLUMN.objectCounter);
  writeRuns(out, writes.map(keyOf), writeText);
  columns.end(COLUMN.key);
  if (writes.length > 0) out.uleb(writes.length);
  columns.end(COLUMN.insert);
  writeRun(out, ACTION_SET, writes.length);
  columns.end(COLUMN.action);
  writeRuns(out, writes.map(writeValue), writeUleb);
  columns.end(COLUMN.valueMeta);
  out.append(values);
  columns.end(COLUMN.value);
  writeRun(out, 0, writes.length);
  columns.end(COLUMN.predecessors);
  columns.appendTo(contents);
}

/** Writes a value aside and gives what describes it. */
function writeValue({ value }: PlainWrite): number {
  const start = values.length;
  const type = writeScalar(value);
  return (values.length - start) * VALUE_TYPES + type;
}

function writeScalar(value: Scalar): number {
  if (typeof value === "string") {
    values.text(value);
    return VALUE_TYPE.text;
  }
  if (typeof value === "boolean") return value ? VALUE_TYPE.true : VALUE_TYPE.false;
  if (Number.isSafeInteger(value)) {
    values.leb(value);
    return VALUE_TYPE.int;
  }
  values.float64(value);
  return VALUE_TYPE.float64;
}

function objectActorOf({ object }: PlainWrite): number | null {
  return object === null ? null : ZERO_ACTOR_INDEX;
}

function objectOf({ object }: PlainWrite): number | null {
  return object;
}

function keyOf({ key }: PlainWrite): string {
  return key;
}

function writeUleb(out: ByteWriter, value: number): void {
  out.uleb(value);
}

function writeText(out: ByteWriter, text: string): void {
  out.lengthAndText(text);
}
