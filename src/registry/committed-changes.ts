/** What a commit changed, for those who are told of it: entry by entry, without anything that a record says. */
import type { ChangeHash } from "../../crdt/change.ts";
import { documentKindOf, erasureNoteOf } from "../../crdt/entry.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import type { Position } from "../../crdt/position.ts";
import type { Batch } from "../storage/log-store.ts";

export interface CommittedChange {
  readonly position: Position;
  readonly documentId: DocumentId;
  readonly kind: DocumentKind;
  /** Of the document after the batch, sorted; none once it is erased. */
  readonly heads: readonly ChangeHash[];
  readonly erased: boolean;
  /** Whose own it is: the player and who survived it in a merge (CLM4), or whoever has a seat or a place in the match. */
  readonly playerIds: readonly DocumentId[];
}

/** In the order of the log; without entries that change no document: unknown ones, and those set aside. */
export function changesOf({ entries, documents, players, matches, quarantined }: Batch): CommittedChange[] {
  const rows = new Map(documents.map((row) => [row.id, row]));
  const survivors = new Map(players.map(({ player, survivorId }) => [player.id, survivorId]));
  const inMatches = new Map(matches.map(({ id, seats }) => [id, seats.map(({ playerId }) => playerId)]));
  const setAside = new Set(quarantined.map(({ origin, sequence }) => `${origin}:${sequence}`));
  const changes: CommittedChange[] = [];
  for (const entry of entries) {
    const { origin, sequence, documentId } = entry;
    if (documentKindOf(entry) === undefined && erasureNoteOf(entry) === undefined) continue;
    const row = documentId === null ? undefined : rows.get(documentId);
    if (!row || (setAside.size > 0 && setAside.has(`${origin}:${sequence}`))) continue;
    const { id, kind, heads, erased } = row;
    const playerIds =
      kind === "player" ? [...new Set([id, survivors.get(id) ?? id])] : (inMatches.get(id) ?? []);
    changes.push({ position: { origin, sequence }, documentId: id, kind, heads, erased, playerIds });
  }
  return changes;
}
