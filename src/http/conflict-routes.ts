/** Conflicts, for operators: all, or those of one document (HIS2). */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Registry } from "../registry/registry.ts";
import type { ConflictCursor } from "../storage/record-queries.ts";
import type { Answer } from "./answer.ts";
import { conflictAnswer } from "./conflict-answer.ts";
import {
  type ConflictPageAnswer,
  type ConflictQuery,
  conflictListQuery,
  conflictPage,
  documentParams,
} from "./contract/conflict.ts";
import { readHeaders } from "./contract/headers.ts";
import { conflictsByStamp } from "./cursor.ts";
import { pageAnswer } from "./page-answer.ts";
import { type AfterHeaders, reached } from "./reach.ts";
import { defineRoute, type Route } from "./route.ts";
import { stampAt, timeText } from "./time-text.ts";

const LEAST_ID = "00000000-0000-0000-0000-000000000000";

export function conflictRoutes(registry: Registry): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/v1/conflicts",
      operationId: "listConflicts",
      summary: "Lists what rules had to decide between, newest first.",
      access: "ops",
      request: { query: conflictListQuery, headers: readHeaders },
      responses: { 200: { description: "A page.", schema: conflictPage } },
      compressed: true,
      handle: ({ query, headers }) => listConflicts(registry, { path: "/v1/conflicts", query, headers }),
    }),
    defineRoute({
      method: "get",
      path: "/v1/documents/{id}/conflicts",
      operationId: "listConflictsOfDocument",
      summary: "Lists what rules had to decide between that concerns one player or match, newest first.",
      access: "ops",
      request: { params: documentParams, query: conflictListQuery, headers: readHeaders },
      responses: { 200: { description: "A page.", schema: conflictPage } },
      compressed: true,
      handle: ({ params: { id }, query, headers }) => {
        const path = `/v1/documents/${id}/conflicts`;
        return listConflicts(registry, { path, query, headers, documentId: id });
      },
    }),
  ];
}

async function listConflicts(
  registry: Registry,
  request: {
    readonly path: string;
    readonly query: ConflictQuery;
    readonly headers: AfterHeaders;
    readonly documentId?: DocumentId;
  },
): Promise<Answer> {
  const { path, query, headers, documentId } = request;
  const { cursor, since, until, kind, server, limit } = query;
  const after =
    cursor === undefined
      ? until === undefined
        ? undefined
        : earlierThan(until)
      : conflictsByStamp.parse(cursor);
  await reached(registry, headers);
  const sinceStamp = since === undefined ? undefined : stampAt(since);
  const page = await registry.conflicts({ kind, documentId, since: sinceStamp, limit, after }, server);
  const value: ConflictPageAnswer = {
    items: page.items.map((conflict) => conflictAnswer(conflict, (origin) => registry.serverOf(origin))),
    next: page.next && conflictsByStamp.format(page.next),
  };
  const textOf = (moment: number | undefined) => (moment === undefined ? undefined : timeText(moment));
  return pageAnswer(value, path, { ...query, since: textOf(since), until: textOf(until) });
}

/** The list is in the order of each one's last candidate, the newest first: it begins where the time is reached. */
function earlierThan(ms: number): ConflictCursor {
  return { stamp: stampAt(ms), id: LEAST_ID };
}
