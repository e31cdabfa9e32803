/** The part of the log store's contract that is about conflicts (HIS2). */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Conflict, type ConflictKind, conflictId, latestStamp } from "../../crdt/conflict.ts";
import { BatchRefusedError } from "../../src/storage/errors.ts";
import type { LogStore } from "../../src/storage/log-store.ts";
import type { ConflictCursor, ConflictQuery } from "../../src/storage/record-queries.ts";
import { batchOf, candidateOf, conflictOf, idOf } from "../support/log-fixtures.ts";

const KINDS: readonly ConflictKind[] = ["field", "username", "identity", "seat", "result"];

function stampOf(number: number): string {
  return `019ab33c5e7f${number.toString(16).padStart(4, "0")}`;
}

/** Several of one stamp, so that ids have to decide. */
const CONFLICTS: readonly Conflict[] = Array.from({ length: 120 }, (_, index) => {
  const scope = `${KINDS[index % 5]} ${index}`;
  return conflictOf(index % 9, {
    scope,
    kind: KINDS[index % 5] as ConflictKind,
    id: conflictId(scope, "field"),
    documentIds: [...new Set([idOf(index % 9), idOf(10 + (index % 4))])],
    candidates: [candidateOf("a", { stamp: stampOf(index % 20) }), candidateOf("b", { stamp: stampOf(3) })],
  });
});

export function conflictsContract(open: () => Promise<{ store: LogStore }>): void {
  it("[LOG5] a conflict comes back as it was, whatever its values are", async () => {
    const { store } = await open();
    const values = [
      "",
      "'",
      "\\u0000",
      "😀",
      1.5,
      -1e21,
      true,
      null,
      ["a", 1],
      { b: null, a: { z: 1, y: "😀" } },
    ];
    const conflict = conflictOf(1, {
      scope: "username {a,b} 'x' %",
      candidates: [
        ...values.map((value) => candidateOf(value)),
        { value: "no change", playerId: idOf(2), origin: "0".repeat(32), stamp: stampOf(1) },
      ],
      documentIds: [idOf(1), idOf(2)],
      path: null,
      winner: { a: [1, null] },
    });
    await store.commit(batchOf({ conflictScopes: [conflict.scope], conflicts: [conflict] }));
    const { items } = await store.conflicts({ limit: 9 });
    expect(items).toEqual([conflict]);
    expect(Object.keys(items[0]?.candidates.at(-1) ?? {}).sort()).toEqual([
      "origin",
      "playerId",
      "stamp",
      "value",
    ]);
  });

  it("[LOG5] pages by cursor are all conflicts that pass every filter, newest first", async () => {
    const { store } = await open();
    const conflictScopes = CONFLICTS.map(({ scope }) => scope);
    await store.commit(batchOf({ conflictScopes, conflicts: CONFLICTS }));
    const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const queries = fc.record({
      kind: maybe(...KINDS),
      documentId: maybe(...[0, 3, 11, 99].map(idOf)),
      since: maybe(stampOf(0), stampOf(4), stampOf(19), stampOf(20)),
      limit: fc.integer({ min: 1, max: 130 }),
    });
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        expect(await allIds(store, query)).toEqual(expectedIds(query));
      }),
      { numRuns: 100 },
    );
    expect(await allIds(store, { limit: 7 })).toHaveLength(120);
  });

  it("[LOG5] those of a document are found by the changes that contributed to them", async () => {
    const { store } = await open();
    const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [string, string, string];
    const wroteBy = (number: number, scope: string, ...changes: string[]) =>
      conflictOf(number, {
        scope,
        id: conflictId(scope, "field"),
        candidates: changes.map((change) => candidateOf(change.slice(0, 1), { change })),
      });
    const conflicts = [wroteBy(1, "one", a, b), wroteBy(1, "two", b, c), wroteBy(2, "three", a)];
    await store.commit(batchOf({ conflictScopes: ["one", "two", "three"], conflicts }));
    const scopes = async (changes: string[]) => {
      const { items } = await store.conflicts({ documentId: idOf(1), changes, limit: 9 });
      return items.map(({ scope }) => scope).sort();
    };
    expect(await scopes([a])).toEqual(["one"]);
    expect(await scopes([a, c])).toEqual(["one", "two"]);
    expect(await scopes(["d".repeat(64)])).toEqual([]);
    expect(await scopes([])).toEqual([]);
  });

  it("[LOG2] conflicts are replaced by scope: others stay, and what is not said again goes", async () => {
    const { store } = await open();
    const [a, b, c] = ["region", "platform", "displayName"].map((path) =>
      conflictOf(1, { path, id: conflictId("field 1", "field", path) }),
    ) as [Conflict, Conflict, Conflict];
    const other = conflictOf(2);
    await store.commit(batchOf({ conflictScopes: [a.scope, other.scope], conflicts: [a, b, other] }));
    const changed = { ...b, winner: "eu" };
    await store.commit(batchOf({ conflictScopes: [a.scope], conflicts: [changed, c] }));
    const stored = async () => (await store.conflicts({ limit: 9 })).items;
    expect(await stored()).toHaveLength(3);
    expect(await stored()).toEqual(expect.arrayContaining([changed, c, other]));
    await store.commit(batchOf({ conflictScopes: [a.scope, "username nobody"] }));
    expect(await stored()).toEqual([other]);
  });

  it("[LOG5] a conflict that cannot be stored is refused, and the store goes on", async () => {
    const { store } = await open();
    for (const fields of [
      { candidates: [candidateOf(["\u0000"])] },
      { winner: { "\ud800": 1 } },
      { documentIds: ["nobody"] },
      { scope: `username ${"\u4e00".repeat(900)}` },
    ]) {
      const conflicts = [conflictOf(1, fields)];
      await expect(store.commit(batchOf({ conflicts }))).rejects.toThrow(BatchRefusedError);
    }
    await store.commit(batchOf({ conflicts: [conflictOf(1)] }));
    expect((await store.conflicts({ kind: "\u0000" as ConflictKind, limit: 1 })).items).toEqual([]);
  });
}

async function allIds(store: LogStore, query: ConflictQuery): Promise<string[]> {
  const ids: string[] = [];
  let after: ConflictCursor | undefined;
  for (;;) {
    const { items, next } = await store.conflicts({ ...query, after });
    ids.push(...items.map(({ id }) => id));
    if (!next) return ids;
    expect(items).toHaveLength(query.limit);
    after = next;
  }
}

/** Straight from the port's words. */
function expectedIds({ kind, documentId, since }: ConflictQuery): string[] {
  return CONFLICTS.filter((conflict) => kind === undefined || conflict.kind === kind)
    .filter(({ documentIds }) => documentId === undefined || documentIds.includes(documentId))
    .map((conflict) => ({ id: conflict.id, stamp: latestStamp(conflict) }))
    .filter(({ stamp }) => since === undefined || stamp >= since)
    .sort((a, b) => (a.stamp === b.stamp ? (a.id < b.id ? 1 : -1) : a.stamp < b.stamp ? 1 : -1))
    .map(({ id }) => id);
}
