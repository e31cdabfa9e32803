/** Which problems a route can answer: those that follow from its shape, and those that it names itself. */

import { isWriteQuery } from "./contract/position.ts";
import { PROBLEM_MEDIA_TYPE } from "./contract/problem.ts";
import { headersOfProblem } from "./openapi-headers.ts";
import { REFUSALS, type RefusalCode } from "./refusals.ts";
import type { Route } from "./route.ts";
import { WATCHED } from "./watched-paths.ts";

/** The problems of one status. */
export interface StatusRefusals {
  readonly status: number;
  readonly codes: readonly RefusalCode[];
  /** Whether the answers tell of limits. */
  readonly isLimited: boolean;
}

/** As a component of the document, which operations with the same problems share. */
export function refusalName({ status, codes, isLimited }: StatusRefusals): string {
  return [status, ...codes, ...(isLimited ? [] : ["unlimited"])].join(".");
}

export function refusalResponse({ status, codes, isLimited }: StatusRefusals) {
  return {
    description: codes.map((code) => `\`${code}\`: ${REFUSALS[code].when}`).join("\n\n"),
    headers: headersOfProblem(status, isLimited),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: { $ref: "#/components/schemas/Problem" },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

/** Sorted by status. */
export function refusalsOf(route: Route): StatusRefusals[] {
  const codes = new Set<RefusalCode>([...shapeRefusals(route), ...(route.refusals ?? [])]);
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of codes) {
    const { status } = REFUSALS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const isLimited = !WATCHED.has(route.path);
  return [...byStatus]
    .sort(([one], [other]) => one - other)
    .map(([status, some]) => ({ status, codes: some, isLimited }));
}

function* shapeRefusals({ path, method, access, request }: Route): Iterable<RefusalCode> {
  const { params, headers, body, query } = request;
  const headerNames = Object.keys(headers?.shape ?? {});
  const isWrite = isWriteQuery(query);
  // A query is refused where none is known.
  yield "invalid-request";
  if (params) yield "malformed-path";
  if (body) yield* ["malformed-json", "body-too-large", "unsupported-media-type", "request-aborted"] as const;
  // A token that is sent and not known is refused everywhere.
  yield "unauthorized";
  if (access !== "public") yield "forbidden";
  if (access === "ops") yield "ops-closed";
  if (method !== "get" && access !== "ops" && access !== "key-or-ops") yield "foreign-page";
  if (headerNames.includes("if-match")) yield "precondition-failed";
  if (!WATCHED.has(path)) yield "rate-limited";
  if (headerNames.includes("rollcall-after"))
    yield* ["not-replicated-yet", "database-unavailable", "database-slow"] as const;
  if (isWrite) yield* ["overloaded", "outcome-unknown", "storage-full", "not-acknowledged-yet"] as const;
  yield "internal";
}
