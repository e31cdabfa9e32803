/** The part of the log store's contract that is about what operators did (AUD1). */
import fc from "fast-check";
import { expect, it } from "vitest";
import { AUDITED_ACTIONS } from "../../crdt/audit.ts";
import type { AuditCursor, AuditQuery, AuditRow } from "../../src/storage/audit-store.ts";
import type { LogStore } from "../../src/storage/log-store.ts";
import { batchOf, documentOf, idOf, originOf } from "../support/log-fixtures.ts";

const ACTIONS = AUDITED_ACTIONS;

function stampOf(number: number): string {
  return `019ab33c5e7f${number.toString(16).padStart(4, "0")}`;
}

/** Several of one stamp, so that positions have to decide; each fourth is of no document. */
const ROWS: readonly AuditRow[] = Array.from({ length: 90 }, (_, index) => ({
  position: { origin: originOf(1 + (index % 3)), sequence: 1 + index },
  record: {
    stamp: stampOf(index % 20),
    action: ACTIONS[index % ACTIONS.length] ?? "ban",
    by: "ops",
    ...(index % 4 === 0 ? { member: "eu-9" } : { documentId: idOf(index % 5), reason: `'${index}' "😀"` }),
  },
}));

export function auditsContract(open: () => Promise<{ store: LogStore }>): void {
  it("[AUD1] pages by cursor are all that passes every filter, as it was, newest first", async () => {
    const { store } = await open();
    await store.commit(batchOf({ audits: ROWS }));
    const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const queries = fc.record({
      documentId: maybe(...[0, 3, 99].map(idOf)),
      action: maybe(...ACTIONS),
      since: maybe(stampOf(0), stampOf(4), stampOf(20)),
      limit: fc.integer({ min: 1, max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        expect(await all(store, query)).toEqual(expected(query));
      }),
      { numRuns: 60 },
    );
    expect(await all(store, { limit: 7 })).toHaveLength(90);
  });

  it("[ERA1] of an erased document only that it was erased is kept", async () => {
    const { store } = await open();
    const row = (sequence: number, number: number, action: "ban" | "erase"): AuditRow => ({
      position: { origin: originOf(1), sequence },
      record: { stamp: stampOf(sequence), action, by: "ops", documentId: idOf(number) },
    });
    await store.commit(batchOf({ audits: [row(1, 1, "ban"), row(2, 2, "ban")] }));
    await store.commit(
      batchOf({
        documents: [documentOf(1, { erased: true, heads: [] })],
        newDocuments: new Set([idOf(1)]),
        erased: [idOf(1)],
        audits: [row(3, 1, "ban"), row(4, 1, "erase")],
      }),
    );
    expect(await all(store, { limit: 9 })).toEqual([row(4, 1, "erase"), row(2, 2, "ban")]);
  });
}

async function all(store: LogStore, query: AuditQuery): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  let after: AuditCursor | undefined;
  for (;;) {
    const { items, next } = await store.audits({ ...query, after });
    rows.push(...items);
    if (!next) return rows;
    expect(items).toHaveLength(query.limit);
    after = next;
  }
}

/** Straight from the port's words. */
function expected({ documentId, action, since }: AuditQuery): AuditRow[] {
  const newer = (one: AuditRow, other: AuditRow): number =>
    compare(other.record.stamp, one.record.stamp) ||
    compare(other.position.origin, one.position.origin) ||
    other.position.sequence - one.position.sequence;
  return ROWS.filter(({ record }) => documentId === undefined || record.documentId === documentId)
    .filter(({ record }) => action === undefined || record.action === action)
    .filter(({ record }) => since === undefined || record.stamp >= since)
    .sort(newer);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
