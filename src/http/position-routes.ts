/** Positions: which servers hold what was written. */
import { parsePosition } from "../../crdt/position.ts";
import { jsonAnswer } from "./answer.ts";
import { type PositionAnswer, positionParams, positionReport } from "./contract/position.ts";
import type { HttpOptions } from "./http-options.ts";
import { defineRoute, type Route } from "./route.ts";

export function positionRoutes({ cluster }: Pick<HttpOptions, "cluster">): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/v1/positions/{position}",
      operationId: "readPosition",
      summary: "Which servers hold what was written at a position, as far as this one knows.",
      access: "public",
      request: { params: positionParams },
      refusals: ["database-unavailable"],
      responses: { 200: { description: "The servers, by name.", schema: positionReport } },
      handle: ({ params: { position } }) => {
        const value: PositionAnswer = { position, servers: [...cluster.holders(parsePosition(position))] };
        return jsonAnswer(200, value);
      },
    }),
  ];
}
