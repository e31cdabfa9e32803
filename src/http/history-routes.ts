/** What happened to a document, for operators: its changes, how it was, what lies between, and putting back. */
import type { RecordedChange } from "../registry/document-histories.ts";
import type { Registry } from "../registry/registry.ts";
import { jsonAnswer } from "./answer.ts";
import { changeAnswer } from "./change-answer.ts";
import { documentParams } from "./contract/conflict.ts";
import { operatedPostEditHeaders, readHeaders } from "./contract/headers.ts";
import {
  type DiffAnswer,
  type DocumentAnswer,
  diff,
  diffQuery,
  documentQuery,
  documentView,
  type HistoryAnswer,
  history,
  historyQuery,
  type RecordedChangeAnswer,
  restoration,
} from "./contract/history.ts";
import { CONCURRENT_NAMED_MAX } from "./contract/limits.ts";
import { player } from "./contract/player.ts";
import { writeQuery } from "./contract/position.ts";
import { changesByStamp } from "./cursor.ts";
import { pageAnswer } from "./page-answer.ts";
import { wholePlayerAnswer } from "./player-answer.ts";
import { reached } from "./reach.ts";
import { readAnswer, writtenHeaders } from "./record-answer.ts";
import { defineRoute, type Route } from "./route.ts";

export function historyRoutes(registry: Registry): Route[] {
  return [documentRoute(registry), historyRoute(registry), diffRoute(registry), restoreRoute(registry)];
}

function documentRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/documents/{id}",
    operationId: "readDocument",
    summary: "Reads the registers of a player's or match's document, as they are or as they were.",
    access: "ops",
    request: { params: documentParams, query: documentQuery, headers: readHeaders },
    refusals: ["document-not-found", "player-erased", "unknown-head"],
    responses: { 200: { description: "The document.", schema: documentView, headers: ["ETag"] } },
    compressed: true,
    handle: async ({ params: { id }, query: { at }, headers }) => {
      await reached(registry, headers);
      const { kind, heads, values } = await registry.histories.at(id, at?.split(","));
      const value: DocumentAnswer = { id, kind, heads: [...heads], document: Object.fromEntries(values) };
      return readAnswer(heads, value);
    },
  });
}

function historyRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/documents/{id}/history",
    operationId: "listChangesOfDocument",
    summary: "Lists the changes of a player or match, newest first, each with what it did not know of.",
    access: "ops",
    request: { params: documentParams, query: historyQuery, headers: readHeaders },
    refusals: ["document-not-found", "player-erased"],
    responses: { 200: { description: "A page.", schema: history } },
    compressed: true,
    handle: async ({ params: { id }, query, headers }) => {
      const after = query.cursor === undefined ? undefined : changesByStamp.parse(query.cursor);
      await reached(registry, headers);
      const page = await registry.histories.page(id, { limit: query.limit, after });
      const value: HistoryAnswer = {
        items: page.items.map((item) => recordedAnswer(registry, item)),
        next: page.next && changesByStamp.format(page.next),
        total: page.total,
      };
      return pageAnswer(value, `/v1/documents/${id}/history`, query);
    },
  });
}

function diffRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/documents/{id}/diff",
    operationId: "compareDocument",
    summary: "Compares a document at two sets of heads.",
    access: "ops",
    request: { params: documentParams, query: diffQuery, headers: readHeaders },
    refusals: ["document-not-found", "player-erased", "unknown-head"],
    responses: { 200: { description: "What reads differently.", schema: diff } },
    compressed: true,
    handle: async ({ params: { id }, query, headers }) => {
      await reached(registry, headers);
      const [from, to] = [query.from.split(","), query.to.split(",")];
      const patches = await registry.histories.between(id, from, to);
      const value: DiffAnswer = { from, to, patches };
      return jsonAnswer(200, value);
    },
  });
}

function restoreRoute(registry: Registry): Route {
  return defineRoute({
    method: "post",
    path: "/v1/documents/{id}/restore",
    operationId: "restoreValue",
    summary: "Puts back what a change of a player's document set: a new change that names it.",
    access: "ops",
    request: {
      params: documentParams,
      query: writeQuery,
      headers: operatedPostEditHeaders,
      body: restoration,
    },
    refusals: [
      "idempotency-key-reused",
      "document-not-found",
      "player-erased",
      "nothing-to-restore",
      "name-taken",
      "name-contested",
      "metadata-full",
    ],
    responses: { 200: { description: "The player as it is now.", schema: player, headers: ["ETag"] } },
    handle: async ({ author, params: { id }, headers, body }) => {
      await reached(registry, headers);
      const { path, change, takeFrom = [] } = body;
      const written = await registry.players.restore(id, { path, change, takeFrom }, author());
      return jsonAnswer(200, wholePlayerAnswer(written), writtenHeaders(written));
    },
  });
}

function recordedAnswer(registry: Registry, item: RecordedChange): RecordedChangeAnswer {
  const { concurrentCount, concurrentWith, met, note, words } = item;
  return {
    ...changeAnswer(item, (origin) => registry.serverOf(origin)),
    concurrentWith: concurrentWith(CONCURRENT_NAMED_MAX),
    concurrentCount,
    ...(note?.restores !== undefined && { restores: note.restores }),
    met: [...met],
    words,
  };
}
