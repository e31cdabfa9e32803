/** Players' accounts at platforms: link, unlink. */
import type { Registry } from "../registry/registry.ts";
import { jsonAnswer } from "./answer.ts";
import { writeHeaders } from "./contract/headers.ts";
import { identityParams, player } from "./contract/player.ts";
import { playerAnswer } from "./player-answer.ts";
import { reached } from "./reach.ts";
import { writtenHeaders } from "./record-answer.ts";
import { defineRoute, type Route } from "./route.ts";

const PATH = "/v1/players/{id}/identities/{provider}/{subject}";

export function identityRoutes(registry: Registry): Route[] {
  return [linkRoute(registry), unlinkRoute(registry)];
}

function linkRoute(registry: Registry): Route {
  return defineRoute({
    method: "put",
    path: PATH,
    operationId: "linkIdentity",
    summary: "Links an account at a platform to a player.",
    access: "player",
    request: { params: identityParams, headers: writeHeaders },
    responses: { 200: { description: "The player as it is now.", schema: player } },
    handle: async ({ caller, params: { id, ...identity }, headers }) => {
      await reached(registry, headers);
      const written = await registry.players.linkIdentity(id, identity, { by: caller });
      return jsonAnswer(200, playerAnswer(written, caller), writtenHeaders(written));
    },
  });
}

function unlinkRoute(registry: Registry): Route {
  return defineRoute({
    method: "delete",
    path: PATH,
    operationId: "unlinkIdentity",
    summary: "Unlinks an account from a player; one that is not linked stays so.",
    access: "player",
    request: { params: identityParams, headers: writeHeaders },
    responses: { 200: { description: "The player as it is now.", schema: player } },
    handle: async ({ caller, params: { id, ...identity }, headers }) => {
      await reached(registry, headers);
      const written = await registry.players.unlinkIdentity(id, identity, { by: caller });
      return jsonAnswer(200, playerAnswer(written, caller), writtenHeaders(written));
    },
  });
}
