/**
 * The one place where errors become problems (RFC 9457). By class and code, never by message; an error that is
 * not listed here is a fault of ours, answered with a 500 that tells nothing.
 */
import { RollcallError } from "../../crdt/errors.ts";
import type { InputFault, Problem } from "./contract/problem.ts";
import {
  InvalidRequestError,
  MethodNotAllowedError,
  UnauthorizedError,
  UnsupportedMediaTypeError,
} from "./errors.ts";

/** An error as it is answered, before the request's own particulars are added. */
export interface Answerable {
  readonly problem: Omit<Problem, "instance" | "requestId">;
  readonly headers: { readonly [name: string]: string };
}

interface Kind {
  readonly status: number;
  readonly title: string;
  /** In seconds; what is worth a retry has one. */
  readonly retryAfter?: number;
}

const KINDS: { readonly [code: string]: Kind } = {
  "invalid-request": { status: 400, title: "Invalid request" },
  "malformed-json": { status: 400, title: "Malformed JSON" },
  "malformed-path": { status: 400, title: "Malformed path" },
  "request-aborted": { status: 400, title: "Request aborted" },
  unauthorized: { status: 401, title: "Unauthorized" },
  forbidden: { status: 403, title: "Forbidden" },
  "ops-closed": { status: 403, title: "Operators' endpoints are closed" },
  "path-not-found": { status: 404, title: "Not found" },
  "player-not-found": { status: 404, title: "Player not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "metadata-full": { status: 409, title: "Metadata is full" },
  "precondition-failed": { status: 412, title: "Precondition failed" },
  "body-too-large": { status: 413, title: "Body too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  // The limiter itself says when to come back.
  "rate-limited": { status: 429, title: "Too many requests" },
  "not-replicated-yet": { status: 503, title: "Not replicated yet", retryAfter: 1 },
  "not-ready": { status: 503, title: "Not ready", retryAfter: 2 },
  overloaded: { status: 503, title: "Overloaded", retryAfter: 1 },
  // The server tries to reach its database again every two seconds at least.
  "database-unavailable": { status: 503, title: "Database unavailable", retryAfter: 2 },
  "outcome-unknown": { status: 503, title: "Outcome unknown", retryAfter: 2 },
  // Somebody has to free space.
  "storage-full": { status: 503, title: "Storage full", retryAfter: 30 },
};

const INTERNAL: Answerable = {
  problem: {
    type: typeOf("internal"),
    title: "Internal error",
    status: 500,
    detail: "something went wrong on this server; its log has more under the request's id",
    code: "internal",
  },
  headers: {},
};

const MALFORMED_PATH: Answerable = answerable("malformed-path", "the path is not percent-encoded UTF-8");

/** Whether an error is foreseen: if not, it belongs into the log. */
export function isForeseen(error: unknown): boolean {
  return toAnswerable(error) !== INTERNAL;
}

export function toAnswerable(error: unknown): Answerable {
  // Express throws it for a parameter in the path that cannot be decoded.
  if (error instanceof URIError) return MALFORMED_PATH;
  if (!(error instanceof RollcallError) || !Object.hasOwn(KINDS, error.code)) return INTERNAL;
  const faults = error instanceof InvalidRequestError ? error.faults : undefined;
  return answerable(error.code, error.message, faults, headersOf(error));
}

function answerable(
  code: string,
  detail: string,
  errors?: readonly InputFault[],
  headers: Answerable["headers"] = {},
): Answerable {
  const { status, title, retryAfter } = KINDS[code] as Kind;
  return {
    problem: { type: typeOf(code), title, status, detail, code, ...(errors && { errors: [...errors] }) },
    headers: retryAfter === undefined ? headers : { ...headers, "Retry-After": String(retryAfter) },
  };
}

function headersOf(error: RollcallError): Answerable["headers"] {
  if (error instanceof MethodNotAllowedError) return { Allow: error.allowed.join(", ") };
  if (error instanceof UnsupportedMediaTypeError) return { Accept: error.accepted.join(", ") };
  if (error instanceof UnauthorizedError) {
    const challenge = 'Bearer realm="rollcall"';
    return { "WWW-Authenticate": error.tokenWasSent ? `${challenge}, error="invalid_token"` : challenge };
  }
  return {};
}

function typeOf(code: string): string {
  return `urn:rollcall:problem:${code}`;
}
