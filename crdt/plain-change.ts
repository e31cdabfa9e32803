/**
 * The plain form of a change: what every registration is, and little else.
 *
 * It is its actor's first change of a document, follows one other change, and only sets registers: at the root or
 * in maps that the actor of zeroes made (ID3), to texts, finite numbers and booleans, nothing overwritten. Such a
 * change is encoded and decoded here in a fifth of the time that the way into WebAssembly and back takes, and to
 * the same bytes. Everything else is Automerge's: its encoder and decoder remain the rule, these two a short cut.
 *
 * Source of the format: https://automerge.org/automerge-binary-format-spec (Change Chunk, Operation Columns). In
 * the plain form a chunk is, in this order, with LEB128 numbers:
 *
 *     magic (4 bytes), checksum (4), chunk type (1), length of what follows
 *     number of parents = 1, parent (32); length of actor = 16, actor; sequence = 1; startOp; time; message
 *     other actors: 0, or 1 and the actor of zeroes if a map is written to
 *     number of columns that are not empty; of each its specification and length; the columns
 */
import { type Actor, type ChangeHash, type Operation, objectIdOf, ZERO_ACTOR } from "./change.ts";
import type { Scalar } from "./document.ts";

export interface PlainChange {
  readonly actor: Actor;
  /** The only one. */
  readonly parent: ChangeHash;
  /** The counter of the first operation, from 1. */
  readonly startOp: number;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly message: string;
  readonly writes: readonly PlainWrite[];
}

export interface PlainWrite {
  /** A map by the counter of the operation of the actor of zeroes that made it; the root is null. */
  readonly object: number | null;
  readonly key: string;
  /** An integer from -(2^53 - 1) to 2^53 - 1 is encoded as one, any other number as a float. */
  readonly value: Scalar;
}

/** Overwrites nothing. */
interface PlainOperation extends Operation {
  readonly value: Scalar;
  readonly pred: string[];
}

/** In hexadecimal digits. */
export const CHUNK_MAGIC = "856f4a83";
export const ACTOR_BYTES = 16;
export const HASH_BYTES = 32;

/** Columns by their specification: an id, and in the lowest four bits the type of their encoding. */
export const COLUMN = {
  /** Null at the root, else the index of the actor of zeroes: the change's own is 0, the other one 1. */
  objectActor: 0x01,
  /** Null at the root. */
  objectCounter: 0x02,
  key: 0x15,
  /** Booleans: the lengths of runs, of false first. */
  insert: 0x34,
  action: 0x42,
  /** Of each value its length in bytes and its type, in one number. */
  valueMeta: 0x56,
  value: 0x57,
  /** How many values an operation overwrites. */
  predecessors: 0x70,
} as const;

export const ACTION_SET = 1;
export const ZERO_ACTOR_INDEX = 1;

/** The types of values in the plain form; a boolean is its type alone. */
export const VALUE_TYPE = { false: 1, true: 2, int: 4, float64: 5, text: 6 } as const;
/** What a length is multiplied by in `valueMeta`, to leave room for the type. */
export const VALUE_TYPES = 16;

/** Half of a surrogate pair, which UTF-8 cannot hold. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Automerge reads counters of 32 bits; half of them are enough here. */
const COUNTER_MAX = 2 ** 31;

/** Whether all numbers of a change are such that the plain form can hold them. */
export function hasPlainNumbers({ startOp, timeMs, writes }: PlainChange): boolean {
  return (
    isCounter(startOp, COUNTER_MAX - writes.length) &&
    Number.isSafeInteger(timeMs) &&
    writes.every(
      ({ object, value }) =>
        (object === null || isCounter(object, startOp - 1)) &&
        (typeof value !== "number" || Number.isFinite(value)),
    )
  );
}

/** Whether all texts of a change are such that the plain form can hold them. */
export function hasPlainTexts({ actor, parent, message, writes }: PlainChange): boolean {
  return (
    /^[0-9a-f]{32}$/.test(actor) &&
    actor !== ZERO_ACTOR &&
    /^[0-9a-f]{64}$/.test(parent) &&
    isWellFormed(message) &&
    writes.every(({ key, value }) => isWellFormed(key) && (typeof value !== "string" || isWellFormed(value)))
  );
}

function isCounter(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}

function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** The operation that a write is, as Automerge decodes it: texts and booleans go without their type. */
export function operationOf({ object, key, value }: PlainWrite): PlainOperation {
  const obj = objectIdOf(object);
  if (typeof value !== "number") return { action: "set", obj, key, value, pred: [] };
  const datatype = Number.isSafeInteger(value) ? "int" : "float64";
  return { action: "set", obj, key, datatype, value, pred: [] };
}
