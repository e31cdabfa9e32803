/** How a match ended: players' reports, an operator's settlement (MAT3). */
import type { Registry } from "../registry/registry.ts";
import { jsonAnswer } from "./answer.ts";
import { editHeaders, operatedPostEditHeaders } from "./contract/headers.ts";
import { match, matchParams, matchPlayerParams } from "./contract/match.ts";
import { writeQuery } from "./contract/position.ts";
import { type ReportedAnswer, report, reported, settlement } from "./contract/report.ts";
import { matchAnswer } from "./match-answer.ts";
import { reached } from "./reach.ts";
import { writtenHeaders } from "./record-answer.ts";
import { requireSelf } from "./rights.ts";
import { defineRoute, type Route } from "./route.ts";

export function reportRoutes(registry: Registry): Route[] {
  return [reportRoute(registry), settleRoute(registry)];
}

function reportRoute(registry: Registry): Route {
  return defineRoute({
    method: "put",
    path: "/v1/matches/{id}/reports/{playerId}",
    operationId: "reportResult",
    summary: "Says, as a seated player, how the match ended; the result is what the majority says.",
    access: "player",
    request: { params: matchPlayerParams, query: writeQuery, headers: editHeaders, body: report },
    refusals: ["match-not-found", "not-seated", "ranks-not-of-seated", "match-not-running", "result-settled"],
    responses: { 200: { description: "The match as it is now.", schema: reported, headers: ["ETag"] } },
    handle: async ({ caller, author, params: { id, playerId }, headers, body: { ranks } }) => {
      await reached(registry, headers);
      await requireSelf(registry.players, caller, playerId);
      const written = await registry.matches.report(id, playerId, ranks, author());
      const value: ReportedAnswer = { match: matchAnswer(written) };
      return jsonAnswer(200, value, writtenHeaders(written));
    },
  });
}

function settleRoute(registry: Registry): Route {
  return defineRoute({
    method: "post",
    path: "/v1/matches/{id}/settlement",
    operationId: "settleResult",
    summary: "Settles the result of a match, whatever was reported.",
    access: "ops",
    request: { params: matchParams, query: writeQuery, headers: operatedPostEditHeaders, body: settlement },
    refusals: [
      "idempotency-key-reused",
      "match-not-found",
      "ranks-not-of-seated",
      "match-not-running",
      "result-settled",
    ],
    responses: { 200: { description: "The match as it is now.", schema: match, headers: ["ETag"] } },
    handle: async ({ author, params: { id }, headers, body }) => {
      await reached(registry, headers);
      const written = await registry.matches.settle(id, body, author());
      return jsonAnswer(200, matchAnswer(written), writtenHeaders(written));
    },
  });
}
