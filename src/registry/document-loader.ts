/**
 * Brings the documents that tasks are about: from the cache, or made from their stored changes.
 *
 * Asking the database first costs every registration a round trip, and most are of players unknown here: nearly all
 * that come from a peer, and those of clients while a game fills. So they may be presumed new: the commit refuses
 * the batch if one was not, and the writer then has all documents loaded. A client's registrations are presumed
 * new only as long as the last of them were, because players who come back register again.
 */
import { LiveDocument } from "../../crdt/automerge.ts";
import type { DecodedChange } from "../../crdt/change.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import type { Origin } from "../../crdt/position.ts";
import { sequenceOf, type VersionVector } from "../../crdt/version-vector.ts";
import type { LogStore } from "../storage/log-store.ts";
import { type CachedDocument, DocumentCache } from "./document-cache.ts";
import type { Task } from "./task.ts";

/** So many registrations of clients in a row have to be of new players before the next are presumed to be. */
const NEW_IN_A_ROW = 64;

/** Who registers a document, when all that the tasks do is register it. */
type Registrant = "client" | "peer";

export class DocumentLoader {
  readonly #store: LogStore;
  readonly #origin: Origin;
  readonly #cache = new DocumentCache();
  #newInARow = 0;

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
    const asked = [...ids].filter(
      ([id, registrant]) => !this.#cache.has(id) && !(presumeNew && this.#isLikelyNew(registrant)),
    );
    const documents = await this.#loadStored(asked.map(([id]) => id));
    for (const [id, registrant] of asked) {
      if (registrant === "client") this.#newInARow = documents.has(id) ? 0 : this.#newInARow + 1;
    }
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

  #isLikelyNew(registrant: Registrant | undefined): boolean {
    return registrant === "peer" || (registrant === "client" && this.#newInARow >= NEW_IN_A_ROW);
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

/** The documents that may exist already, each with its registrant if the tasks do no more than register it. */
function documentsOf(tasks: readonly Task[], stored: VersionVector): Map<DocumentId, Registrant | undefined> {
  const ids = new Map<DocumentId, Registrant | undefined>();
  const add = (id: DocumentId, registrant: Registrant | undefined): void => {
    ids.set(id, ids.has(id) && ids.get(id) !== registrant ? undefined : registrant);
  };
  for (const task of tasks) {
    if (task.kind === "edit") {
      if (task.expects !== "nothing") add(task.documentId, task.expects === "either" ? "client" : undefined);
      continue;
    }
    for (const { entry, content } of task.entries) {
      const isNew = entry.sequence > sequenceOf(stored, entry.origin);
      if (!isNew || content.type !== "change" || entry.documentId === null) continue;
      add(entry.documentId, registers(content.change) ? "peer" : undefined);
    }
  }
  return ids;
}

function registers({ parents }: DecodedChange): boolean {
  return parents.length === 1 && parents[0] === PLAYER_FIRST_CHANGE.hash;
}
