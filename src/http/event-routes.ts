/** Events as they happen, for operators and players (EVT1). */
import type { Registry } from "../registry/registry.ts";
import type { Caller } from "./access.ts";
import { eventHeaders, eventStream } from "./contract/event.ts";
import { ForbiddenError, InvalidRequestError, UnauthorizedError } from "./errors.ts";
import { MalformedEventIdError } from "./events/event-id.ts";
import type { Audience } from "./events/event-stream.ts";
import type { HttpOptions } from "./http-options.ts";
import { defineRoute, type Route } from "./route.ts";

const STREAM_TYPE = "text/event-stream; charset=utf-8";
/** Beside the common `no-store`. Nginx, for one, collects what it passes on unless it is told not to. */
const STREAM_HEADERS = { "Cache-Control": "no-store, no-cache, no-transform", "X-Accel-Buffering": "no" };

export function eventRoutes({ registry, events }: Pick<HttpOptions, "registry" | "events">): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/v1/events",
      operationId: "listenToEvents",
      summary:
        "Server-sent events: to operators all changes, conflicts and members, to a player its own changes.",
      access: "player-or-ops",
      request: { headers: eventHeaders },
      refusals: ["too-many-listeners", "not-ready"],
      responses: {
        200: {
          description: "Events, until the connection ends.",
          schema: eventStream,
          contentType: STREAM_TYPE,
        },
      },
      handle: async ({ caller, headers }) => {
        const audience = await audienceOf(registry, caller);
        try {
          const stream = events.listen(audience, headers["last-event-id"]);
          return { status: 200, headers: STREAM_HEADERS, contentType: STREAM_TYPE, stream };
        } catch (error) {
          if (!(error instanceof MalformedEventIdError)) throw error;
          throw new InvalidRequestError([{ parameter: "last-event-id", detail: error.message }]);
        }
      },
    }),
  ];
}

async function audienceOf({ players }: Registry, caller: Caller): Promise<Audience> {
  switch (caller.kind) {
    case "ops":
      return { kind: "ops" };
    case "player":
      return { kind: "player", id: caller.id, personIds: new Set(await players.personIds(caller.id)) };
    case "key":
      throw new ForbiddenError("events are for operators, and for players of what is their own");
    case "open":
      throw new UnauthorizedError("send the operators' token or that of a player's session", false);
  }
}
