/** A route as an operation of the OpenAPI document. */
import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import type { Access } from "./access.ts";
import { EXAMPLES } from "./examples/examples.ts";
import { headersOfAnswer } from "./openapi-headers.ts";
import { refusalName, refusalsOf } from "./openapi-refusals.ts";
import { tagOf } from "./openapi-tags.ts";
import type { Route } from "./route.ts";

/** The name of the security scheme. */
export const TOKEN = "token";

export function operationOf(route: Route): RouteConfig {
  const { method, path, operationId, summary, access, request } = route;
  const { params, query, headers } = request;
  return {
    method,
    path,
    operationId,
    summary,
    tags: [tagOf(path)],
    security: securityOf(access),
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...(headers && { headers }),
      ...bodyOf(route),
    },
    responses: {
      ...Object.fromEntries(
        Object.keys(route.responses).map((status) => [status, goodAnswer(route, Number(status))]),
      ),
      ...Object.fromEntries(
        refusalsOf(route).map((refusal) => [
          refusal.status,
          { $ref: `#/components/responses/${refusalName(refusal)}` },
        ]),
      ),
    },
  };
}

function bodyOf({ operationId, mediaTypes, bodyOptional = false, request: { body } }: Route) {
  if (!body) return {};
  const example = EXAMPLES[operationId]?.body;
  const content = { schema: body, ...(example !== undefined && { example }) };
  return {
    body: { content: Object.fromEntries(mediaTypes.map((type) => [type, content])), required: !bodyOptional },
  };
}

function goodAnswer(route: Route, status: number) {
  const { description = "", schema, contentType = "application/json" } = route.responses[status] ?? {};
  const headers = headersOfAnswer(route, status);
  const example = EXAMPLES[route.operationId]?.answers[status];
  const shown = { ...(schema && { schema }), ...(example !== undefined && { example }) };
  const hasBody = schema !== undefined || contentType !== "application/json";
  return { description, headers, ...(hasBody && { content: { [contentType]: shown } }) };
}

/** An empty requirement: no token is needed. Where writes are open, a player's calls need none either. */
function securityOf(access: Access): Record<string, string[]>[] {
  return access === "public" ? [{}, { [TOKEN]: [] }] : [{ [TOKEN]: [] }];
}
