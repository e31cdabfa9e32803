/** What a change did to the registers of a document, as they read from then on. */
import { type DecodedChange, type Operation, ROOT } from "./change.ts";
import type { Scalar } from "./document.ts";
import { type FirstChange, objectId } from "./first-change.ts";
import { toScalar } from "./scalar.ts";
import { parseUsernameClaim } from "./username-claim.ts";

export interface RegisterWrite {
  /** Null for a register at the root. */
  readonly map: string | null;
  readonly key: string;
  /**
   * Null when the register was deleted or set to what this version cannot read (UNK1). Of a username the name,
   * without the stamp of its claim.
   */
  readonly value: Scalar | null;
  /** Deleting removes the values that it knows of, and no others. */
  readonly isDeletion: boolean;
  /** Of the operation: with the change's actor, its id. */
  readonly counter: number;
}

/** Adds to a counter, which is no register. */
const INCREMENT = "inc";

/**
 * Reads changes of documents that begin with `first`. Gives the writes in the order in which the change made them;
 * of several to one register the last, which hides the others. What a newer version may have written into objects
 * of its own is left out.
 */
export function registerWritesReader(first: FirstChange): (change: DecodedChange) => RegisterWrite[] {
  const { kind, maps } = first.shape;
  const mapOf = new Map<string, string | null>([[ROOT, null]]);
  for (const map of maps) mapOf.set(objectId(first.shape, map), map);
  return ({ operations, startOp }) => {
    const writes = new Map<string, RegisterWrite>();
    operations.forEach((operation, index) => {
      const { action, obj, key } = operation;
      const map = mapOf.get(obj);
      if (map === undefined || action === INCREMENT) return;
      const value =
        kind === "player" && map === null && key === "username" ? nameOf(operation) : read(operation);
      const register = `${obj} ${key}`;
      writes.delete(register);
      writes.set(register, { map, key, value, isDeletion: action === "del", counter: startOp + index });
    });
    return [...writes.values()];
  };
}

/** `displayName`, `metadata/level`: no name of a map has a slash. */
export function pathOf({ map, key }: Pick<RegisterWrite, "map" | "key">): string {
  return map === null ? key : `${map}/${key}`;
}

function read({ action, datatype, value }: Operation): Scalar | null {
  return (action === "set" ? toScalar(datatype, value) : undefined) ?? null;
}

function nameOf(operation: Operation): string | null {
  return parseUsernameClaim(read(operation) ?? undefined)?.name ?? null;
}
