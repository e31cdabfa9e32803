/**
 * A change as everything knows it: its actor, parents and operations, its bytes, and the hash that names it.
 *
 * Its bytes are one chunk of Automerge's binary format (https://automerge.org/automerge-binary-format-spec,
 * Chunks): four magic bytes, four of checksum, and from byte 8 on what is hashed, the chunk's type first (CHG1).
 */
import { hash } from "node:crypto";
import { UnacceptableChangeError } from "./errors.ts";

/** SHA-256 of a change, 64 lower-case hexadecimal digits. */
export type ChangeHash = string;

const CHANGE_HASH = /^[0-9a-f]{64}$/;

export function isChangeHash(text: string): text is ChangeHash {
  return CHANGE_HASH.test(text);
}

/** 32 lower-case hexadecimal digits. */
export type Actor = string;

export interface NamedChange {
  readonly hash: ChangeHash;
}

/** A change as it is stored and sent. */
export interface EncodedChange extends NamedChange {
  readonly bytes: Uint8Array;
}

/** Onto what a change was made, and what it says of itself. */
export interface ChangeLinks {
  readonly parents: readonly ChangeHash[];
  readonly message: string;
}

/** A change that was verified and decoded. */
export interface DecodedChange extends EncodedChange, ChangeLinks {
  readonly actor: Actor;
  /** From 1, counted by the actor within the document. */
  readonly sequence: number;
  /** The counter of the first operation; they are counted on from it, and `<counter>@<actor>` is the id of one. */
  readonly startOp: number;
  readonly operations: readonly Operation[];
}

/** An operation as Automerge decodes it. */
export interface Operation {
  readonly action: string;
  readonly obj: string;
  readonly key: string;
  /** Of a number: `int`, `uint`, `float64`, or one that no register holds (`counter`, `timestamp`). */
  readonly datatype?: string;
  readonly value?: unknown;
  readonly pred: readonly string[];
}

export interface ChangeHead {
  readonly actor: Actor;
  /** Milliseconds since 1970; advisory, decides nothing. */
  readonly timeMs: number;
  readonly message: string;
}

/** The actor of all first changes (ID3). */
export const ZERO_ACTOR: Actor = "0".repeat(32);

/** The id of the object that a document is. */
export const ROOT = "_root";

/** Bytes 4 to 7 repeat the first four of the hash. */
const CHECKSUM_AT = 4;
const CHECKSUM_DIGITS = 8;
/** Byte 8 of a chunk is its type; 1 is an uncompressed change, the only one accepted. */
export const CHUNK_TYPE_AT = 8;
export const CHUNK_TYPE_CHANGE = 1;
const CHUNK_BYTES_MIN = 12;

/** The id of the map that the actor of zeroes made with its operation of this counter; null gives the root's. */
export function objectIdOf(counter: number | null): string {
  return counter === null ? ROOT : `${counter}@${ZERO_ACTOR}`;
}

/** The hash of a change: SHA-256 of its chunk from the type byte on. */
export function changeHash(bytes: Uint8Array): ChangeHash {
  return hash("sha256", bytes.subarray(CHUNK_TYPE_AT), "hex");
}

/** Writes the checksum of a whole chunk into it, and gives its hash. */
export function sealChunk(bytes: Uint8Array): ChangeHash {
  const hash = changeHash(bytes);
  bytes.set(Buffer.from(hash.slice(0, CHECKSUM_DIGITS), "hex"), CHECKSUM_AT);
  return hash;
}

/**
 * Makes sure that bytes are a change of this hash, as far as can be told without decoding them.
 * @throws UnacceptableChangeError when they are damaged or no change.
 */
export function verifyChunk(bytes: Uint8Array, expectedHash: ChangeHash): void {
  if (bytes.length < CHUNK_BYTES_MIN || bytes[CHUNK_TYPE_AT] !== CHUNK_TYPE_CHANGE) {
    throw new UnacceptableChangeError("not-a-change", "the bytes are no uncompressed change");
  }
  const hash = changeHash(bytes);
  if (hash !== expectedHash) {
    throw new UnacceptableChangeError("hash-mismatch", `the bytes hash to ${hash}, not to ${expectedHash}`);
  }
  const checksum = Buffer.from(bytes.subarray(CHECKSUM_AT, CHUNK_TYPE_AT)).toString("hex");
  if (checksum !== hash.slice(0, CHECKSUM_DIGITS)) {
    throw new UnacceptableChangeError("hash-mismatch", "the checksum in the bytes is not that of their hash");
  }
}
