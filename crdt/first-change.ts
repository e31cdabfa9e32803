/**
 * The first change of a document (ID3), and what a document is that has little more: one first edit, whose state
 * is read from its writes or operations, without a live document.
 */
import {
  type Actor,
  type ChangeHash,
  type DecodedChange,
  type EncodedChange,
  objectIdOf,
  ROOT,
  ZERO_ACTOR,
} from "./change.ts";
import {
  type DocumentShape,
  type DocumentState,
  emptyRegisters,
  type Registers,
  type Write,
} from "./document.ts";
import { invariant } from "./errors.ts";
import { toScalar, withoutNegativeZero } from "./scalar.ts";

/** The first change of a kind of document. */
export interface FirstChange extends EncodedChange {
  readonly shape: DocumentShape;
}

/** They come before the maps in a first change. */
const FIRST_REGISTERS: readonly string[] = ["kind", "schema"];

/** The counter of the first operation after a first change: it sets its registers and makes its maps. */
export function startOpOntoFirst(shape: DocumentShape): number {
  return FIRST_REGISTERS.length + shape.maps.length + 1;
}

/** A map is named by the operation that made it, in the first change; null is the root. */
export function objectCounter(shape: DocumentShape, map: string | null): number | null {
  if (map === null) return null;
  const index = shape.maps.indexOf(map);
  invariant(index >= 0, `documents of kind ${shape.kind} have no map ${map}`);
  return FIRST_REGISTERS.length + index + 1;
}

export function objectId(shape: DocumentShape, map: string | null): string {
  return objectIdOf(objectCounter(shape, map));
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
  return { root, maps, writerOf: writerOnto(actor) };
}

/** The state of a document made of its first change and these writes of an actor onto it. */
export function stateOfWrites(first: FirstChange, actor: Actor, writes: readonly Write[]): DocumentState {
  const state = { ...firstState(first.shape), writerOf: writerOnto(actor) };
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

/** Who wrote what where an actor alone has written since the first change. */
function writerOnto(actor: Actor): DocumentState["writerOf"] {
  return (map, key) => (map === null && FIRST_REGISTERS.includes(key) ? ZERO_ACTOR : actor);
}

function firstState(shape: DocumentShape): { root: Registers; maps: Record<string, Registers> } {
  const root = emptyRegisters();
  root.kind = shape.kind;
  root.schema = shape.schema;
  const maps: Record<string, Registers> = Object.create(null);
  for (const name of shape.maps) maps[name] = emptyRegisters();
  return { root, maps };
}
