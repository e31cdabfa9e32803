/** The list of conflicts, newest first. */
import { type Kysely, sql } from "kysely";
import type { Conflict } from "../../../crdt/conflict.ts";
import { keysetPage } from "../keyset-page.ts";
import type { ConflictPage, ConflictQuery } from "../record-queries.ts";
import { isStorableText } from "../storable.ts";

interface ConflictColumns {
  readonly id: string;
  readonly stamp: string;
  readonly body: Conflict;
}

export async function listConflicts(database: Kysely<unknown>, query: ConflictQuery): Promise<ConflictPage> {
  const { kind, documentId, changes, since, limit, after } = query;
  const texts = [kind, since, after?.stamp];
  if (!texts.every((text) => text === undefined || isStorableText(text))) return { items: [], next: null };
  const filters = [sql`true`];
  if (kind !== undefined) filters.push(sql`kind = ${kind}`);
  if (since !== undefined) filters.push(sql`stamp >= ${since}`);
  if (changes) {
    filters.push(sql`exists (select from jsonb_array_elements(body -> 'candidates') candidate
      where candidate ->> 'change' = any(${[...changes]}::text[]))`);
  }
  if (after) filters.push(sql`(stamp, id) < (${after.stamp}, ${after.id}::uuid)`);
  // Those of one document are few: they are found first and sorted then, whatever the planner thinks of it.
  const source =
    documentId === undefined
      ? sql`rollcall_store.conflict`
      : sql`(select * from rollcall_store.conflict
          where document_ids @> array[${documentId}::uuid] offset 0) concerned`;
  const { rows } = await sql<ConflictColumns>`
    select id, stamp, body from ${source}
    where ${sql.join(filters, sql` and `)}
    order by stamp desc, id desc
    limit ${limit + 1}`.execute(database);
  const { items, next } = keysetPage(rows, limit, ({ stamp, id }) => ({ stamp, id }));
  return { items: items.map(({ body }) => body), next };
}
