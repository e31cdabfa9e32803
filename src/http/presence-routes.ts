/** Presence: a player is there, for a lease from now on; told to the other servers, and never stored (MAT4). */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Players } from "../registry/players.ts";
import type { Caller } from "./access.ts";
import { presence } from "./contract/presence.ts";
import { InvalidRequestError } from "./errors.ts";
import type { HttpOptions } from "./http-options.ts";
import { requireSelf } from "./rights.ts";
import { defineRoute, type Route } from "./route.ts";

type PresenceOptions = Pick<HttpOptions, "presence" | "registry">;

export function presenceRoutes({ presence: port, registry: { players } }: PresenceOptions): Route[] {
  return [
    defineRoute({
      method: "put",
      path: "/v1/presence",
      operationId: "announcePresence",
      summary: "Says that a player is there, and perhaps in which match and where to reach it.",
      access: "player",
      request: { body: presence },
      responses: { 204: { description: "It will be kept for its lease." } },
      handle: async ({ caller, body: { playerId: given, matchId = null, address = null } }) => {
        const playerId = await whoIsThere(players, caller, given);
        port.announce({ playerId, matchId, address });
        return { status: 204 };
      },
    }),
  ];
}

/** A player itself, as the one that it was merged into; where others speak for it, whom they name. */
async function whoIsThere(
  players: Pick<Players, "survivorsOf">,
  caller: Caller,
  given: DocumentId | undefined,
): Promise<DocumentId> {
  if (given !== undefined) {
    await requireSelf(players, caller, given);
    return given;
  }
  if (caller.kind !== "player") {
    throw new InvalidRequestError([{ pointer: "/playerId", detail: "is needed with an API key" }]);
  }
  const [survivorId = caller.id] = await players.survivorsOf([caller.id]);
  return survivorId;
}
