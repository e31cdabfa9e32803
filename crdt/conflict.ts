/**
 * A conflict (HIS2): concurrent changes that set one field to different values, or a rule that chose among
 * claims, seats or reports. Derived from documents alone, so it is the same on every server.
 */
import { canonicalJson, type Json } from "./canonical.ts";
import type { Actor, ChangeHash } from "./change.ts";
import { STAMP_ZERO, type Stamp } from "./hybrid-clock.ts";
import { type DocumentId, derivedId } from "./ids.ts";
import { byStampAndId, type Stamped } from "./stamped-order.ts";

export type ConflictKind = "field" | "username" | "identity" | "seat" | "result";

export interface Candidate {
  readonly value: Json;
  /** The change that set it, where one did. */
  readonly change?: ChangeHash;
  readonly playerId?: DocumentId;
  /** The incarnation that wrote it. */
  readonly origin: Actor;
  readonly stamp: Stamp;
}

export interface Conflict {
  /** `conflictId`: unchanged while candidates come and go, unless one comes that is earlier than all others. */
  readonly id: string;
  /**
   * What it was derived from, and is replaced with (`conflictScope`): `field <document id>`, `match <document id>`,
   * `username <normalised name>`, `identity <provider:subject>`.
   */
  readonly scope: string;
  readonly kind: ConflictKind;
  /** The document in which it is shown first: that of the winner where there are several. */
  readonly documentId: DocumentId;
  /** All documents it concerns, sorted. */
  readonly documentIds: readonly DocumentId[];
  /** Of a field: `displayName`, `metadata/level`. */
  readonly path: string | null;
  /** Sorted by (stamp, change or player id). */
  readonly candidates: readonly Candidate[];
  /** The value (of a field or result) or the player id (of a name, identity, seat) that stands; null for none yet. */
  readonly winner: Json;
  /** The id of the rule that decided: PLY1, CLM1, CLM4, MAT2, MAT3. */
  readonly rule: string;
}

/** What a conflict is derived from; `key` is a document's id, a normalised name or `provider:subject`. */
export function conflictScope(of: "field" | "match" | "username" | "identity", key: string): string {
  return `${of} ${key}`;
}

/**
 * A UUID of version 8, derived like ids of documents. A match has one conflict a kind, a group of claims one; a
 * document can have several on one field, which `earliest` tells apart: of all changes that contended, also those
 * that are no longer candidates, the least by (stamp, hash).
 */
export function conflictId(scope: string, kind: ConflictKind, path = "", earliest: ChangeHash = ""): string {
  return derivedId(["rollcall conflict v1", scope, kind, path, earliest]);
}

/** The text that `stateDigest` hashes. */
export function canonicalConflict(conflict: Conflict): string {
  const { id, scope, kind, documentId, documentIds, path, candidates, winner, rule } = conflict;
  return canonicalJson({
    id,
    scope,
    kind,
    documentId,
    documentIds,
    path,
    candidates: candidates.map(({ value, change = null, playerId = null, origin, stamp }) => ({
      value,
      change,
      playerId,
      origin,
      stamp,
    })),
    winner,
    rule,
  });
}

/** Of the candidate that came last: when the conflict became what it is. */
export function latestStamp({ candidates }: Conflict): Stamp {
  return candidates.reduce((latest, { stamp }) => (stamp > latest ? stamp : latest), STAMP_ZERO);
}

/** The order of candidates: by stamp, then by change or player id. */
export function byStampAndSource(one: Candidate, other: Candidate): number {
  return byStampAndId(placeOf(one), placeOf(other));
}

function placeOf({ stamp, change, playerId }: Candidate): Stamped {
  return { stamp, id: change ?? playerId ?? "" };
}
