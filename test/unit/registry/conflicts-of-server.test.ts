import { describe, expect, it } from "vitest";
import type { Conflict } from "../../../crdt/conflict.ts";
import { conflictsOfServer } from "../../../src/registry/conflicts-of-server.ts";
import type { ConflictCursor, ConflictQuery } from "../../../src/storage/record-queries.ts";
import { candidateOf, conflictOf, originOf } from "../../support/log-fixtures.ts";

/** Newest first; each by `originOf(1)`, and those in `rare` by the second as well. */
function storeOf(count: number, rare: readonly number[]) {
  const all: Conflict[] = Array.from({ length: count }, (_, index) => {
    const stamp = (1_000_000 - index).toString(16).padStart(16, "0");
    const of = (number: number) => candidateOf(`of ${number}`, { stamp, origin: originOf(number) });
    return conflictOf(index, { candidates: [of(1), of(rare.includes(index) ? 2 : 3)] });
  });
  let read = 0;
  const conflicts = async ({ limit, after }: ConflictQuery) => {
    const from = after ? all.findIndex(({ id }) => id === after.id) + 1 : 0;
    const items = all.slice(from, from + limit);
    read += items.length;
    const last = items.at(-1);
    const next =
      from + limit < all.length && last ? { stamp: last.candidates[0]?.stamp ?? "", id: last.id } : null;
    return { items, next };
  };
  return { all, store: { conflicts }, readSoFar: () => read };
}

const isSecond = (origin: string) => origin === originOf(2);

describe("conflicts of a server", () => {
  it("[HIS2] are found over any number of pages, each once, in order", async () => {
    const rare = [0, 3, 499, 500, 501, 2_500, 6_999];
    const { all, store } = storeOf(7_000, rare);
    const found: string[] = [];
    let after: ConflictCursor | undefined;
    for (;;) {
      const page = await conflictsOfServer(store, { limit: 2, after }, isSecond);
      expect(page.items.length).toBeLessThanOrEqual(2);
      found.push(...page.items.map(({ id }) => id));
      if (!page.next) break;
      after = page.next;
    }
    expect(found).toEqual(rare.map((index) => all[index]?.id));
  });

  it("reads no more for a page than a bound, and says where to go on", async () => {
    const { all, store, readSoFar } = storeOf(7_000, []);
    const page = await conflictsOfServer(store, { limit: 20 }, isSecond);
    expect([page.items, page.next?.id]).toEqual([[], all[999]?.id]);
    expect(readSoFar()).toBe(1_000);
  });
});
