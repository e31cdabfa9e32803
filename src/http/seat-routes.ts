/** Seats in a match: take one, give it up (MAT2). Merged players have theirs in common (CLM4). */
import type { Registry } from "../registry/registry.ts";
import { jsonAnswer } from "./answer.ts";
import { editHeaders } from "./contract/headers.ts";
import { type JoinedAnswer, joined, match, matchPlayerParams } from "./contract/match.ts";
import { writeQuery } from "./contract/position.ts";
import { matchAnswer } from "./match-answer.ts";
import { reached } from "./reach.ts";
import { writtenHeaders } from "./record-answer.ts";
import { requireSelf } from "./rights.ts";
import { defineRoute, type Route } from "./route.ts";

const PATH = "/v1/matches/{id}/players/{playerId}";

export function seatRoutes(registry: Registry): Route[] {
  return [joinRoute(registry), leaveRoute(registry)];
}

function joinRoute(registry: Registry): Route {
  return defineRoute({
    method: "put",
    path: PATH,
    operationId: "joinMatch",
    summary: "Takes a seat in an open match; whoever has one keeps it. A player can do so 16 times a match.",
    access: "player",
    request: { params: matchPlayerParams, query: writeQuery, headers: editHeaders },
    refusals: [
      "match-not-found",
      "player-not-found",
      "player-erased",
      "player-banned",
      "match-not-open",
      "match-full",
      "too-many-entries",
    ],
    responses: { 200: { description: "The match and the seat in it.", schema: joined, headers: ["ETag"] } },
    handle: async ({ caller, author, params: { id, playerId }, headers }) => {
      await reached(registry, headers);
      await requireSelf(registry.players, caller, playerId);
      const written = await registry.matches.join(id, playerId, author());
      const value: JoinedAnswer = {
        match: matchAnswer(written),
        seat: { status: written.seat.status },
      };
      return jsonAnswer(200, value, writtenHeaders(written));
    },
  });
}

function leaveRoute(registry: Registry): Route {
  return defineRoute({
    method: "delete",
    path: PATH,
    operationId: "leaveMatch",
    summary: "Gives up a seat in an open match; whoever has none stays so.",
    access: "player",
    request: { params: matchPlayerParams, query: writeQuery, headers: editHeaders },
    refusals: ["match-not-found", "match-not-open"],
    responses: { 200: { description: "The match as it is now.", schema: match, headers: ["ETag"] } },
    handle: async ({ caller, author, params: { id, playerId }, headers }) => {
      await reached(registry, headers);
      await requireSelf(registry.players, caller, playerId);
      const written = await registry.matches.leave(id, playerId, author());
      return jsonAnswer(200, matchAnswer(written), writtenHeaders(written));
    },
  });
}
