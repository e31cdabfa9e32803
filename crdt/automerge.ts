/**
 * The one module that touches Automerge. Everything else speaks of documents, changes, writes and heads.
 *
 * It uses functions that Automerge 3.5 marks as hidden (`encodeChange`, `decodeChange`, `getBackend`), because
 * they cost a tenth of the proxy API; `test/contract/automerge.test.ts` is what a new version has to pass. Where
 * even these are dear, at a registration, `plain-change.ts` goes around them.
 *
 * Invariants:
 * - every document begins with the fixed first change of its kind (ID3), so its nested maps are the same
 *   objects on all servers;
 * - strings are scalars, never collaborative text (PLY2);
 * - bytes are hashed before they are decoded: Automerge itself does not verify a change's checksum.
 */
import {
  applyChanges,
  decodeChange as decode,
  encodeChange as encode,
  getBackend,
  init,
} from "@automerge/automerge";
import {
  type Actor,
  type ChangeHash,
  type ChangeHead,
  changeHash,
  type DecodedChange,
  type EncodedChange,
  ROOT,
  verifyChunk,
  ZERO_ACTOR,
} from "./change.ts";
import {
  type DocumentShape,
  type DocumentState,
  emptyRegisters,
  type Registers,
  type Write,
} from "./document.ts";
import { type ChangeFault, EngineLostError, invariant, UnacceptableChangeError } from "./errors.ts";
import { type FirstChange, objectCounter, objectId, startOpOntoFirst } from "./first-change.ts";
import { operationOf, type PlainChange, type PlainWrite } from "./plain-change.ts";
import { decodePlainChange } from "./plain-change-decoder.ts";
import { encodePlainChange } from "./plain-change-encoder.ts";
import { toScalar } from "./scalar.ts";

/** A registration has at most 6 + 64 operations; an 89-byte change can claim 200,000. */
const OPERATIONS_MAX = 1_000;

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
  const change: PlainChange = {
    actor: head.actor,
    parent: first.hash,
    startOp: startOpOntoFirst(first.shape),
    timeMs: head.timeMs,
    message: head.message,
    writes: writes.map((write) => plainWrite(first.shape, write)),
  };
  return encodePlainChange(change) ?? encodeByAutomerge(change);
}

/**
 * Verifies and decodes a change that came from outside.
 * @throws UnacceptableChangeError when it is damaged, no change, or too large.
 */
export function decodeChange(bytes: Uint8Array, expectedHash: ChangeHash): DecodedChange {
  verifyChunk(bytes, expectedHash);
  const decoded = decodePlain(bytes) ?? decodeByAutomerge(bytes);
  const count = decoded.operations.length;
  if (count > OPERATIONS_MAX) {
    throw new UnacceptableChangeError(
      "too-many-operations",
      `${count} operations, at most ${OPERATIONS_MAX} are accepted`,
    );
  }
  return { hash: expectedHash, bytes, ...decoded };
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
      throw refusal("unappliable", "Automerge refused a change", error);
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

  /** All changes that took effect, the first of the kind too. */
  changes(): EncodedChange[] {
    return this.#backend.getChanges([]).map((bytes) => ({ hash: changeHash(bytes), bytes }));
  }

  /** Whether a change took effect: one whose parents are missing has not. */
  applied(hash: ChangeHash): boolean {
    return this.#backend.getChangeByHash(hash) !== null;
  }

  /** The hashes of the changes that no other change follows, sorted. */
  heads(): ChangeHash[] {
    return this.#backend.getHeads().sort();
  }

  /** What the registers hold, read one by one by type: an object made of them all would hide `__proto__`. */
  state(): DocumentState {
    const maps: Record<string, Registers> = Object.create(null);
    for (const name of this.#shape.maps) maps[name] = this.#registers(objectId(this.#shape, name));
    return { root: this.#registers(ROOT), maps, writerOf: (map, key) => this.#writerOf(map, key) };
  }

  /** Everything needed to make it again: `load(save())` is what verification tries. */
  save(): Uint8Array {
    return this.#backend.save();
  }

  free(): void {
    this.#backend.free();
  }

  /** Of several concurrent values the one with the greatest operation id stands: counter first, then actor. */
  #writerOf(map: string | null, key: string): Actor {
    let winner = { counter: 0, actor: ZERO_ACTOR };
    for (const value of this.#backend.getAll(objectId(this.#shape, map), key)) {
      const [counter = "", actor = ZERO_ACTOR] = String(value.at(-1)).split("@");
      const candidate = { counter: Number(counter), actor };
      const isLater = candidate.counter - winner.counter || (candidate.actor > winner.actor ? 1 : -1);
      if (isLater > 0) winner = candidate;
    }
    return winner.actor;
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

function plainWrite(shape: DocumentShape, { map, key, value }: Write): PlainWrite {
  invariant(value !== null, "nothing can be deleted from a document that has only its first change");
  const isFraction = typeof value === "number" && !Number.isSafeInteger(value);
  invariant(!isFraction, "a fraction is not encoded without a document");
  return { object: objectCounter(shape, map), key, value };
}

function encodeByAutomerge({ actor, parent, startOp, timeMs, message, writes }: PlainChange): EncodedChange {
  const head = { actor, author: null, seq: 1, startOp, time: timeMs, message, deps: [parent] };
  const bytes = encode({ ...head, ops: writes.map(operationOf) });
  return { hash: changeHash(bytes), bytes };
}

/** What the bytes of a change hold. */
type Contents = Omit<DecodedChange, keyof EncodedChange>;

function decodePlain(bytes: Uint8Array): Contents | undefined {
  const change = decodePlainChange(bytes);
  if (!change) return undefined;
  const { actor, parent, startOp, message, writes } = change;
  return { actor, sequence: 1, parents: [parent], startOp, message, operations: writes.map(operationOf) };
}

function decodeByAutomerge(bytes: Uint8Array): Contents {
  try {
    const { actor, seq, deps, startOp, message, ops } = decode(bytes);
    return { actor, sequence: seq, parents: deps, startOp, message: message ?? "", operations: ops };
  } catch (error) {
    throw refusal("undecodable", "Automerge cannot decode the change", error);
  }
}

/** A trap of WebAssembly says nothing of the change: every later call would fail as well. */
function refusal(reason: ChangeFault, message: string, cause: unknown): Error {
  if (cause instanceof Error && cause.name === "RuntimeError") return new EngineLostError(cause);
  return new UnacceptableChangeError(reason, message, { cause });
}
