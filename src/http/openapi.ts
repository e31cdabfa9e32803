/** The OpenAPI document, made from the routes and the schemas that validate their requests. */
import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { type Problem, problem } from "./contract/problem.ts";
import { EXAMPLES } from "./examples/examples.ts";
import { HEADERS } from "./openapi-headers.ts";
import { operationOf, TOKEN } from "./openapi-operation.ts";
import { refusalName, refusalResponse, refusalsOf } from "./openapi-refusals.ts";
import { TAG_LIST } from "./openapi-tags.ts";
import { REFUSALS } from "./refusals.ts";
import type { Route } from "./route.ts";

const DESCRIPTION = `A player registry for multiplayer games that has no main server. Any server takes any call; what
one was told, the others come to hold. Problems are RFC 9457, with a stable \`code\`.`;

export function openApiDocument(routes: readonly Route[], version: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", TOKEN, {
    type: "http",
    scheme: "bearer",
    description:
      "The token of a player's session, an API key of a trusted back end, or the operators' token.",
  });
  for (const [name, header] of Object.entries(HEADERS)) registry.registerComponent("headers", name, header);
  for (const [code, { title, when, status }] of Object.entries(REFUSALS)) {
    const value: Problem = {
      type: `urn:rollcall:problem:${code}`,
      title,
      status,
      detail: when,
      instance: "/v1/…",
      code,
      requestId: "5b0a5c1e-6a0e-4f0e-9a0f-3f6d3a1c2b7d",
    };
    registry.registerComponent("examples", code, { summary: title, value });
  }
  for (const refusal of routes.flatMap(refusalsOf)) {
    registry.registerComponent("responses", refusalName(refusal), refusalResponse(refusal));
  }
  for (const route of routes) registry.registerPath(operationOf(route));
  const document = new OpenApiGeneratorV31([
    ...registry.definitions,
    { type: "schema", schema: problem },
  ]).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Rollcall",
      version,
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: TAG_LIST,
  });
  for (const { path, method, operationId } of routes) {
    for (const parameter of document.paths?.[path]?.[method]?.parameters ?? []) {
      if ("in" in parameter && parameter.in === "path") {
        parameter.example = EXAMPLES[operationId]?.params?.[parameter.name];
      }
    }
  }
  return document;
}
