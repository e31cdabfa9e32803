/** Players: register, read, list, edit. */
import type { Registry } from "../registry/registry.ts";
import { jsonAnswer } from "./answer.ts";
import { editHeaders, readHeaders, registrationHeaders } from "./contract/headers.ts";
import { SECRET_LENGTH_MIN } from "./contract/limits.ts";
import {
  newPlayer,
  type PlayerPageAnswer,
  player,
  playerListQuery,
  playerPage,
  playerParams,
  playerPatch,
} from "./contract/player.ts";
import { writeQuery } from "./contract/position.ts";
import { type RegisteredAnswer, registered } from "./contract/session.ts";
import { playersById, playersByName } from "./cursor.ts";
import { pageAnswer } from "./page-answer.ts";
import { playerAnswer } from "./player-answer.ts";
import { reached } from "./reach.ts";
import { readAnswer, writtenHeaders } from "./record-answer.ts";
import { requireSelf, seesWhole, whoseWhole } from "./rights.ts";
import { defineRoute, type Route } from "./route.ts";
import { provedWithin, type SessionParts, sessionAnswer } from "./session-routes.ts";
import { IN_BODY } from "./sessions/identity-proof.ts";

export function playerRoutes(registry: Registry, sessions: SessionParts): Route[] {
  return [registerRoute(registry, sessions), readRoute(registry), listRoute(registry), editRoute(registry)];
}

function registerRoute(registry: Registry, { tokens, proof, limits }: SessionParts): Route {
  return defineRoute({
    method: "post",
    path: "/v1/players",
    operationId: "registerPlayer",
    summary:
      "Registers a player; one whose identity or idempotency key is known has its unset fields filled.",
    access: "public",
    request: { query: writeQuery, headers: registrationHeaders, body: newPlayer },
    refusals: [
      "identity-refused",
      "forbidden",
      "name-taken",
      "identity-given-up",
      "metadata-full",
      "player-erased",
      "sign-in-locked",
      "issuer-keys-missing",
    ],
    responses: {
      201: { description: "The new player.", schema: registered, headers: ["ETag", "Location"] },
      200: {
        description: "The player that was there already.",
        schema: registered,
        headers: ["ETag", "Location"],
      },
    },
    handle: async ({ caller, address, headers, body: { identity, ...fields } }) => {
      const idempotencyKey = headers["idempotency-key"];
      const proved =
        identity &&
        (await provedWithin(limits, { caller, address, proof: { identity } }, () =>
          proof.proved(identity, caller, IN_BODY),
        ));
      await reached(registry, headers);
      const relinks = caller.kind === "key";
      const registration = { identity: proved, fields, idempotencyKey, relinks };
      const written = await registry.players.register(registration, { by: caller.kind });
      const { player, status, created } = written;
      const isTheirs = created || proved || caller.kind === "key" || isSecret(idempotencyKey);
      const session = isTheirs && status === "active" ? tokens.issue(player.id) : undefined;
      const value: RegisteredAnswer = {
        player: playerAnswer(written, await seesWhole(registry.players, caller, player.id)),
        ...(session && { session: sessionAnswer(session) }),
      };
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
    summary: "Reads a player; one who was merged into another answers with that one.",
    access: "public",
    request: { params: playerParams, headers: readHeaders },
    refusals: ["player-not-found", "player-erased"],
    responses: { 200: { description: "The player.", schema: player, headers: ["ETag"] } },
    handle: async ({ caller, params, headers }) => {
      await reached(registry, headers);
      const whole = await seesWhole(registry.players, caller, params.id);
      const view = await registry.players.read(params.id, { whole });
      return readAnswer(view.heads, playerAnswer(view, whole));
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
      const { cursor, status, ...filters } = query;
      const codec = query.prefix === undefined ? playersById : playersByName;
      const after = cursor === undefined ? undefined : codec.parse(cursor);
      await reached(registry, headers);
      // Nothing is left of an erased player that could be listed.
      const page =
        status === "erased"
          ? { items: [], next: null }
          : await registry.players.list({ ...filters, status, after });
      const isWhole = await whoseWhole(registry.players, caller);
      const value: PlayerPageAnswer = {
        items: page.items.map((item) => playerAnswer(item, isWhole(item.player.id))),
        next: page.next && codec.format(page.next),
      };
      return pageAnswer(value, "/v1/players", query);
    },
  });
}

function editRoute(registry: Registry): Route {
  return defineRoute({
    method: "patch",
    path: "/v1/players/{id}",
    operationId: "editPlayer",
    summary: "Edits a player by a JSON merge patch.",
    access: "player",
    request: { params: playerParams, query: writeQuery, headers: editHeaders, body: playerPatch },
    mediaTypes: ["application/merge-patch+json", "application/json"],
    refusals: ["player-not-found", "player-erased", "name-taken", "name-contested", "metadata-full"],
    responses: { 200: { description: "The player as it is now.", schema: player, headers: ["ETag"] } },
    handle: async ({ caller, author, params, headers, body }) => {
      await reached(registry, headers);
      await requireSelf(registry.players, caller, params.id);
      const written = await registry.players.edit(params.id, body, author());
      return jsonAnswer(200, playerAnswer(written, caller.kind !== "open"), writtenHeaders(written));
    },
  });
}

/** Whoever repeats a key that nobody can guess is who registered by it. */
function isSecret(idempotencyKey: string | undefined): boolean {
  return idempotencyKey !== undefined && idempotencyKey.length >= SECRET_LENGTH_MIN;
}
