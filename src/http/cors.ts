/**
 * Calls from pages of other origins in browsers (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).
 *
 * Nothing here is by cookies, so credentials are not allowed, and `*` gives a page no more than any program has.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { headersOf } from "./common-headers.ts";

/** Origins as browsers send them; `*`: all. */
export type AllowedOrigins = readonly string[] | "*";

const ALLOWED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
const ALLOWED_HEADERS = [
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "If-Match",
  "Last-Event-ID",
  "Rollcall-After",
  "Rollcall-Operator",
  "Rollcall-Wait",
  "X-Request-Id",
].join(", ");
/** What scripts may read of an answer, besides what they always may. */
const EXPOSED_HEADERS = [
  "Date",
  "ETag",
  "Link",
  "Location",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "Rollcall-Peers-Unheard",
  "Rollcall-Position",
  "Rollcall-Server",
  "X-Request-Id",
].join(", ");
/** As long as Chromium remembers at most. */
const PREFLIGHT_LIFETIME_S = 7_200;

/** Whether pages of this origin may call. */
export function isAllowed(allowed: AllowedOrigins, origin: string): boolean {
  return allowed === "*" || allowed.includes(origin);
}

/** For every answer to such a page. None where no origins are allowed. */
export function corsHeaders(allowed: AllowedOrigins, { headers: { origin } }: IncomingMessage): string[] {
  if (allowed.length === 0) return [];
  const vary = allowed === "*" ? [] : ["Vary", "Origin"];
  if (origin === undefined || !isAllowed(allowed, origin)) return vary;
  const allowing = ["Access-Control-Allow-Origin", allowed === "*" ? "*" : origin];
  return [...vary, ...allowing, "Access-Control-Expose-Headers", EXPOSED_HEADERS];
}

/** A browser asks whether a page of an allowed origin may make a request, before it makes it. */
export function isPreflight(allowed: AllowedOrigins, { method, headers }: IncomingMessage): boolean {
  return (
    method === "OPTIONS" &&
    headers["access-control-request-method"] !== undefined &&
    headers.origin !== undefined &&
    isAllowed(allowed, headers.origin)
  );
}

/** The same whatever is asked for: each route says by itself what it serves. */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, [
    ...headersOf(response),
    ...["Access-Control-Allow-Methods", ALLOWED_METHODS],
    ...["Access-Control-Allow-Headers", ALLOWED_HEADERS],
    ...["Access-Control-Max-Age", String(PREFLIGHT_LIFETIME_S)],
  ]);
  response.end();
}
