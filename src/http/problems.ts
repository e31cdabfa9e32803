/**
 * The one place where errors become problems (RFC 9457). By class and code, never by message; an error that is
 * not listed here is a fault of ours, answered with a 500 that tells nothing.
 */
import { RollcallError } from "../../crdt/errors.ts";
import { MatchNotOpenError, NotSeatedError, RanksNotOfSeatedError } from "../../crdt/match-errors.ts";
import { MergeIntoItselfError } from "../../crdt/player-errors.ts";
import type { InputFault, Problem } from "./contract/problem.ts";
import {
  InvalidRequestError,
  MethodNotAllowedError,
  NotAcknowledgedYetError,
  RateLimitedError,
  SignInLockedError,
  UnauthorizedError,
  UnsupportedMediaTypeError,
} from "./errors.ts";
import { FAULTS_MAX } from "./json-guard.ts";
import { jsonPointer } from "./json-pointer.ts";

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
  "merge-into-itself": { status: 400, title: "Merge into itself" },
  "ranks-not-of-seated": { status: 400, title: "Ranks are not of the seated" },
  "malformed-path": { status: 400, title: "Malformed path" },
  "request-aborted": { status: 400, title: "Request aborted" },
  unauthorized: { status: 401, title: "Unauthorized" },
  "session-refused": { status: 401, title: "Session refused" },
  "identity-refused": { status: 401, title: "Identity refused" },
  "identity-unknown": { status: 401, title: "Identity is unknown" },
  "foreign-page": { status: 403, title: "Page of another site" },
  forbidden: { status: 403, title: "Forbidden" },
  "ops-closed": { status: 403, title: "Operators' endpoints are closed" },
  "player-banned": { status: 403, title: "Player is banned" },
  "not-seated": { status: 403, title: "Not seated" },
  "path-not-found": { status: 404, title: "Not found" },
  "player-not-found": { status: 404, title: "Player not found" },
  "match-not-found": { status: 404, title: "Match not found" },
  "ban-not-found": { status: 404, title: "Ban not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "metadata-full": { status: 409, title: "Metadata is full" },
  "name-taken": { status: 409, title: "Name is taken" },
  "name-contested": { status: 409, title: "Name is contested" },
  "identity-taken": { status: 409, title: "Identity is taken" },
  "identity-given-up": { status: 409, title: "Identity was given up" },
  "match-not-open": { status: 409, title: "Match is not open" },
  "match-full": { status: 409, title: "Match is full" },
  "too-many-entries": { status: 409, title: "Too many entries" },
  "match-empty": { status: 409, title: "Match is empty" },
  "match-not-running": { status: 409, title: "Match is not running" },
  "match-over": { status: 409, title: "Match is over" },
  "result-settled": { status: 409, title: "Result is settled" },
  "player-erased": { status: 410, title: "Player was erased" },
  "precondition-failed": { status: 412, title: "Precondition failed" },
  "body-too-large": { status: 413, title: "Body too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "idempotency-key-reused": { status: 422, title: "Idempotency key was used" },
  // The errors themselves say when to come back.
  "rate-limited": { status: 429, title: "Too many requests" },
  "sign-in-locked": { status: 429, title: "Sign-in is locked" },
  "not-replicated-yet": { status: 503, title: "Not replicated yet", retryAfter: 1 },
  "not-ready": { status: 503, title: "Not ready", retryAfter: 2 },
  "too-many-listeners": { status: 503, title: "Too many listeners", retryAfter: 5 },
  overloaded: { status: 503, title: "Overloaded", retryAfter: 1 },
  // The server tries to reach its database again every two seconds at least.
  "database-unavailable": { status: 503, title: "Database unavailable", retryAfter: 2 },
  "outcome-unknown": { status: 503, title: "Outcome unknown", retryAfter: 2 },
  // They are asked for once a minute.
  "issuer-keys-missing": { status: 503, title: "Issuer's keys are missing", retryAfter: 30 },
  // Somebody has to free space.
  "storage-full": { status: 503, title: "Storage full", retryAfter: 30 },
  "not-acknowledged-yet": { status: 504, title: "Not acknowledged yet" },
};

const UNAUTHORIZED = 401;
/** What every 401 asks for (RFC 6750, 3). */
const CHALLENGE = 'Bearer realm="rollcall"';

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

/** Whether an error is foreseen: if not, it belongs into the log. */
export function isForeseen(error: unknown): boolean {
  return toAnswerable(error) !== INTERNAL;
}

export function toAnswerable(error: unknown): Answerable {
  if (!(error instanceof RollcallError) || !Object.hasOwn(KINDS, error.code)) return INTERNAL;
  return answerable(error.code, error.message, faultsOf(error), headersOf(error));
}

/** Where in the request the error is: in its body, or in the path for what fits no match as it is. */
function faultsOf(error: RollcallError): readonly InputFault[] | undefined {
  if (error instanceof InvalidRequestError) return error.faults;
  if (error instanceof MergeIntoItselfError) return [{ pointer: "/into", detail: error.message }];
  if (error instanceof NotSeatedError) return [{ parameter: "playerId", detail: error.message }];
  if (error instanceof MatchNotOpenError) return [{ parameter: "id", detail: error.message }];
  if (error instanceof RanksNotOfSeatedError) return rankFaults(error);
  return undefined;
}

/** Each stranger where it stands, then who is missing. */
function rankFaults({ strangers, missing }: RanksNotOfSeatedError): InputFault[] {
  const faults = [
    ...strangers.map((id) => ({ pointer: jsonPointer(["ranks", id]), detail: "is not seated in the match" })),
    ...missing.map((id) => ({ pointer: "/ranks", detail: `lacks ${id}, who is seated` })),
  ];
  // Ranks of nobody seated are wrong as a whole.
  if (faults.length === 0) return [{ pointer: "/ranks", detail: "nobody is seated in the match" }];
  return faults.slice(0, FAULTS_MAX);
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
  if (error instanceof NotAcknowledgedYetError) return error.headers;
  if (error instanceof RateLimitedError || error instanceof SignInLockedError) {
    return { "Retry-After": String(error.retryAfterS) };
  }
  if (error instanceof MethodNotAllowedError) return { Allow: error.allowed.join(", ") };
  if (error instanceof UnsupportedMediaTypeError) return { Accept: error.accepted.join(", ") };
  if (KINDS[error.code]?.status !== UNAUTHORIZED) return {};
  const badToken = error instanceof UnauthorizedError && error.tokenWasSent;
  return { "WWW-Authenticate": badToken ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE };
}

function typeOf(code: string): string {
  return `urn:rollcall:problem:${code}`;
}
