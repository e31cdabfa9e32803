/**
 * A document as it was at any set of heads, and what lies between two of them (HIS4). It follows from the changes
 * alone, so it is the same on every server that has them.
 */
import { LiveDocument } from "./automerge.ts";
import { type ChangeHash, type EncodedChange, ZERO_ACTOR } from "./change.ts";
import type { DocumentState, Scalar } from "./document.ts";
import type { FirstChange } from "./first-change.ts";
import { DocumentHistory } from "./history.ts";
import { pathOf } from "./register-writes.ts";
import { parseUsernameClaim } from "./username-claim.ts";

/** Every register that is set, by path (`displayName`, `metadata/level`), sorted; a username without its stamp. */
export type RegisterValues = ReadonlyMap<string, Scalar>;

/** A register in which two states differ; what is absent is unset there. */
export interface RegisterDifference {
  readonly path: string;
  readonly from?: Scalar;
  readonly to?: Scalar;
}

/**
 * What the document said once these changes and all that they knew of had taken effect, and nothing else.
 * @param changes All of the document, in any order. @param heads None: as it was before everything.
 * @throws UnknownHeadError
 */
export function documentAt(
  first: FirstChange,
  changes: readonly EncodedChange[],
  heads: readonly ChangeHash[],
): RegisterValues {
  return valuesOf(first, new DocumentHistory(first, changes).upTo(heads));
}

/** What a document of these changes says. */
export function valuesOf(first: FirstChange, changes: readonly EncodedChange[]): RegisterValues {
  const bytes = changes.map((change) => change.bytes);
  const document = LiveDocument.from(first, ZERO_ACTOR, bytes);
  try {
    return registerValues(first, document.state());
  } finally {
    document.free();
  }
}

/** Sorted by path; equal values are no difference. */
export function differences(from: RegisterValues, to: RegisterValues): RegisterDifference[] {
  const paths = [...new Set([...from.keys(), ...to.keys()])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [from.get(path), to.get(path)];
    if (was === is) return [];
    return [{ path, ...(was === undefined ? {} : { from: was }), ...(is === undefined ? {} : { to: is }) }];
  });
}

/** `kind` and `schema`, which the first change set, are no part of what a document says. */
function registerValues({ shape }: FirstChange, { root, maps }: DocumentState): RegisterValues {
  const values = new Map<string, Scalar>();
  for (const key of Object.keys(root)) {
    if (key === "kind" || key === "schema") continue;
    const value = shape.kind === "player" && key === "username" ? nameIn(root[key]) : root[key];
    if (value !== undefined) values.set(key, value);
  }
  for (const map of shape.maps) {
    const registers = maps[map] ?? {};
    for (const key of Object.keys(registers)) values.set(pathOf({ map, key }), registers[key] as Scalar);
  }
  return new Map([...values].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function nameIn(value: Scalar | undefined): string | undefined {
  return parseUsernameClaim(value)?.name;
}
