/** Players: register, read, list, edit. */
import { formatPosition, parsePosition } from "../../crdt/position.ts";
import type { Registry, WrittenPlayer } from "../registry/registry.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { editHeaders, readHeaders, readOneHeaders, registerHeaders } from "./contract/headers.ts";
import { WAIT_MS_DEFAULT } from "./contract/limits.ts";
import {
  newPlayer,
  type PlayerPageAnswer,
  player,
  playerListQuery,
  playerPage,
  playerParams,
  playerPatch,
  type RegisteredAnswer,
  registered,
} from "./contract/player.ts";
import { entityTag, matchesStrongly, matchesWeakly } from "./entity-tag.ts";
import { playerAnswer } from "./player-answer.ts";
import { formatPlayerCursor, parsePlayerCursor } from "./player-cursor.ts";
import { defineRoute, type Route } from "./route.ts";

export function playerRoutes(registry: Registry): Route[] {
  return [registerRoute(registry), readRoute(registry), listRoute(registry), editRoute(registry)];
}

function registerRoute(registry: Registry): Route {
  return defineRoute({
    method: "post",
    path: "/v1/players",
    operationId: "registerPlayer",
    summary:
      "Registers a player; one whose identity or idempotency key is known has its unset fields filled.",
    access: "register",
    request: { headers: registerHeaders, body: newPlayer },
    responses: {
      201: { description: "The new player.", schema: registered },
      200: { description: "The player that was there already.", schema: registered },
    },
    handle: async ({ caller, headers, body: { identity, ...fields } }) => {
      await reached(registry, headers);
      const registration = { identity, fields, idempotencyKey: headers["idempotency-key"] };
      const written = await registry.register(registration, { by: caller });
      const value: RegisteredAnswer = { player: playerAnswer(written.player, caller) };
      const location = { Location: `/v1/players/${written.player.id}` };
      return jsonAnswer(written.created ? 201 : 200, value, { ...writtenHeaders(written), ...location });
    },
  });
}

function readRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/players/{id}",
    operationId: "readPlayer",
    summary: "Reads a player.",
    access: "public",
    request: { params: playerParams, headers: readOneHeaders },
    responses: {
      200: { description: "The player.", schema: player },
      304: { description: "The player is as `If-None-Match` says." },
    },
    handle: async ({ caller, params, headers }): Promise<Answer> => {
      await reached(registry, headers);
      const stored = await registry.player(params.id);
      const tag = entityTag(stored.heads);
      const known = headers["if-none-match"];
      if (known !== undefined && matchesWeakly(known, tag)) return { status: 304, headers: { ETag: tag } };
      return jsonAnswer(200, playerAnswer(stored.player, caller), { ETag: tag });
    },
  });
}

function listRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/players",
    operationId: "listPlayers",
    summary: "Lists players that all filters fit, by id, or by name where a prefix is given.",
    access: "public",
    request: { query: playerListQuery, headers: readHeaders },
    responses: { 200: { description: "A page.", schema: playerPage } },
    compressed: true,
    handle: async ({ caller, query, headers }) => {
      const { cursor, ...filters } = query;
      const order = query.prefix === undefined ? "by-id" : "by-name";
      const after = cursor === undefined ? undefined : parsePlayerCursor(cursor, order);
      await reached(registry, headers);
      const page = await registry.players({ ...filters, after });
      const next = page.next && formatPlayerCursor(page.next);
      const value: PlayerPageAnswer = { items: page.items.map((item) => playerAnswer(item, caller)), next };
      return jsonAnswer(200, value, next === null ? {} : { Link: nextLink({ ...query, cursor: next }) });
    },
  });
}

function editRoute(registry: Registry): Route {
  return defineRoute({
    method: "patch",
    path: "/v1/players/{id}",
    operationId: "editPlayer",
    summary: "Edits a player by a JSON merge patch.",
    access: "edit-player",
    request: { params: playerParams, headers: editHeaders, body: playerPatch },
    mediaTypes: ["application/merge-patch+json", "application/json"],
    responses: { 200: { description: "The player as it is now.", schema: player } },
    handle: async ({ caller, params, headers, body }) => {
      await reached(registry, headers);
      const known = headers["if-match"];
      const precondition =
        known === undefined
          ? undefined
          : (heads: readonly string[]) => matchesStrongly(known, entityTag(heads));
      const written = await registry.edit(params.id, body, { by: caller }, precondition);
      return jsonAnswer(200, playerAnswer(written.player, caller), writtenHeaders(written));
    },
  });
}

interface AfterHeaders {
  readonly "rollcall-after"?: string | undefined;
  readonly "rollcall-wait"?: number | undefined;
}

/** Waits for the position that the caller has seen elsewhere. @throws NotReplicatedYetError */
async function reached(registry: Registry, headers: AfterHeaders): Promise<void> {
  const position = headers["rollcall-after"];
  if (position === undefined) return;
  await registry.reach(parsePosition(position), headers["rollcall-wait"] ?? WAIT_MS_DEFAULT);
}

function writtenHeaders({ heads, position }: WrittenPlayer): { [name: string]: string } {
  return { ETag: entityTag(heads), "Rollcall-Position": formatPosition(position) };
}

/** Relative, as the next page is the same on every server. */
function nextLink(query: { readonly [name: string]: string | number | undefined }): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return `</v1/players?${parameters}>; rel="next"`;
}
