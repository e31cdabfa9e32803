/** The list of what operators did (AUD1) over the table of a `MemoryDisk`. */
import { type AuditPage, type AuditQuery, type AuditRow, auditCursorOf } from "../audit-store.ts";
import { keysetPage } from "../keyset-page.ts";

const SEQUENCE_DIGITS = 16;

export function listAudits(rows: Iterable<AuditRow>, query: AuditQuery): AuditPage {
  const { documentId, action, since, limit, after } = query;
  const found = [...rows]
    .filter(({ record }) => documentId === undefined || record.documentId === documentId)
    .filter(({ record }) => action === undefined || record.action === action)
    .filter(({ record }) => since === undefined || record.stamp >= since)
    .map((row) => ({ row, place: placeOf(auditCursorOf(row)) }))
    .filter(({ place }) => after === undefined || place < placeOf(after))
    .sort((one, other) => (one.place > other.place ? -1 : 1))
    .map(({ row }) => row);
  return keysetPage(found, limit, auditCursorOf);
}

function placeOf({ stamp, origin, sequence }: ReturnType<typeof auditCursorOf>): string {
  return `${stamp} ${origin} ${String(sequence).padStart(SEQUENCE_DIGITS, "0")}`;
}
