/**
 * What a document is to everything outside of `automerge.ts`: last-writer-wins registers at its root and in
 * nested maps one level deep, changed by writes, read as a state.
 */

import type { Actor } from "./change.ts";

/** A value of a register. Numbers are finite, and there is one zero. */
export type Scalar = string | number | boolean;

/** Keys are data: objects of this type have no prototype. */
export type Registers = { [key: string]: Scalar };

/** The values that the changes of a document come to. */
export interface DocumentState {
  readonly root: Readonly<Registers>;
  readonly maps: { readonly [name: string]: Readonly<Registers> };
  /** The actor of the change whose value a register holds; to be asked before the document changes again. */
  readonly writerOf: (map: string | null, key: string) => Actor;
}

/** One register set to a value, or deleted by null. `map` is null for a register at the root. */
export interface Write {
  readonly map: string | null;
  readonly key: string;
  readonly value: Scalar | null;
}

/** What all documents of a kind have from their first change on (ID3). */
export interface DocumentShape {
  readonly kind: string;
  readonly schema: number;
  /** The nested maps, in the order in which the first change makes them. */
  readonly maps: readonly string[];
}

/** An object without prototype, so that no key can mean more than itself. */
export function emptyRegisters(): Registers {
  return Object.create(null) as Registers;
}
