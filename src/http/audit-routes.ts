/** What operators did, and why (AUD1). */
import { formatPosition } from "../../crdt/position.ts";
import type { Registry } from "../registry/registry.ts";
import type { AuditRow } from "../storage/audit-store.ts";
import { type AuditPageAnswer, type AuditRecordAnswer, auditPage, auditQuery } from "./contract/audit.ts";
import { readHeaders } from "./contract/headers.ts";
import { auditsByStamp } from "./cursor.ts";
import { pageAnswer } from "./page-answer.ts";
import { reached } from "./reach.ts";
import { defineRoute, type Route } from "./route.ts";
import { stampAt, stampTimeText, timeText } from "./time-text.ts";

const PATH = "/v1/audit";

export function auditRoutes(registry: Registry): Route[] {
  return [
    defineRoute({
      method: "get",
      path: PATH,
      operationId: "listAudit",
      summary: "Lists what operators and trusted back ends did to records and members, newest first.",
      access: "ops",
      request: { query: auditQuery, headers: readHeaders },
      responses: { 200: { description: "A page.", schema: auditPage } },
      compressed: true,
      handle: async ({ query, headers }) => {
        const { documentId, action, since, limit, cursor } = query;
        const after = cursor === undefined ? undefined : auditsByStamp.parse(cursor);
        await reached(registry, headers);
        const sinceStamp = since === undefined ? undefined : stampAt(since);
        const page = await registry.audits({ documentId, action, since: sinceStamp, limit, after });
        const value: AuditPageAnswer = {
          items: page.items.map((row) => auditAnswer(registry, row)),
          next: page.next && auditsByStamp.format(page.next),
        };
        return pageAnswer(value, PATH, {
          ...query,
          since: since === undefined ? undefined : timeText(since),
        });
      },
    }),
  ];
}

function auditAnswer(registry: Registry, { position, record }: AuditRow): AuditRecordAnswer {
  const { stamp, ...said } = record;
  return {
    id: formatPosition(position),
    at: stampTimeText(stamp),
    server: registry.serverOf(position.origin) ?? null,
    ...said,
  };
}
