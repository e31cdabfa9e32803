/**
 * A batch as one statement, which is its own transaction: no COMMIT whose command tag could say ROLLBACK, one
 * round trip, and every row travels in a binary array. Its success is the commit.
 */
import { canonicalJson } from "../../../crdt/canonical.ts";
import { identityKey } from "../../../crdt/player.ts";
import { normaliseUsername } from "../../../crdt/username-claim.ts";
import type { Batch } from "../log-store.ts";
import { binaryArray, COLUMN } from "./binary-array.ts";
import { kindNumber } from "./rows.ts";

const TEXT = `
with new_entry as (
  insert into rollcall_store.entry (origin, sequence, kind, version, document_id, hash, body)
  select * from unnest($1::uuid[], $2::int8[], $3::int2[], $4::int2[], $5::uuid[], $6::bytea[], $7::bytea[])
), written_document as (
  select * from unnest($8::uuid[], $9::int2[], $10::bytea[], $11::bytea[], $35::bool[])
    as t (id, kind, heads, state_digest, is_new)
), new_document as (
  insert into rollcall_store.document (id, kind, heads, state_digest)
  select id, kind, heads, state_digest from written_document where is_new
), changed_document as (
  insert into rollcall_store.document (id, kind, heads, state_digest)
  select id, kind, heads, state_digest from written_document where not is_new
  on conflict (id) do update set heads = excluded.heads, state_digest = excluded.state_digest
), new_player as (
  insert into rollcall_store.player
    (id, username, username_key, display_name, region, platform, status, metadata, identities, created_at_ms,
      home_server)
  select id, username, username_key, display_name, region, platform, status, metadata::jsonb, identities::jsonb,
    created_at_ms, home_server
  from unnest($12::uuid[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[],
    $20::text[], $21::int8[], $22::text[])
    as t (id, username, username_key, display_name, region, platform, status, metadata, identities, created_at_ms,
      home_server)
  on conflict (id) do update set
    username = excluded.username, username_key = excluded.username_key, display_name = excluded.display_name,
    region = excluded.region, platform = excluded.platform, status = excluded.status,
    metadata = excluded.metadata, identities = excluded.identities, created_at_ms = excluded.created_at_ms,
    home_server = excluded.home_server
), new_origin as (
  insert into rollcall_store.origin (id, server, last_sequence)
  select * from unnest($23::uuid[], $24::text[], $25::int8[])
  on conflict (id) do update set
    server = coalesce(excluded.server, origin.server), last_sequence = excluded.last_sequence
), new_quarantine as (
  insert into rollcall_store.quarantine (origin, sequence, reason, detail)
  select * from unnest($26::uuid[], $27::int8[], $28::text[], $29::text[])
)
update rollcall_store.server
set clock = $30, documents = $31, entries = $32, heads_digest = $33, state_digest = $34`;

/** A named query: parsed once a session. */
export interface CommitQuery {
  readonly name: string;
  readonly text: string;
  readonly values: (Buffer | string | number)[];
}

export function commitQuery({
  entries,
  documents,
  newDocuments,
  players,
  origins,
  quarantined,
  clock,
  totals,
}: Batch): CommitQuery {
  const { uuid, text, bytea, hex, bool, int2, int8 } = COLUMN;
  return {
    name: "commit",
    text: TEXT,
    values: [
      binaryArray(
        uuid,
        entries.map((entry) => entry.origin),
      ),
      binaryArray(
        int8,
        entries.map((entry) => entry.sequence),
      ),
      binaryArray(
        int2,
        entries.map((entry) => entry.kind),
      ),
      binaryArray(
        int2,
        entries.map((entry) => entry.version),
      ),
      binaryArray(
        uuid,
        entries.map((entry) => entry.documentId),
      ),
      binaryArray(
        hex,
        entries.map((entry) => entry.hash),
      ),
      binaryArray(
        bytea,
        entries.map((entry) => entry.body),
      ),

      binaryArray(
        uuid,
        documents.map((document) => document.id),
      ),
      binaryArray(
        int2,
        documents.map((document) => kindNumber(document.kind)),
      ),
      binaryArray(
        hex,
        documents.map((document) => document.heads.join("")),
      ),
      binaryArray(
        bytea,
        documents.map((document) => document.stateDigest),
      ),

      binaryArray(
        uuid,
        players.map((player) => player.id),
      ),
      binaryArray(
        text,
        players.map((player) => player.username),
      ),
      binaryArray(
        text,
        players.map(({ username }) => (username === null ? null : normaliseUsername(username))),
      ),
      binaryArray(
        text,
        players.map((player) => player.displayName),
      ),
      binaryArray(
        text,
        players.map((player) => player.region),
      ),
      binaryArray(
        text,
        players.map((player) => player.platform),
      ),
      binaryArray(
        text,
        players.map((player) => player.status),
      ),
      binaryArray(
        text,
        players.map((player) => canonicalJson(player.metadata)),
      ),
      binaryArray(
        text,
        players.map((player) => canonicalJson(player.identities.map(identityKey))),
      ),
      binaryArray(
        int8,
        players.map((player) => player.createdAtMs),
      ),
      binaryArray(
        text,
        players.map((player) => player.homeServer),
      ),

      binaryArray(
        uuid,
        origins.map((row) => row.origin),
      ),
      binaryArray(
        text,
        origins.map((row) => row.server),
      ),
      binaryArray(
        int8,
        origins.map((row) => row.lastSequence),
      ),

      binaryArray(
        uuid,
        quarantined.map((row) => row.origin),
      ),
      binaryArray(
        int8,
        quarantined.map((row) => row.sequence),
      ),
      binaryArray(
        text,
        quarantined.map((row) => row.reason),
      ),
      binaryArray(
        text,
        quarantined.map((row) => row.detail),
      ),

      clock,
      totals.documents,
      totals.entries,
      Buffer.from(totals.headsDigest),
      Buffer.from(totals.stateDigest),

      binaryArray(
        bool,
        documents.map((document) => newDocuments.has(document.id)),
      ),
    ],
  };
}
