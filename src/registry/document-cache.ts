/**
 * Live documents of recent writes. Bounded, because a live document is memory outside of JavaScript's heap;
 * one that leaves the cache is freed.
 *
 * `take` hands a document out for a write, `put` returns it when the write is committed: while it is out, nobody
 * else has it, and a write that fails simply does not return it.
 */
import { LRUCache } from "lru-cache";
import type { LiveDocument } from "../../crdt/automerge.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { DocumentRow } from "../storage/log-store.ts";
import type { PlayerRow } from "../storage/player-row.ts";

export interface CachedDocument {
  readonly row: DocumentRow;
  readonly live: LiveDocument;
  /** Of a player. */
  readonly player: PlayerRow | undefined;
}

/** 2,000 live players take 16 MB. */
const DOCUMENTS_MAX = 2_000;

export class DocumentCache {
  readonly #cache = new LRUCache<DocumentId, CachedDocument>({
    max: DOCUMENTS_MAX,
    dispose: ({ live }, _id, reason) => {
      if (reason !== "delete") live.free();
    },
  });

  take(id: DocumentId): CachedDocument | undefined {
    const cached = this.#cache.get(id);
    if (cached) this.#cache.delete(id);
    return cached;
  }

  /** Without handing it out. */
  peek(id: DocumentId): CachedDocument | undefined {
    return this.#cache.peek(id);
  }

  has(id: DocumentId): boolean {
    return this.#cache.has(id);
  }

  /** What other players' merges made of a player. */
  update(id: DocumentId, player: PlayerRow): void {
    const cached = this.#cache.peek(id);
    if (cached) Object.assign(cached, { player });
  }

  put(id: DocumentId, document: CachedDocument): void {
    this.#cache.set(id, document);
  }

  get size(): number {
    return this.#cache.size;
  }

  clear(): void {
    for (const { live } of this.#cache.values()) live.free();
    this.#cache.clear();
  }
}
