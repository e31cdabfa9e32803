/** What is read of the log: documents, their changes, pages of an origin's entries. */
import type { ChangeHash } from "../../../crdt/change.ts";
import { changeEntryKind, ENTRY_OVERHEAD_BYTES, ENTRY_VERSION, type Entry } from "../../../crdt/entry.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Origin, Position } from "../../../crdt/position.ts";
import type { DocumentRow, PageLimit, StoredChange } from "../log-store.ts";
import { binaryArray, COLUMN } from "./binary-array.ts";
import { PACKED_CHANGES, unpackedChanges } from "./packed-changes.ts";
import type { RowReader } from "./reader.ts";
import { type DocumentColumns, type EntryColumns, toDocumentRow, toEntry, toOrigin } from "./rows.ts";

const CHANGE_KINDS = [changeEntryKind("player"), changeEntryKind("match")];

/** Of `e`: made by changes that this version knows and did not set aside (LOG4). */
const IS_CHANGE = `kind = any($2::int2[]) and version = $3 and hash is not null
  and not exists (
    select from rollcall_store.quarantine q where (q.origin, q.sequence) = (e.origin, e.sequence))`;

interface ChangeColumns extends Pick<EntryColumns, "body" | "origin" | "sequence"> {
  readonly document_id: string;
  readonly hash: Buffer;
}

export async function readDocuments(
  reader: RowReader,
  ids: readonly DocumentId[],
): Promise<Map<DocumentId, DocumentRow>> {
  const rows = await reader.rows<DocumentColumns>({
    name: "documents",
    text: `select id, kind, heads, state_digest, field_conflicts_digest, erased
      from rollcall_store.document where id = any($1::uuid[])`,
    values: [binaryArray(COLUMN.uuid, ids)],
  });
  return new Map(rows.map((row) => [row.id, toDocumentRow(row)]));
}

export async function readChanges(
  reader: RowReader,
  ids: readonly DocumentId[],
): Promise<Map<DocumentId, StoredChange[]>> {
  // Thousands where a document is long, so no more than is needed travels.
  const rows = await reader.rows<ChangeColumns>({
    name: "changes",
    text: `select document_id, hash, body, origin, sequence from rollcall_store.entry e
      where document_id = any($1::uuid[]) and ${IS_CHANGE}`,
    values: [binaryArray(COLUMN.uuid, ids), binaryArray(COLUMN.int2, CHANGE_KINDS), ENTRY_VERSION],
  });
  const changes = new Map<DocumentId, StoredChange[]>(ids.map((id) => [id, []]));
  for (const { document_id, hash, body, origin, sequence } of rows) {
    const position = { origin: toOrigin(origin), sequence: Number(sequence) };
    changes.get(document_id)?.push({ hash: hash.toString("hex"), bytes: body, position });
  }
  return changes;
}

export async function readChangesOf(reader: RowReader, id: DocumentId): Promise<StoredChange[]> {
  const rows = await reader.rows<{ origin: string; packed: string }>({
    name: "changesOf",
    text: `select origin, ${PACKED_CHANGES} as packed from rollcall_store.entry e
      where document_id = $1 and ${IS_CHANGE} group by origin`,
    values: [id, binaryArray(COLUMN.int2, CHANGE_KINDS), ENTRY_VERSION],
  });
  return rows.flatMap(({ origin, packed }) => unpackedChanges(toOrigin(origin), packed));
}

export async function readEntries(
  reader: RowReader,
  origin: Origin,
  from: number,
  { entriesMax, bytesMax }: PageLimit,
): Promise<Entry[]> {
  const rows = await reader.rows<EntryColumns>({
    name: "entries",
    text: `select * from (
        select origin, sequence, kind, version, document_id, hash, body,
          sum(length(body) + $5) over (order by sequence) as bytes
        from (
          select * from rollcall_store.entry where origin = $1 and sequence >= $2 order by sequence limit $3
        ) page
      ) sized where bytes <= $4 or bytes = length(body) + $5 order by sequence`,
    values: [origin, from, entriesMax, bytesMax, ENTRY_OVERHEAD_BYTES],
  });
  return rows.map(toEntry);
}

export async function readPosition(
  reader: RowReader,
  id: DocumentId,
  change: ChangeHash,
): Promise<Position | undefined> {
  const [row] = await reader.rows<Pick<EntryColumns, "origin" | "sequence">>({
    name: "positionOf",
    text: "select origin, sequence from rollcall_store.entry where document_id = $1 and hash = $2",
    values: [id, Buffer.from(change, "hex")],
  });
  return row && { origin: toOrigin(row.origin), sequence: Number(row.sequence) };
}

export async function countQuarantined(reader: RowReader): Promise<number> {
  const [row] = await reader.rows<{ count: string }>({
    name: "quarantined",
    text: "select count(*) from rollcall_store.quarantine",
    values: [],
  });
  return Number(row?.count ?? 0);
}
