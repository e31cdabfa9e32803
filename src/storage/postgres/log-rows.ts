/** What a batch writes of the log, as columns: entries, documents, origins, quarantined entries. */
import type { Entry } from "../../../crdt/entry.ts";
import type { Origin } from "../../../crdt/position.ts";
import { withoutErased } from "../erased-content.ts";
import type { Batch, DocumentRow, QuarantineRow } from "../log-store.ts";
import { COLUMN } from "./binary-array.ts";
import { type Column, column, rowSource } from "./row-source.ts";
import { documentKindNumber } from "./rows.ts";

const { uuid, text, bytea, hex, bool, int2, int8 } = COLUMN;

export const ENTRIES = rowSource<Batch, Entry>(
  "written_entry",
  [
    column("origin", uuid, (entry) => entry.origin),
    column("sequence", int8, (entry) => entry.sequence),
    column("kind", int2, (entry) => entry.kind),
    column("version", int2, (entry) => entry.version),
    column("document_id", uuid, (entry) => entry.documentId),
    column("hash", hex, (entry) => entry.hash),
    column("body", bytea, (entry) => entry.body),
  ],
  (batch) => withoutErased(batch, new Set(batch.erased)).entries,
);

const DOCUMENT_COLUMNS: Column<DocumentRow>[] = [
  column("id", uuid, (row) => row.id),
  column("kind", int2, (row) => documentKindNumber(row.kind)),
  column("heads", hex, (row) => row.heads.join("")),
  column("state_digest", bytea, (row) => row.stateDigest),
  column("field_conflicts_digest", bytea, (row) => row.fieldConflictsDigest),
  column("erased", bool, (row) => row.erased),
];

export const NEW_DOCUMENTS = rowSource<Batch, DocumentRow>(
  "new_document",
  DOCUMENT_COLUMNS,
  ({ documents, newDocuments }) => documents.filter(({ id }) => newDocuments.has(id)),
);

export const CHANGED_DOCUMENTS = rowSource<Batch, DocumentRow>(
  "changed_document",
  DOCUMENT_COLUMNS,
  ({ documents, newDocuments }) => documents.filter(({ id }) => !newDocuments.has(id)),
);

/** What a batch says of an origin; null for unchanged. */
interface OriginChange {
  readonly origin: Origin;
  readonly server: string | null;
  readonly lastSequence: number | null;
  readonly stableSequence: number | null;
  readonly forgottenAs: string | null;
}

export const ORIGINS = rowSource<Batch, OriginChange>(
  "written_origin",
  [
    column("id", uuid, (row) => row.origin),
    column("server", text, (row) => row.server),
    column("last_sequence", int8, (row) => row.lastSequence),
    column("stable_sequence", int8, (row) => row.stableSequence),
    column("forgotten_as", text, (row) => row.forgottenAs),
  ],
  originChanges,
);

/** One row an origin: a statement changes no row twice. */
function originChanges({ origins, stable, forgotten }: Batch): OriginChange[] {
  const rows = new Map(origins.map((row) => [row.origin, row]));
  const changed = new Set([...rows.keys(), ...stable.keys(), ...forgotten.keys()]);
  return [...changed].map((origin) => ({
    origin,
    server: rows.get(origin)?.server ?? null,
    lastSequence: rows.get(origin)?.lastSequence ?? null,
    stableSequence: stable.get(origin) ?? null,
    forgottenAs: forgotten.get(origin) ?? null,
  }));
}

export const QUARANTINED = rowSource<Batch, QuarantineRow>(
  "written_quarantine",
  [
    column("origin", uuid, (row) => row.origin),
    column("sequence", int8, (row) => row.sequence),
    column("reason", text, (row) => row.reason),
    column("detail", text, (row) => row.detail),
  ],
  (batch) => withoutErased(batch, new Set(batch.erased)).quarantined,
);
