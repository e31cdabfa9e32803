/** What is left of erased documents (ERA1), on every store: the places of their entries, no request, and that they were
 * erased. */
import type { AuditRecord } from "../../crdt/audit.ts";
import { ENTRY_KIND, type Entry, withoutContent } from "../../crdt/entry.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { AuditRow } from "./audit-store.ts";
import type { Batch } from "./log-store.ts";
import type { StoredRequest } from "./request-store.ts";

type Appended = Pick<Batch, "entries" | "quarantined">;

/** Whether an erasure of these documents empties the entry: all of theirs but the erasures themselves. */
export function isErasedContent(
  { kind, documentId }: Pick<Entry, "kind" | "documentId">,
  erased: ReadonlySet<DocumentId>,
): boolean {
  return documentId !== null && kind !== ENTRY_KIND.erasure && erased.has(documentId);
}

/** What is appended to the log, and what of it is set aside: content of erased documents is left out of both. */
export function withoutErased({ entries, quarantined }: Appended, erased: ReadonlySet<DocumentId>): Appended {
  if (erased.size === 0) return { entries, quarantined };
  const emptied = new Set(entries.filter((entry) => isErasedContent(entry, erased)).map(placeOf));
  return {
    entries: entries.map((entry) => (emptied.has(placeOf(entry)) ? withoutContent(entry) : entry)),
    quarantined: quarantined.map((row) => (emptied.has(placeOf(row)) ? { ...row, detail: "" } : row)),
  };
}

/** Requests for documents that the same batch erases are not remembered. */
export function requestsKept({
  requests,
  erased,
}: Pick<Batch, "requests" | "erased">): readonly StoredRequest[] {
  if (erased.length === 0) return requests;
  return requests.filter(({ documentId }) => !erased.includes(documentId));
}

/** Of those whom the same batch erases, only that they were erased. */
export function auditsKept({ audits, erased }: Pick<Batch, "audits" | "erased">): readonly AuditRow[] {
  if (erased.length === 0) return audits;
  return audits.filter(({ record }) => !isErasedAudit(record, new Set(erased)));
}

/** Whether an erasure of these documents takes it away. */
export function isErasedAudit({ action, documentId }: AuditRecord, erased: ReadonlySet<DocumentId>): boolean {
  return action !== "erase" && documentId !== undefined && erased.has(documentId);
}

function placeOf({ origin, sequence }: Pick<Entry, "origin" | "sequence">): string {
  return `${origin}:${sequence}`;
}
