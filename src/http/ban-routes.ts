/** Bans: add one, lift one (PLY3). */
import { jsonAnswer } from "./answer.ts";
import { ban, banParams, newBan } from "./contract/ban.ts";
import { operatedEditHeaders, operatedPostEditHeaders } from "./contract/headers.ts";
import { player, playerParams } from "./contract/player.ts";
import { reasonedWriteQuery, writeQuery } from "./contract/position.ts";
import { InvalidRequestError } from "./errors.ts";
import type { HttpOptions } from "./http-options.ts";
import { banAnswer, wholePlayerAnswer } from "./player-answer.ts";
import { reached } from "./reach.ts";
import { writtenHeaders } from "./record-answer.ts";
import { defineRoute, type Route } from "./route.ts";

type BanOptions = Pick<HttpOptions, "registry" | "nowMs">;

export function banRoutes(options: BanOptions): Route[] {
  return [banRoute(options), liftRoute(options)];
}

function banRoute({ registry, nowMs }: BanOptions): Route {
  return defineRoute({
    method: "post",
    path: "/v1/players/{id}/bans",
    operationId: "banPlayer",
    summary: "Bans a player, for ever or until a time; bans stand beside each other.",
    access: "key-or-ops",
    request: { params: playerParams, query: writeQuery, headers: operatedPostEditHeaders, body: newBan },
    refusals: ["idempotency-key-reused", "player-not-found", "player-erased"],
    responses: { 201: { description: "The new ban.", schema: ban, headers: ["ETag", "Location"] } },
    handle: async ({ author, params: { id }, headers, body: { reason, until } }) => {
      const by = author();
      const isOver = until !== undefined && until <= nowMs();
      if (isOver && !(await registry.requests.isKnown(by.request))) {
        throw new InvalidRequestError([{ pointer: "/until", detail: "must be in the future" }]);
      }
      await reached(registry, headers);
      const given = { reason, untilMs: until ?? null };
      const written = await registry.players.ban(id, given, by);
      const location = { Location: `/v1/players/${written.player.id}/bans/${written.ban.id}` };
      return jsonAnswer(201, banAnswer(written.ban), { ...writtenHeaders(written), ...location });
    },
  });
}

function liftRoute({ registry }: BanOptions): Route {
  return defineRoute({
    method: "delete",
    path: "/v1/players/{id}/bans/{banId}",
    operationId: "liftBan",
    summary: "Lifts one ban of a player; others stay in force.",
    access: "key-or-ops",
    request: { params: banParams, query: reasonedWriteQuery, headers: operatedEditHeaders },
    refusals: ["player-not-found", "ban-not-found", "player-erased"],
    responses: { 200: { description: "The player as it is now.", schema: player, headers: ["ETag"] } },
    handle: async ({ author, params: { id, banId }, headers }) => {
      await reached(registry, headers);
      const written = await registry.players.liftBan(id, banId, author());
      return jsonAnswer(200, wholePlayerAnswer(written), writtenHeaders(written));
    },
  });
}
