/**
 * Conflicts of kind `field` (HIS2): changes that set one field to different values, none knowing of the other.
 *
 * Two writes of a field contend when they are concurrent, and so do all that are joined by such pairs: a contest.
 * Contests of a field stand in causal order: whatever is concurrent with a write is in its contest, so every write
 * of an earlier contest is known to every write of a later one. The candidates of a contest are its last writes,
 * those that no other write of it follows. It stays in the list when a later write has settled the matter.
 *
 * The winner is what Automerge shows where the contest is known and nothing later (PLY1): a deletion removes only
 * what it knew of, so the values set stand against it, and of several the one with the greatest operation counter,
 * then the greatest actor.
 */
import { byStamp, inCausalOrder, isAncestor, type PlacedChange } from "./causal-order.ts";
import type { ChangeHash, DecodedChange } from "./change.ts";
import { byStampAndSource, type Candidate, type Conflict, conflictId, conflictScope } from "./conflict.ts";
import type { Scalar } from "./document.ts";
import type { FirstChange } from "./first-change.ts";
import type { DocumentId } from "./ids.ts";
import { pathOf, type RegisterWrite, registerWritesReader } from "./register-writes.ts";
import { storableMetadata } from "./storable-metadata.ts";

/**
 * The registers that somebody chose the value of, beside those of the metadata. In all other maps and registers
 * concurrent writes are meant to be: sets of facts, seats, bans, and when and where a document was made first.
 */
const FIELDS: { readonly [kind: string]: readonly string[] } = {
  player: ["username", "displayName", "region", "platform"],
  match: ["mode", "region", "capacity", "hostId", "address"],
};
const FREE_FIELDS = "metadata";

/** Sorted by path, those of one field in causal order. Equal for equal sets of changes, in whatever order. */
export function fieldConflicts(
  documentId: DocumentId,
  first: FirstChange,
  changes: readonly DecodedChange[],
): Conflict[] {
  const contests = contestsByPath(first, changes);
  return [...contests.keys()]
    .sort()
    .flatMap((path) =>
      (contests.get(path) ?? []).flatMap((contest) => conflictOf(documentId, path, contest) ?? []),
    );
}

/**
 * Whether a change can bring field conflicts with it, or take any away: only if it did not know of all heads that
 * the document had before. Not to be asked of changes of which several take effect at once.
 */
export function needsFieldConflicts(
  parents: readonly ChangeHash[],
  headsBefore: readonly ChangeHash[],
): boolean {
  return headsBefore.some((head) => !parents.includes(head));
}

interface FieldWrite extends RegisterWrite {
  readonly by: PlacedChange<DecodedChange>;
}

interface Contest {
  /** The least of all its changes by (stamp, hash): what tells it from other contests of the field. */
  readonly earliest: PlacedChange<DecodedChange>;
  /** The writes that no other of the contest follows. */
  readonly last: readonly FieldWrite[];
}

function contestsByPath(first: FirstChange, changes: readonly DecodedChange[]): Map<string, Contest[]> {
  const writesOf = registerWritesReader(first);
  const contests = new Map<string, Contest[]>();
  for (const by of inCausalOrder(first, changes, (change) => change).values()) {
    for (const write of writesOf(by.change)) {
      if (!isField(first.shape.kind, write)) continue;
      const path = pathOf(write);
      const ofField = contests.get(path);
      if (ofField) contend(ofField, { ...write, by });
      else contests.set(path, [{ earliest: by, last: [{ ...write, by }] }]);
    }
  }
  return contests;
}

/** Adds a write that none of the others follows. All contests with which it is concurrent become one. */
function contend(contests: Contest[], write: FieldWrite): void {
  const isUnknown = (other: FieldWrite): boolean => !isAncestor(other.by, write.by);
  const last = [...(contests.at(-1)?.last ?? []).filter(isUnknown), write];
  let earliest = write.by;
  for (let contest = contests.at(-1); contest?.last.some(isUnknown); contest = contests.at(-1)) {
    if (byStamp(contest.earliest, earliest) < 0) earliest = contest.earliest;
    contests.pop();
  }
  contests.push({ earliest, last });
}

function conflictOf(documentId: DocumentId, path: string, { earliest, last }: Contest): Conflict | undefined {
  if (last.length < 2) return undefined;
  const candidates = last.map(candidateOf).sort(byStampAndSource);
  if (candidates.every(({ value }) => value === candidates[0]?.value)) return undefined;
  const scope = conflictScope("field", documentId);
  return {
    id: conflictId(scope, "field", path, earliest.change.hash),
    scope,
    kind: "field",
    documentId,
    documentIds: [documentId],
    path,
    candidates,
    winner: storable(last.filter(({ isDeletion }) => !isDeletion).reduce(greater)),
    rule: "PLY1",
  };
}

function candidateOf(write: FieldWrite): Candidate {
  const { change, stamp } = write.by;
  return { value: storable(write), change: change.hash, origin: change.actor, stamp };
}

/** The one that Automerge shows. */
function greater(one: FieldWrite, other: FieldWrite): FieldWrite {
  if (one.counter !== other.counter) return one.counter > other.counter ? one : other;
  return one.by.change.actor > other.by.change.actor ? one : other;
}

function isField(kind: string, { map, key }: RegisterWrite): boolean {
  return map === null ? (FIELDS[kind]?.includes(key) ?? false) : map === FREE_FIELDS;
}

/** What some server could not store reads as unset: a value, and whatever stands under such a key (STO1). */
function storable({ map, key, value }: FieldWrite): Scalar | null {
  if (value === null) return null;
  const name = map === null ? "value" : key;
  return storableMetadata({ [name]: value })[name] ?? null;
}
