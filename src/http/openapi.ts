/** The OpenAPI document, made from the routes and the schemas that validate their requests. */
import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from "@asteasolutions/zod-to-openapi";
import type { Access } from "./access.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { PROBLEM_MEDIA_TYPE, problem } from "./contract/problem.ts";
import { defineRoute, type ResponseDescription, type Route } from "./route.ts";

const TOKEN = "token";

/** Paths whose requests are limited. */
const LIMITED = "/v1/";
const TOO_MANY = {
  description: "Too many requests, or sign-ins that were refused: `rate-limited`, `sign-in-locked`.",
  headers: {
    "Retry-After": { description: "In seconds.", required: true, schema: { type: "integer", minimum: 1 } },
  },
  content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } },
} as const;

/** Serves the document of these routes and itself; it is made when first asked for. */
export function openApiRoute(routes: readonly Route[], version: string): Route {
  let answer: Answer | undefined;
  const route: Route = defineRoute({
    method: "get",
    path: "/openapi.json",
    operationId: "readOpenApi",
    summary: "This description.",
    access: "public",
    request: {},
    responses: { 200: { description: "OpenAPI 3.1.", contentType: "application/json" } },
    compressed: true,
    handle: () => (answer ??= jsonAnswer(200, openApiDocument([...routes, route], version))),
  });
  return route;
}

function openApiDocument(routes: readonly Route[], version: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", TOKEN, { type: "http", scheme: "bearer" });
  for (const route of routes) registry.registerPath(describe(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: { title: "Rollcall", version, license: { name: "MIT" } },
  });
}

function describe(route: Route): RouteConfig {
  const { method, path, operationId, summary, access, request, mediaTypes, responses } = route;
  const { params, query, headers, body } = request;
  const content = body && Object.fromEntries(mediaTypes.map((type) => [type, { schema: body }]));
  return {
    method,
    path,
    operationId,
    summary,
    security: securityOf(access),
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...(headers && { headers }),
      ...(content && { body: { content, required: true } }),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, made]) => [status, describeAnswer(made)]),
      ),
      ...(path.startsWith(LIMITED) && { 429: TOO_MANY }),
      default: { description: "A problem.", content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } } },
    },
  };
}

function describeAnswer({ description, schema, contentType = "application/json" }: ResponseDescription) {
  if (schema) return { description, content: { [contentType]: { schema } } };
  return contentType === "application/json"
    ? { description }
    : { description, content: { [contentType]: {} } };
}

/** An empty requirement: no token is needed. */
function securityOf(access: Access): Record<string, string[]>[] {
  const isNeeded = access === "ops" || access === "key-or-ops";
  return isNeeded ? [{ [TOKEN]: [] }] : [{}, { [TOKEN]: [] }];
}
