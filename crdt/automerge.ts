/**
 * The one module that touches Automerge. Everything else speaks of documents, changes, writes and heads.
 *
 * It uses functions that Automerge 3.5 marks as hidden (`encodeChange`, `decodeChange`, `getBackend`), because
 * they cost a tenth of the proxy API; `test/contract/automerge.test.ts` is what a new version has to pass.
 *
 * Invariants:
 * - every document begins with the fixed first change of its kind (ID3), so its nested maps are the same
 *   objects on all servers;
 * - strings are scalars, never collaborative text (PLY2);
 * - bytes are hashed before they are decoded: Automerge itself does not verify a change's checksum.
 */
import { createHash } from "node:crypto";
import {
  applyChanges,
  decodeChange as decode,
  encodeChange as encode,
  getBackend,
  init,
} from "@automerge/automerge";
import {
  type DocumentShape,
  type DocumentState,
  emptyRegisters,
  type Registers,
  type Scalar,
  type Write,
} from "./document.ts";
import { invariant, UnacceptableChangeError } from "./errors.ts";

/** SHA-256 of a change, 64 lower-case hexadecimal digits. */
export type ChangeHash = string;

/** 32 lower-case hexadecimal digits. */
export type Actor = string;

/** A change as it is stored and sent. */
export interface EncodedChange {
  readonly hash: ChangeHash;
  readonly bytes: Uint8Array;
}

/** A change that was verified and decoded. */
export interface DecodedChange extends EncodedChange {
  readonly actor: Actor;
  /** From 1, counted by the actor within the document. */
  readonly sequence: number;
  readonly parents: readonly ChangeHash[];
  readonly message: string;
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

/** The first change of a kind of document. */
export interface FirstChange extends EncodedChange {
  readonly shape: DocumentShape;
}

export interface ChangeHead {
  readonly actor: Actor;
  /** Milliseconds since 1970; advisory, decides nothing. */
  readonly timeMs: number;
  readonly message: string;
}

const ZERO_ACTOR: Actor = "0".repeat(32);
const ROOT = "_root";
/** Byte 8 of a chunk is its type; 1 is an uncompressed change, the only one accepted. */
const CHUNK_TYPE_AT = 8;
const CHUNK_TYPE_CHANGE = 1;
const CHUNK_BYTES_MIN = 12;
/** Bytes 4 to 7 repeat the first four of the hash. */
const CHECKSUM_AT = 4;
/** A registration has at most 6 + 64 operations; an 89-byte change can claim 200,000. */
const OPERATIONS_MAX = 1_000;
/** The registers `kind` and `schema` come before the maps in a first change. */
const FIRST_REGISTERS = 2;

/** Builds the first change of a kind: actor of zeroes, sequence 1, time 0, all maps made there (ID3). */
export function encodeFirstChange(shape: DocumentShape): FirstChange {
  const bytes = encode({
    actor: ZERO_ACTOR,
    author: null,
    seq: 1,
    startOp: 1,
    time: 0,
    message: null,
    deps: [],
    ops: [
      { action: "set", obj: ROOT, key: "kind", value: shape.kind, pred: [] },
      { action: "set", obj: ROOT, key: "schema", value: shape.schema, datatype: "int", pred: [] },
      ...shape.maps.map((key) => ({ action: "makeMap", obj: ROOT, key, pred: [] })),
    ],
  });
  return { shape, hash: changeHash(bytes), bytes };
}

/** The hash of a change: SHA-256 of its chunk from the type byte on. */
export function changeHash(bytes: Uint8Array): ChangeHash {
  return createHash("sha256").update(bytes.subarray(CHUNK_TYPE_AT)).digest("hex");
}

/**
 * Whether `encodeOntoFirst` keeps these writes exactly. Automerge's `encodeChange` reads its numbers from JSON
 * text and may miss a fraction by its last digit; a live document does not.
 */
export function fitsOntoFirst(writes: readonly Write[]): boolean {
  return writes.every(({ value }) => typeof value !== "number" || Number.isSafeInteger(value));
}

/**
 * Encodes the first edit of a document straight onto its first change, with no document at hand.
 * The writes must fit (`fitsOntoFirst`). Deletions make no sense there and are refused.
 */
export function encodeOntoFirst(
  first: FirstChange,
  head: ChangeHead,
  writes: readonly Write[],
): EncodedChange {
  const bytes = encode({
    actor: head.actor,
    author: null,
    seq: 1,
    startOp: FIRST_REGISTERS + first.shape.maps.length + 1,
    time: head.timeMs,
    message: head.message,
    deps: [first.hash],
    ops: writes.map(({ map, key, value }) => {
      invariant(value !== null, "nothing can be deleted from a document that has only its first change");
      const obj = objectId(first.shape, map);
      const operation = { action: "set", obj, key, value, pred: [] };
      if (typeof value !== "number") return operation;
      invariant(Number.isSafeInteger(value), "a fraction is not encoded without a document");
      return { ...operation, datatype: "int" };
    }),
  });
  return { hash: changeHash(bytes), bytes };
}

/**
 * Verifies and decodes a change that came from outside.
 * @throws UnacceptableChangeError when it is damaged, no change, or too large.
 */
export function decodeChange(bytes: Uint8Array, expectedHash: ChangeHash): DecodedChange {
  if (bytes.length < CHUNK_BYTES_MIN || bytes[CHUNK_TYPE_AT] !== CHUNK_TYPE_CHANGE) {
    throw new UnacceptableChangeError("not-a-change", "the bytes are no uncompressed change");
  }
  const hash = changeHash(bytes);
  if (hash !== expectedHash) {
    throw new UnacceptableChangeError("hash-mismatch", `the bytes hash to ${hash}, not to ${expectedHash}`);
  }
  if (checksum(bytes) !== hash.slice(0, 8)) {
    throw new UnacceptableChangeError("hash-mismatch", "the checksum in the bytes is not that of their hash");
  }
  const decoded = decodeVerified(bytes);
  if (decoded.ops.length > OPERATIONS_MAX) {
    throw new UnacceptableChangeError(
      "too-many-operations",
      `${decoded.ops.length} operations, at most ${OPERATIONS_MAX} are accepted`,
    );
  }
  return {
    hash,
    bytes,
    actor: decoded.actor,
    sequence: decoded.seq,
    parents: decoded.deps,
    message: decoded.message ?? "",
    operations: decoded.ops,
  };
}

/**
 * The state of a document made of its first change and this one alone, read from the operations; undefined
 * when the change is not that simple (other parents, deletions, nested objects) and needs a live document.
 */
export function stateOntoFirst(first: FirstChange, change: DecodedChange): DocumentState | undefined {
  const { actor, sequence, parents } = change;
  if (parents.length !== 1 || parents[0] !== first.hash || sequence !== 1 || actor === ZERO_ACTOR) {
    return undefined;
  }
  const { root, maps } = firstState(first.shape);
  const registersOf = new Map<string, Registers>([[ROOT, root]]);
  for (const name of first.shape.maps) registersOf.set(objectId(first.shape, name), maps[name] as Registers);
  for (const { action, obj, key, value, datatype, pred } of change.operations) {
    const registers = registersOf.get(obj);
    const scalar = toScalar(datatype, value);
    const plain = action === "set" && registers && scalar !== undefined && pred.length === 0;
    if (!plain || key in registers) return undefined;
    registers[key] = scalar;
  }
  return { root, maps };
}

/** The state of a document made of its first change and these writes onto it. */
export function stateOfWrites(first: FirstChange, writes: readonly Write[]): DocumentState {
  const state = firstState(first.shape);
  for (const { map, key, value } of writes) {
    const registers = map === null ? state.root : state.maps[map];
    invariant(registers && value !== null, "a first edit sets registers of the document's shape");
    registers[key] = withoutNegativeZero(value);
  }
  return state;
}

/** The heads of a document that holds nothing but its first change. */
export function isUntouched(first: FirstChange, heads: readonly ChangeHash[]): boolean {
  return heads.length === 1 && heads[0] === first.hash;
}

/**
 * A document in memory. It lives outside of JavaScript's heap and has to be freed.
 * Changes whose parents are missing wait inside and take effect when these come.
 */
export class LiveDocument {
  readonly #shape: DocumentShape;
  readonly #backend: Backend;

  private constructor(shape: DocumentShape, backend: Backend) {
    this.#shape = shape;
    this.#backend = backend;
  }

  /** The document that these changes make, in any order; its own edits will be `actor`'s. */
  static from(first: FirstChange, actor: Actor, changes: readonly Uint8Array[]): LiveDocument {
    const document = new LiveDocument(first.shape, firstDocument(first).clone(actor));
    document.apply(changes);
    return document;
  }

  /** All or nothing. @throws UnacceptableChangeError when Automerge refuses; the document is then unusable. */
  apply(changes: readonly Uint8Array[]): void {
    try {
      this.#backend.applyChanges([...changes]);
    } catch (error) {
      throw new UnacceptableChangeError("unappliable", "Automerge refused a change", { cause: error });
    }
  }

  /** Makes one change of these writes. They may not be empty. */
  edit(head: Omit<ChangeHead, "actor">, writes: readonly Write[]): EncodedChange {
    for (const { map, key, value } of writes) {
      const obj = objectId(this.#shape, map);
      if (value === null) this.#backend.delete(obj, key);
      else if (typeof value === "number") {
        this.#backend.put(obj, key, value, Number.isSafeInteger(value) ? "int" : "f64");
      } else this.#backend.put(obj, key, value, typeof value === "string" ? "str" : "boolean");
    }
    this.#backend.commit(head.message, head.timeMs);
    const bytes = this.#backend.getLastLocalChange();
    invariant(bytes, "an edit has at least one write");
    return { hash: changeHash(bytes), bytes };
  }

  /** The hashes of the changes that no other change follows, sorted. */
  heads(): ChangeHash[] {
    return this.#backend.getHeads().sort();
  }

  /** What the registers hold, read one by one by type: an object made of them all would hide `__proto__`. */
  state(): DocumentState {
    const maps: Record<string, Registers> = Object.create(null);
    for (const name of this.#shape.maps) maps[name] = this.#registers(objectId(this.#shape, name));
    return { root: this.#registers(ROOT), maps };
  }

  /** Everything needed to make it again: `load(save())` is what verification tries. */
  save(): Uint8Array {
    return this.#backend.save();
  }

  free(): void {
    this.#backend.free();
  }

  #registers(obj: string): Registers {
    const registers = emptyRegisters();
    for (const key of this.#backend.keys(obj)) {
      const [type, value] = this.#backend.getWithType(obj, key) ?? [];
      const scalar = toScalar(type, value);
      if (scalar !== undefined) registers[key] = scalar;
    }
    return registers;
  }
}

type Backend = ReturnType<typeof getBackend>;

const firstDocuments = new Map<ChangeHash, Backend>();

/** The document of a first change, made once and cloned from then on. */
function firstDocument(first: FirstChange): Backend {
  let backend = firstDocuments.get(first.hash);
  if (!backend) {
    const [document] = applyChanges(init<unknown>(), [first.bytes]);
    backend = getBackend(document);
    firstDocuments.set(first.hash, backend);
  }
  return backend;
}

function decodeVerified(bytes: Uint8Array): ReturnType<typeof decode> {
  try {
    return decode(bytes);
  } catch (error) {
    throw new UnacceptableChangeError("undecodable", "Automerge cannot decode the change", { cause: error });
  }
}

/** A map's object id is the id of the operation that made it, in the first change. */
function objectId(shape: DocumentShape, map: string | null): string {
  if (map === null) return ROOT;
  const index = shape.maps.indexOf(map);
  invariant(index >= 0, `documents of kind ${shape.kind} have no map ${map}`);
  return `${FIRST_REGISTERS + index + 1}@${ZERO_ACTOR}`;
}

function firstState(shape: DocumentShape): { root: Registers; maps: Record<string, Registers> } {
  const root = emptyRegisters();
  root.kind = shape.kind;
  root.schema = shape.schema;
  const maps: Record<string, Registers> = Object.create(null);
  for (const name of shape.maps) maps[name] = emptyRegisters();
  return { root, maps };
}

/**
 * The types that registers hold: as `getWithType` names them and as `decodeChange` does, which names none for
 * texts and booleans. Of all others, a counter and a timestamp would pass for numbers, an object for its id.
 */
const SCALAR_TYPES: ReadonlySet<string | undefined> = new Set([
  "str",
  "boolean",
  "int",
  "uint",
  "f64",
  "float64",
  undefined,
]);

/** Values of types that this version does not know are left alone in the document and not read (UNK1). */
function toScalar(type: string | undefined, value: unknown): Scalar | undefined {
  if (!SCALAR_TYPES.has(type)) return undefined;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  const number = Number(value);
  const isFloat = type === "f64" || type === "float64";
  const isExact = isFloat ? Number.isFinite(number) : Number.isSafeInteger(number);
  return isExact ? withoutNegativeZero(number) : undefined;
}

/** JSON and Automerge's integers have one zero. */
function withoutNegativeZero(value: Scalar): Scalar {
  return value === 0 ? 0 : value;
}

function checksum(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(CHECKSUM_AT, CHUNK_TYPE_AT)).toString("hex");
}
