/**
 * What a plan is made from: everything stored that its tasks are about.
 *
 * What a task needs is not always known before it is planned: a merge can bring back a name that was overwritten.
 * A plan that finds something missing says so by `MissingContextError`; it is then made again with that loaded.
 */
import { type ClaimGroup, type ClaimKey, claimKeyText } from "../../crdt/claim.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { DocumentRow } from "../storage/log-store.ts";
import type { PlayerRow } from "../storage/player-row.ts";
import type { RatingMark } from "../storage/rating-store.ts";
import type { CachedDocument } from "./document-cache.ts";

export interface PlanContext {
  /** What exists of the documents that the tasks are about; those missing here do not exist. */
  readonly documents: ReadonlyMap<DocumentId, CachedDocument>;
  readonly erased: ReadonlyMap<DocumentId, DocumentRow>;
  /** By `claimKeyText`; a key that was asked for and that nobody claims has a group without claims. */
  readonly claims: ReadonlyMap<string, ClaimGroup>;
  /** Names and identities that were not asked for are taken to be free; the commit refuses the batch if one is not. */
  readonly presumeFree: boolean;
  /** The merge groups that were asked for, whole, and those of players among `documents` that had to be loaded. */
  readonly mergeGroups: MergeGroups;
}

export interface MergeGroups {
  readonly rows: ReadonlyMap<DocumentId, PlayerRow>;
  /** Whose groups are whole in `rows`. */
  readonly asked: ReadonlySet<DocumentId>;
  /** Those asked for that have a document row. */
  readonly known: ReadonlySet<DocumentId>;
  readonly erased: ReadonlySet<DocumentId>;
  /** For each mode the first match that counts for one of these players, where it was asked for. */
  readonly firstMatches: ReadonlyMap<DocumentId, readonly RatingMark[]>;
}

/** What a plan needs beside the documents of its tasks. */
export class Wanted {
  readonly claims = new Map<string, ClaimKey>();
  readonly groupsOf = new Set<DocumentId>();

  addClaim(key: ClaimKey): void {
    this.claims.set(claimKeyText(key.kind, key.key), key);
  }

  add({ claims, groupsOf }: Wanted): void {
    for (const key of claims.values()) this.addClaim(key);
    for (const id of groupsOf) this.groupsOf.add(id);
  }
}

/** The plan is void; it can be made once this is loaded too. */
export class MissingContextError extends Error {
  readonly wanted: Wanted;

  constructor(wanted: Wanted) {
    super("a plan needs more than was loaded");
    this.wanted = wanted;
  }
}

export function missingClaim(key: ClaimKey): MissingContextError {
  const wanted = new Wanted();
  wanted.addClaim(key);
  return new MissingContextError(wanted);
}

export function missingGroups(ids: Iterable<DocumentId>): MissingContextError {
  const wanted = new Wanted();
  for (const id of ids) wanted.groupsOf.add(id);
  return new MissingContextError(wanted);
}
