/** The list of conflicts, newest first. */
import { type Kysely, type RawBuilder, sql } from "kysely";
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
  if (changes && documentId !== undefined) filters.push(sql`document_ids @> array[${documentId}::uuid]`);
  if (kind !== undefined) filters.push(sql`kind = ${kind}`);
  if (since !== undefined) filters.push(sql`stamp >= ${since}`);
  if (after) filters.push(sql`(stamp, id) < (${after.stamp}, ${after.id}::uuid)`);
  const source = sourceOf(query);
  const { rows } = await sql<ConflictColumns>`
    select id, stamp, body from ${source}
    where ${sql.join(filters, sql` and `)}
    order by stamp desc, id desc
    limit ${limit + 1}`.execute(database);
  const { items, next } = keysetPage(rows, limit, ({ stamp, id }) => ({ stamp, id }));
  return { items: items.map(({ body }) => body), next };
}

/** Those of a document, or of some changes, are few: they are found first and sorted then, whatever the planner thinks of it. */
function sourceOf({ documentId, changes }: ConflictQuery): RawBuilder<unknown> {
  if (changes) {
    return sql`(select * from rollcall_store.conflict
      where changes && ${[...changes]}::text[] and changes <> '{}' offset 0) concerned`;
  }
  if (documentId === undefined) return sql`rollcall_store.conflict`;
  return sql`(select * from rollcall_store.conflict
    where document_ids @> array[${documentId}::uuid] offset 0) concerned`;
}
