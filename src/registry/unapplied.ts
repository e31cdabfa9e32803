/**
 * Changes that are held here and not in their documents yet, as their parents have not come (RYW1). A change and its
 * parents may be of different origins, which come each at its own pace.
 *
 * Known of what this process received. Of what an earlier one left waiting, nothing is known until its document
 * changes; the parents come when the server catches up, before it is ready.
 */
import type { ChangeHash } from "../../crdt/change.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { formatPosition, type Position } from "../../crdt/position.ts";

export interface ArrivedChange {
  readonly position: Position;
  readonly hash: ChangeHash;
}

/** A document that took changes from elsewhere. */
export interface Arrival {
  readonly documentId: DocumentId;
  /** Those of them that may not have taken effect. */
  readonly doubtful: readonly ArrivedChange[];
  /** Whether a change took effect. */
  readonly applied: (hash: ChangeHash) => boolean;
}

/** Some 20 MB, while a server catches up; what lies beyond is taken as applied. */
const POSITIONS_MAX = 100_000;

export class Unapplied {
  readonly #ofDocuments = new Map<DocumentId, readonly ArrivedChange[]>();
  readonly #positions = new Set<string>();

  has(position: Position): boolean {
    return this.#positions.size > 0 && this.#positions.has(formatPosition(position));
  }

  /** To be called once the document is committed. */
  settle({ documentId, doubtful, applied }: Arrival): void {
    const before = this.#ofDocuments.get(documentId);
    if (!before && doubtful.length === 0) return;
    for (const { position } of before ?? []) this.#positions.delete(formatPosition(position));
    const waiting = [...(before ?? []), ...doubtful]
      .filter(({ hash }) => !applied(hash))
      .slice(0, POSITIONS_MAX - this.#positions.size);
    for (const { position } of waiting) this.#positions.add(formatPosition(position));
    if (waiting.length > 0) this.#ofDocuments.set(documentId, waiting);
    else this.#ofDocuments.delete(documentId);
  }
}
