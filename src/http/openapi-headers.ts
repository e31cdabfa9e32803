/** The headers of answers, as the OpenAPI document names them. */

import { isWriteQuery } from "./contract/position.ts";
import type { Route } from "./route.ts";
import { WATCHED } from "./watched-paths.ts";

type HeaderDescription = {
  readonly description: string;
  readonly required?: true;
  readonly schema: { readonly type: "string" | "integer" };
};

const text = { type: "string" } as const;

/** By name; each a component of the document. */
export const HEADERS: { readonly [name: string]: HeaderDescription } = {
  "X-Request-Id": {
    description: "Of this request, in the server's log too; the one that was sent, if it was harmless.",
    required: true,
    schema: text,
  },
  "Rollcall-Server": { description: "The name of the server that answers.", required: true, schema: text },
  "Rollcall-Peers-Unheard": {
    description: "While other servers are not heard: `<name>;<seconds>`, comma-separated.",
    schema: text,
  },
  RateLimit: {
    description: 'What is left, where requests are limited: `"address"; r=<requests>; t=<seconds>`.',
    schema: text,
  },
  "RateLimit-Policy": {
    description: 'The limits, where there are any: `"address"; q=<requests>; w=<seconds>`.',
    schema: text,
  },
  "Rollcall-Position": {
    description: "Where the write stands in the log, `<origin>:<sequence>`: what `Rollcall-After` waits for.",
    required: true,
    schema: text,
  },
  ETag: { description: "A hash of the record's heads.", required: true, schema: text },
  Location: { description: "The path of what was made.", required: true, schema: text },
  Link: { description: 'The path of the next page, with `rel="next"`; none on the last.', schema: text },
  "Retry-After": {
    description: "When to ask again, in seconds.",
    required: true,
    schema: { type: "integer" },
  },
  "WWW-Authenticate": { description: "What to send (RFC 6750).", required: true, schema: text },
};

type HeaderRefs = { [name: string]: { $ref: string } };

/** Of a good answer of a route. */
export function headersOfAnswer({ path, request, responses }: Route, status: number): HeaderRefs {
  const isWrite = isWriteQuery(request.query);
  const isPage = Object.keys(request.query?.shape ?? {}).includes("cursor");
  return refs([
    ...commonNames(!WATCHED.has(path)),
    ...(isWrite ? ["Rollcall-Position"] : []),
    ...(isPage ? ["Link"] : []),
    ...(responses[status]?.headers ?? []),
  ]);
}

/** Of a problem. */
export function headersOfProblem(status: number, isLimited: boolean): HeaderRefs {
  return refs([
    ...commonNames(isLimited),
    ...(status === 429 || status === 503 ? ["Retry-After"] : []),
    ...(status === 401 ? ["WWW-Authenticate"] : []),
    ...(status === 504 ? ["Rollcall-Position"] : []),
  ]);
}

function commonNames(isLimited: boolean): string[] {
  const always = ["X-Request-Id", "Rollcall-Server", "Rollcall-Peers-Unheard"];
  return isLimited ? [...always, "RateLimit", "RateLimit-Policy"] : always;
}

function refs(names: readonly string[]): HeaderRefs {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
