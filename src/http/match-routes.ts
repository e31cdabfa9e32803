/** Matches: create, read, list, start, cancel. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Registry } from "../registry/registry.ts";
import type { Caller } from "./access.ts";
import { jsonAnswer } from "./answer.ts";
import { postEditHeaders, postHeaders, readHeaders } from "./contract/headers.ts";
import {
  type MatchPageAnswer,
  match,
  matchListQuery,
  matchPage,
  matchParams,
  newMatch,
} from "./contract/match.ts";
import { writeQuery } from "./contract/position.ts";
import { matchesByCreation } from "./cursor.ts";
import { matchAnswer } from "./match-answer.ts";
import { pageAnswer } from "./page-answer.ts";
import { reached } from "./reach.ts";
import { readAnswer, writtenHeaders } from "./record-answer.ts";
import type { RefusalCode } from "./refusals.ts";
import { requireSelf } from "./rights.ts";
import { defineRoute, type Route } from "./route.ts";

export function matchRoutes(registry: Registry): Route[] {
  return [
    createRoute(registry),
    readRoute(registry),
    listRoute(registry),
    factRoute(registry, {
      fact: "start",
      operationId: "startMatch",
      summary: "Starts an open match: nobody is seated any more; one that was started stays as it is.",
      refusals: ["match-not-open", "match-empty"],
    }),
    factRoute(registry, {
      fact: "cancel",
      operationId: "cancelMatch",
      summary: "Cancels a match that is not over; one that was cancelled stays as it is.",
      refusals: ["match-over"],
    }),
  ];
}

function createRoute(registry: Registry): Route {
  return defineRoute({
    method: "post",
    path: "/v1/matches",
    operationId: "createMatch",
    summary: "Creates a match and seats its host; one whose idempotency key is known is answered as it is.",
    access: "player",
    request: { query: writeQuery, headers: postHeaders, body: newMatch },
    refusals: ["idempotency-key-reused", "player-not-found", "player-erased", "player-banned"],
    responses: {
      201: {
        description: "The match, new or of an earlier request with this key.",
        schema: match,
        headers: ["ETag", "Location"],
      },
    },
    handle: async ({ caller, headers, body }) => {
      await reached(registry, headers);
      const hostId = body.hostId ?? (caller.kind === "player" ? caller.id : undefined);
      await requireSelf(registry.players, caller, hostId ?? null);
      const creation = { ...body, hostId, idempotencyKey: headers["idempotency-key"] };
      const written = await registry.matches.create(creation, { by: caller.kind });
      const location = { Location: `/v1/matches/${written.match.id}` };
      return jsonAnswer(201, matchAnswer(written), { ...writtenHeaders(written), ...location });
    },
  });
}

function readRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/matches/{id}",
    operationId: "readMatch",
    summary: "Reads a match.",
    access: "public",
    request: { params: matchParams, headers: readHeaders },
    refusals: ["match-not-found"],
    responses: { 200: { description: "The match.", schema: match, headers: ["ETag"] } },
    compressed: true,
    handle: async ({ params, headers }) => {
      await reached(registry, headers);
      const view = await registry.matchReads.read(params.id);
      return readAnswer(view.heads, matchAnswer(view));
    },
  });
}

function listRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/matches",
    operationId: "listMatches",
    summary: "Lists matches that all filters fit, newest first; open ones while their host is heard.",
    access: "public",
    request: { query: matchListQuery, headers: readHeaders },
    responses: { 200: { description: "A page.", schema: matchPage } },
    compressed: true,
    handle: async ({ query, headers }) => {
      const { cursor, ...filters } = query;
      const after = cursor === undefined ? undefined : matchesByCreation.parse(cursor);
      await reached(registry, headers);
      const page = await registry.matchReads.list({ ...filters, after });
      const value: MatchPageAnswer = {
        items: page.items.map(matchAnswer),
        next: page.next && matchesByCreation.format(page.next),
      };
      return pageAnswer(value, "/v1/matches", query);
    },
  });
}

/** Starting and cancelling differ in their names alone. */
function factRoute(
  registry: Registry,
  {
    fact,
    refusals,
    ...described
  }: {
    readonly fact: "start" | "cancel";
    readonly operationId: string;
    readonly summary: string;
    readonly refusals: readonly RefusalCode[];
  },
): Route {
  return defineRoute({
    method: "post",
    path: `/v1/matches/{id}/${fact}`,
    ...described,
    access: "player",
    request: { params: matchParams, query: writeQuery, headers: postEditHeaders },
    refusals: ["match-not-found", "idempotency-key-reused", ...refusals],
    responses: { 200: { description: "The match as it is now.", schema: match, headers: ["ETag"] } },
    handle: async ({ caller, author, params: { id }, headers }) => {
      await reached(registry, headers);
      await requireHost(registry, caller, id);
      const written = await registry.matches[fact](id, author());
      return jsonAnswer(200, matchAnswer(written), writtenHeaders(written));
    },
  });
}

/** Of a match without a host, nobody is. @throws MatchNotFoundError, ForbiddenError */
async function requireHost({ matchReads, players }: Registry, caller: Caller, id: DocumentId): Promise<void> {
  if (caller.kind !== "player") return;
  const { match: hosted } = await matchReads.read(id);
  await requireSelf(players, caller, hosted.hostId);
}
