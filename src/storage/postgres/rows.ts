/** How our types stand in PostgreSQL's columns, and back. */
import type { ChangeHash } from "../../../crdt/change.ts";
import type { Registers } from "../../../crdt/document.ts";
import { emptyRegisters } from "../../../crdt/document.ts";
import type { Entry } from "../../../crdt/entry.ts";
import type { DocumentKind } from "../../../crdt/ids.ts";
import { type Player, parseIdentityKey } from "../../../crdt/player.ts";
import type { DocumentRow } from "../log-store.ts";

const HASH_BYTES = 32;

const KIND_NUMBERS: Record<DocumentKind, number> = { player: 1 };

export interface EntryColumns {
  readonly origin: string;
  readonly sequence: string;
  readonly kind: number;
  readonly version: number;
  readonly document_id: string | null;
  readonly hash: Buffer | null;
  readonly body: Buffer;
}

export interface PlayerColumns {
  readonly id: string;
  readonly username: string | null;
  readonly username_key: string | null;
  readonly display_name: string | null;
  readonly region: string | null;
  readonly platform: string | null;
  readonly status: string;
  readonly metadata: Record<string, string | number | boolean>;
  readonly identities: string[];
  readonly created_at_ms: string;
  readonly home_server: string;
}

export interface DocumentColumns {
  readonly id: string;
  readonly kind: number;
  readonly heads: Buffer;
  readonly state_digest: Buffer | null;
}

export function kindNumber(kind: DocumentKind): number {
  return KIND_NUMBERS[kind];
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
  return { id: row.id, kind: "player", heads: toHeads(row.heads), stateDigest: row.state_digest };
}

export function toHeads(bytes: Buffer): ChangeHash[] {
  const heads: ChangeHash[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES)
    heads.push(bytes.toString("hex", at, at + HASH_BYTES));
  return heads;
}

export function toPlayer(row: PlayerColumns): Player {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    region: row.region,
    platform: row.platform,
    status: "active",
    metadata: toRegisters(row.metadata),
    identities: row.identities.map(parseIdentityKey),
    createdAtMs: Number(row.created_at_ms),
    homeServer: row.home_server,
  };
}

/** jsonb keeps neither the order of keys nor their absence of a prototype. */
function toRegisters(metadata: PlayerColumns["metadata"]): Registers {
  const registers = emptyRegisters();
  for (const key of Object.keys(metadata).sort()) registers[key] = metadata[key] as string | number | boolean;
  return registers;
}
