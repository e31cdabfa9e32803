import { describe, expect, it, vi } from "vitest";
import { LiveDocument } from "../../../crdt/automerge.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";
import { type CachedDocument, DocumentCache } from "../../../src/registry/document-cache.ts";
import { documentOf, idOf, originOf } from "../../support/log-fixtures.ts";

function cached(number: number): CachedDocument & { readonly freed: () => number } {
  const live = LiveDocument.from(PLAYER_FIRST_CHANGE, originOf(1), []);
  const free = vi.spyOn(live, "free");
  return { row: documentOf(number), live, player: undefined, freed: () => free.mock.calls.length };
}

describe("the cache of live documents", () => {
  it("gives out a document that it then no longer has, and does not free it", () => {
    const cache = new DocumentCache();
    const document = cached(1);
    cache.put(idOf(1), document);
    expect([cache.has(idOf(1)), cache.has(idOf(2)), cache.size]).toEqual([true, false, 1]);
    expect(cache.take(idOf(1))).toBe(document);
    expect(cache.take(idOf(1))).toBeUndefined();
    expect(cache.size).toBe(0);
    expect(document.freed()).toBe(0);
  });

  it("frees what it replaces, what it has no room for, and all of it when it is cleared: each once", () => {
    const cache = new DocumentCache();
    const documents = Array.from({ length: 2_001 }, (_, index) => cached(index));
    for (const [index, document] of documents.entries()) cache.put(idOf(index), document);
    const freed = () => documents.map((document) => document.freed());
    expect(cache.size).toBe(2_000);
    expect(freed()).toEqual(documents.map((_, index) => (index === 0 ? 1 : 0)));
    const newer = cached(1);
    cache.put(idOf(1), newer);
    expect(freed().slice(0, 3)).toEqual([1, 1, 0]);
    cache.clear();
    expect(cache.size).toBe(0);
    expect(freed()).toEqual(documents.map(() => 1));
    expect(newer.freed()).toBe(1);
  });
});
