/**
 * Conflicts to which one server contributed. No index tells: each has several candidates, and a server many
 * incarnations. So the list is read in its order and sifted, so many for a page at most: a page of a server that
 * seldom contributes has few, or none, and says where to go on.
 */
import type { Conflict } from "../../crdt/conflict.ts";
import { latestStamp } from "../../crdt/conflict.ts";
import type { Origin } from "../../crdt/position.ts";
import type { ConflictPage, ConflictQuery, RecordQueries } from "../storage/record-queries.ts";

/** Read for a page at most: some 10 ms. */
const SIFTED_MAX = 1_000;
/** Read at once. */
const READ_MAX = 500;

export async function conflictsOfServer(
  store: Pick<RecordQueries, "conflicts">,
  { limit, ...query }: ConflictQuery,
  isOfServer: (origin: Origin) => boolean,
): Promise<ConflictPage> {
  const items: Conflict[] = [];
  let after = query.after;
  for (let sifted = 0; sifted < SIFTED_MAX; ) {
    const page = await store.conflicts({ ...query, limit: READ_MAX, after });
    for (const conflict of page.items) {
      const isTheirs = conflict.candidates.some(({ origin }) => isOfServer(origin));
      if (isTheirs && items.length === limit) return { items, next: after ?? null };
      if (isTheirs) items.push(conflict);
      after = { stamp: latestStamp(conflict), id: conflict.id };
    }
    if (!page.next) return { items, next: null };
    sifted += page.items.length;
  }
  return { items, next: after ?? null };
}
