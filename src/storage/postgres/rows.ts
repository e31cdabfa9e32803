/** How rows of PostgreSQL become our types. What goes the other way is in `log-rows.ts` and `record-rows.ts`. */
import type { ChangeHash } from "../../../crdt/change.ts";
import type { ClaimKind } from "../../../crdt/claim.ts";
import type { Entry } from "../../../crdt/entry.ts";
import type { DocumentKind } from "../../../crdt/ids.ts";
import type { DocumentRow } from "../log-store.ts";

const HASH_BYTES = 32;

const DOCUMENT_KINDS: Record<DocumentKind, number> = { player: 1, match: 2 };
const CLAIM_KINDS: Record<ClaimKind, number> = { username: 1, identity: 2 };

export interface EntryColumns {
  readonly origin: string;
  readonly sequence: string;
  readonly kind: number;
  readonly version: number;
  readonly document_id: string | null;
  readonly hash: Buffer | null;
  readonly body: Buffer;
}

export interface DocumentColumns {
  readonly id: string;
  readonly kind: number;
  readonly heads: Buffer;
  readonly state_digest: Buffer | null;
  readonly field_conflicts_digest: Buffer | null;
  readonly erased: boolean;
}

export function documentKindNumber(kind: DocumentKind): number {
  return DOCUMENT_KINDS[kind];
}

export function claimKindNumber(kind: ClaimKind): number {
  return CLAIM_KINDS[kind];
}

export function toClaimKind(number: number): ClaimKind {
  return number === CLAIM_KINDS.username ? "username" : "identity";
}

/** Origins are shown by PostgreSQL as UUIDs, with hyphens. */
export function toOrigin(uuid: string): string {
  return uuid.replaceAll("-", "");
}

export function toEntry(row: EntryColumns): Entry {
  return {
    origin: toOrigin(row.origin),
    sequence: Number(row.sequence),
    kind: row.kind,
    version: row.version,
    documentId: row.document_id,
    hash: row.hash?.toString("hex") ?? null,
    body: row.body,
  };
}

export function toDocumentRow(row: DocumentColumns): DocumentRow {
  return {
    id: row.id,
    kind: row.kind === DOCUMENT_KINDS.player ? "player" : "match",
    heads: toHeads(row.heads),
    stateDigest: row.state_digest,
    fieldConflictsDigest: row.field_conflicts_digest,
    erased: row.erased,
  };
}

export function toHeads(bytes: Buffer): ChangeHash[] {
  const heads: ChangeHash[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES)
    heads.push(bytes.toString("hex", at, at + HASH_BYTES));
  return heads;
}
