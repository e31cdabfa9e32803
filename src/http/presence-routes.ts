/** Presence: a player is there, for a lease from now on; told to the other servers, and never stored (MAT4). */
import { presence } from "./contract/presence.ts";
import type { HttpOptions } from "./http-options.ts";
import { defineRoute, type Route } from "./route.ts";

export function presenceRoutes({ presence: port }: Pick<HttpOptions, "presence">): Route[] {
  return [
    defineRoute({
      method: "put",
      path: "/v1/presence",
      operationId: "announcePresence",
      summary: "Says that a player is there, and perhaps in which match and where to reach it.",
      access: "player",
      request: { body: presence },
      responses: { 204: { description: "It will be kept for its lease." } },
      handle: ({ body: { playerId, matchId = null, address = null } }) => {
        port.announce({ playerId, matchId, address });
        return { status: 204 };
      },
    }),
  ];
}
