/**
 * Brings the documents that tasks are about: from the cache, or made from their stored changes.
 *
 * A registration that comes from a peer is nearly always of a player unknown here; asking the database first would
 * cost every one of them a round trip. So it may be presumed new: the commit refuses the batch if it was not, and
 * the writer then has all documents loaded.
 */
import { LiveDocument } from "../../crdt/automerge.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import type { Origin } from "../../crdt/position.ts";
import { sequenceOf, type VersionVector } from "../../crdt/version-vector.ts";
import type { LogStore } from "../storage/log-store.ts";
import { type CachedDocument, DocumentCache } from "./document-cache.ts";
import type { ReceivedEntry, Task } from "./task.ts";

export class DocumentLoader {
  readonly #store: LogStore;
  readonly #origin: Origin;
  readonly #cache = new DocumentCache();

  constructor(store: LogStore, origin: Origin) {
    this.#store = store;
    this.#origin = origin;
  }

  /** What exists of the documents that the tasks are about. They are the caller's until they are kept. */
  async load(
    tasks: readonly Task[],
    stored: VersionVector,
    presumeNew: boolean,
  ): Promise<Map<DocumentId, CachedDocument>> {
    const ids = documentsOf(tasks, stored);
    const unknown = [...ids].filter(
      ([id, registered]) => !this.#cache.has(id) && !(registered && presumeNew),
    );
    const documents = await this.#loadStored(unknown.map(([id]) => id));
    for (const id of ids.keys()) {
      const cached = this.#cache.take(id);
      if (cached) documents.set(id, cached);
    }
    return documents;
  }

  /** For the next task that is about it. */
  keep(id: DocumentId, document: CachedDocument): void {
    this.#cache.put(id, document);
  }

  get kept(): number {
    return this.#cache.size;
  }

  forget(): void {
    this.#cache.clear();
  }

  async #loadStored(ids: readonly DocumentId[]): Promise<Map<DocumentId, CachedDocument>> {
    const documents = new Map<DocumentId, CachedDocument>();
    if (ids.length === 0) return documents;
    const rows = await this.#store.documents(ids);
    if (rows.size === 0) return documents;
    const changes = await this.#store.changes([...rows.keys()]);
    for (const [id, row] of rows) {
      const live = LiveDocument.from(PLAYER_FIRST_CHANGE, this.#origin, changes.get(id) ?? []);
      documents.set(id, { row, live });
    }
    return documents;
  }
}

/** The documents that may exist already, and of each whether the tasks do no more than register it, for a peer. */
function documentsOf(tasks: readonly Task[], stored: VersionVector): Map<DocumentId, boolean> {
  const ids = new Map<DocumentId, boolean>();
  for (const task of tasks) {
    if (task.kind === "edit") {
      if (!task.fresh) ids.set(task.documentId, false);
      continue;
    }
    for (const received of task.entries) {
      const { documentId, origin, sequence } = received.entry;
      const isNew = sequence > sequenceOf(stored, origin);
      if (!isNew || received.content.type !== "change" || documentId === null) continue;
      ids.set(documentId, registers(received) && ids.get(documentId) !== false);
    }
  }
  return ids;
}

function registers({ content }: ReceivedEntry): boolean {
  if (content.type !== "change") return false;
  const { parents } = content.change;
  return parents.length === 1 && parents[0] === PLAYER_FIRST_CHANGE.hash;
}
