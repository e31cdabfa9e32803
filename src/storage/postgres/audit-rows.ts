/** What operators did (AUD1) on PostgreSQL: what a batch writes of it, and the list, newest first. */
import { type Kysely, sql } from "kysely";
import type { AuditRecord } from "../../../crdt/audit.ts";
import { type AuditPage, type AuditQuery, type AuditRow, auditCursorOf } from "../audit-store.ts";
import { auditsKept } from "../erased-content.ts";
import { keysetPage } from "../keyset-page.ts";
import type { Batch } from "../log-store.ts";
import { COLUMN } from "./binary-array.ts";
import { column, rowSource } from "./row-source.ts";
import { toOrigin } from "./rows.ts";

const { uuid, text, int8, jsonb } = COLUMN;

export const AUDITS = rowSource<Batch, AuditRow>(
  "written_audit",
  [
    column("origin", uuid, ({ position }) => position.origin),
    column("sequence", int8, ({ position }) => position.sequence),
    column("stamp", text, ({ record }) => record.stamp),
    column("action", text, ({ record }) => record.action),
    column("document_id", uuid, ({ record }) => record.documentId ?? null),
    column("body", jsonb, ({ record }) => record),
  ],
  auditsKept,
);

interface AuditColumns {
  readonly origin: string;
  readonly sequence: string;
  readonly body: AuditRecord;
}

export async function listAudits(database: Kysely<unknown>, query: AuditQuery): Promise<AuditPage> {
  const { documentId, action, since, limit, after } = query;
  const filters = [sql`true`];
  if (documentId !== undefined) filters.push(sql`document_id = ${documentId}::uuid`);
  if (action !== undefined) filters.push(sql`action = ${action}`);
  if (since !== undefined) filters.push(sql`stamp >= ${since}`);
  if (after) {
    filters.push(
      sql`(stamp, origin, sequence) < (${after.stamp}, ${after.origin}::uuid, ${after.sequence}::int8)`,
    );
  }
  const { rows } = await sql<AuditColumns>`
    select origin, sequence, body from rollcall_store.audit
    where ${sql.join(filters, sql` and `)}
    order by stamp desc, origin desc, sequence desc
    limit ${limit + 1}`.execute(database);
  const found = rows.map(({ origin, sequence, body }) => ({
    position: { origin: toOrigin(origin), sequence: Number(sequence) },
    record: body,
  }));
  return keysetPage(found, limit, auditCursorOf);
}
