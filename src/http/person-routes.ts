/** What concerns the person behind a player: merge two players of one (CLM4), erase (ERA1), export. */
import type { Registry } from "../registry/registry.ts";
import { jsonAnswer } from "./answer.ts";
import { playerExport } from "./contract/export.ts";
import { operatedEditHeaders, operatedPostEditHeaders, readHeaders } from "./contract/headers.ts";
import { type ErasedAnswer, erased, player, playerMerge, playerParams } from "./contract/player.ts";
import { reasonedWriteQuery, writeQuery } from "./contract/position.ts";
import { exportAnswer } from "./export-answer.ts";
import { wholePlayerAnswer } from "./player-answer.ts";
import { reached } from "./reach.ts";
import { positionHeader, writtenHeaders } from "./record-answer.ts";
import { requireSelf } from "./rights.ts";
import { defineRoute, type Route } from "./route.ts";

export function personRoutes(registry: Registry): Route[] {
  return [eraseRoute(registry), mergeRoute(registry), exportRoute(registry)];
}

function eraseRoute(registry: Registry): Route {
  return defineRoute({
    method: "delete",
    path: "/v1/players/{id}",
    operationId: "erasePlayer",
    summary: "Erases a player and its history, on every server that hears of it. Nothing brings it back.",
    access: "player-or-ops",
    request: { params: playerParams, query: reasonedWriteQuery, headers: operatedEditHeaders },
    refusals: ["player-not-found"],
    responses: { 202: { description: "Erased here; the others follow.", schema: erased } },
    handle: async ({ caller, author, params: { id }, headers }) => {
      await reached(registry, headers);
      await requireSelf(registry.players, caller, id);
      const { position } = await registry.players.erase(id, author());
      const value: ErasedAnswer = { id, status: "erased" };
      return jsonAnswer(202, value, positionHeader(position));
    },
  });
}

function mergeRoute(registry: Registry): Route {
  return defineRoute({
    method: "post",
    path: "/v1/players/{id}/merge",
    operationId: "mergePlayer",
    summary: "Says that two players are one; the one with the lesser id survives.",
    access: "ops",
    request: { params: playerParams, query: writeQuery, headers: operatedPostEditHeaders, body: playerMerge },
    refusals: ["idempotency-key-reused", "player-not-found", "player-erased", "merge-into-itself"],
    responses: { 200: { description: "The survivor.", schema: player, headers: ["ETag"] } },
    handle: async ({ author, params: { id }, headers, body: { into } }) => {
      await reached(registry, headers);
      const written = await registry.players.merge(id, into, author());
      return jsonAnswer(200, wholePlayerAnswer(written), writtenHeaders(written));
    },
  });
}

function exportRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/players/{id}/export",
    operationId: "exportPlayer",
    summary: "Everything that is held on a player, with its history.",
    access: "player-or-ops",
    request: { params: playerParams, headers: readHeaders },
    refusals: ["player-not-found", "player-erased"],
    responses: { 200: { description: "The export.", schema: playerExport } },
    compressed: true,
    handle: async ({ caller, params: { id }, headers }) => {
      await reached(registry, headers);
      await requireSelf(registry.players, caller, id);
      const exported = await registry.players.export(id);
      return jsonAnswer(
        200,
        exportAnswer(exported, (origin) => registry.serverOf(origin)),
      );
    },
  });
}
