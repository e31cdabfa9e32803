/** What a batch does to the totals that stand with the log, and to the digests that servers compare. */
import type { DocumentId } from "../../crdt/ids.ts";
import { toggle } from "../../crdt/set-digest.ts";
import type { DocumentRow, StoredState } from "../storage/log-store.ts";
import { headsMember } from "./touched-document.ts";

export interface TotalsChange {
  /** The rows that are written. */
  readonly documents: readonly DocumentRow[];
  readonly storedRow: (id: DocumentId) => DocumentRow | undefined;
  /** How many are appended. */
  readonly entries: number;
  /** Members that leave or enter the state digest beside those of documents. */
  readonly toggles: Iterable<Uint8Array>;
}

export function totalsAfter(
  totals: StoredState["totals"],
  { documents, storedRow, entries, toggles }: TotalsChange,
): StoredState["totals"] {
  const headsDigest = Uint8Array.from(totals.headsDigest);
  const stateDigest = Uint8Array.from(totals.stateDigest);
  let visible = totals.documents;
  const count = (row: DocumentRow | undefined, step: 1 | -1): void => {
    if (!row?.stateDigest) return;
    toggle(headsDigest, headsMember(row));
    toggle(stateDigest, row.stateDigest);
    if (!row.erased) visible += step;
  };
  for (const row of documents) {
    count(storedRow(row.id), -1);
    count(row, 1);
  }
  for (const member of toggles) toggle(stateDigest, member);
  return { documents: visible, entries: totals.entries + entries, headsDigest, stateDigest };
}
