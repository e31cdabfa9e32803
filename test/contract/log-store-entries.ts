/** The part of the log store's contract that is about entries and the changes among them (LOG3, LOG4). */
import fc from "fast-check";
import { expect, it } from "vitest";
import { ENTRY_KIND, type Entry, entryBytes } from "../../crdt/entry.ts";
import type { LogStore, StoredChange } from "../../src/storage/log-store.ts";
import { batchOf, entriesOf, entryOf, idOf, originOf } from "../support/log-fixtures.ts";

/** Above every number of entries and bytes that a test stores. */
export const ALL = { entriesMax: 10_000, bytesMax: 1e9 };

type Open = () => Promise<{ store: LogStore }>;

export function entriesContract(open: Open, reopen: Open): void {
  it("[LOG3] [UNK1] entries of any kind and version come back byte for byte", async () => {
    const { store } = await open();
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const entries = [
      entryOf({ sequence: 1, kind: ENTRY_KIND.originBegan, documentId: null, hash: null }),
      entryOf({ sequence: 2, kind: 32_767, version: 32_767, documentId: null, hash: null, body: every }),
      entryOf({ sequence: 3, kind: 0, version: 0, documentId: null, body: Buffer.alloc(0) }),
      entryOf({ sequence: 4, version: 2, hash: null, body: Buffer.alloc(100_000, every) }),
      entryOf({ sequence: 5, kind: 3 }),
    ];
    await store.commit(batchOf({ entries }));
    expectSameEntries(await store.entries(originOf(1), 1, ALL), entries);
    expectSameEntries(await (await reopen()).store.entries(originOf(1), 1, ALL), entries);
  });

  it("[LOG3] pages follow one another without gap or overlap, within the limits or of one entry", async () => {
    const { store } = await open();
    const entries = Array.from({ length: 60 }, (_, index) =>
      entryOf({ sequence: index + 1, body: Buffer.alloc((index * 37) % 300) }),
    );
    await store.commit(batchOf({ entries }));
    const limits = fc.record({
      entriesMax: fc.integer({ min: 1, max: 70 }),
      bytesMax: fc.integer({ min: 0, max: 3_000 }),
    });
    await fc.assert(
      fc.asyncProperty(limits, fc.integer({ min: 1, max: 60 }), async (limit, from) => {
        const page = await store.entries(originOf(1), from, limit);
        expectSameEntries(page, entries.slice(from - 1, from - 1 + page.length));
        const next = entries[from - 1 + page.length];
        if (page.length > 1) expect(bytesOf(page)).toBeLessThanOrEqual(limit.bytesMax);
        expect(page.length).toBeGreaterThanOrEqual(1);
        expect(page.length).toBeLessThanOrEqual(limit.entriesMax);
        if (next && page.length < limit.entriesMax) {
          expect(bytesOf([...page, next])).toBeGreaterThan(limit.bytesMax);
        }
      }),
      { numRuns: 50 },
    );
    expect(await store.entries(originOf(1), 61, ALL)).toEqual([]);
    expect(await store.entries(originOf(9), 1, ALL)).toEqual([]);
  });

  it("[LOG3] a change is found by its document and hash", async () => {
    const { store } = await open();
    const entries = [entryOf({ sequence: 1 }), entryOf({ sequence: 2, documentId: idOf(2) })];
    await store.commit(batchOf({ entries }));
    for (const { origin, sequence, documentId, hash } of entries) {
      expect(await store.positionOf(documentId ?? "", hash ?? "")).toEqual({ origin, sequence });
    }
    expect(await store.positionOf(idOf(3), entries[0]?.hash ?? "")).toBeUndefined();
  });

  it("[LOG4] [UNK2] a document's changes are those of known kind and version, without quarantined ones", async () => {
    const { store } = await open();
    const entries = [
      entryOf({ sequence: 1 }),
      entryOf({ sequence: 2, documentId: idOf(2) }),
      entryOf({ sequence: 3 }),
      entryOf({ sequence: 4, version: 2 }),
      entryOf({ sequence: 5, kind: 99 }),
      entryOf({ sequence: 6, hash: null }),
      entryOf({ sequence: 7, origin: originOf(1) }),
    ];
    const quarantined = [
      { origin: originOf(1), sequence: 3, reason: "undecodable", detail: "" },
      { origin: originOf(1), sequence: 6, reason: "hash-mismatch", detail: "" },
    ];
    await store.commit(batchOf({ entries, quarantined }));
    await store.commit(batchOf({ entries: entriesOf(1, 1, { origin: originOf(2) }) }));
    const changes = await store.changes([idOf(1), idOf(2), idOf(3)]);
    const texts = (id: string) =>
      changes
        .get(id)
        ?.map(({ bytes }) => Buffer.from(bytes).toString())
        .sort();
    expect(texts(idOf(1))).toEqual(
      [`body 1 of ${originOf(1)}`, `body 1 of ${originOf(2)}`, `body 7 of ${originOf(1)}`].sort(),
    );
    expect(texts(idOf(2))).toEqual([`body 2 of ${originOf(1)}`]);
    expect(texts(idOf(3))).toEqual([]);
    for (const id of [idOf(1), idOf(2), idOf(3)]) {
      expect(comparable(await store.changesOf(id))).toEqual(comparable(changes.get(id) ?? []));
    }
    expect(await store.quarantined()).toBe(2);
  });

  it("[LOG4] changes of players and of matches come with their hash and where they stand", async () => {
    const { store } = await open();
    const entries = [
      entryOf({ sequence: 1 }),
      entryOf({ sequence: 2, kind: ENTRY_KIND.matchChange, documentId: idOf(2) }),
    ];
    await store.commit(batchOf({ entries }));
    const changes = await store.changes([idOf(1), idOf(2)]);
    for (const { origin, sequence, documentId, hash, body } of entries) {
      const [change, ...others] = changes.get(documentId ?? "") ?? [];
      expect(others).toEqual([]);
      expect(change).toMatchObject({ hash, position: { origin, sequence } });
      expect(Buffer.from(change?.bytes ?? [])).toEqual(body);
      expect(comparable(await store.changesOf(documentId ?? ""))).toEqual(comparable(change ? [change] : []));
    }
  });
}

/** They come in no particular order. */
function comparable(changes: readonly StoredChange[]): unknown[] {
  const plain = changes.map(({ hash, bytes, position }) => ({ hash, bytes: [...bytes], ...position }));
  return plain.sort((one, other) => (one.hash < other.hash ? -1 : 1));
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
}

/** Stores may give bodies as any kind of byte array. */
export function expectSameEntries(actual: readonly Entry[], expected: readonly Entry[]): void {
  const plain = (entry: Entry) => ({ ...entry, body: Buffer.from(entry.body).toString("hex") });
  expect(actual.map(plain)).toEqual(expected.map(plain));
}
