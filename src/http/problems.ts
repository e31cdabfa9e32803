/**
 * The one place where errors become problems (RFC 9457). By class and code, never by message; an error that is
 * not listed here is a fault of ours, answered with a 500 that tells nothing.
 */
import { RollcallError } from "../../crdt/errors.ts";
import { MatchNotOpenError, NotSeatedError, RanksNotOfSeatedError } from "../../crdt/match-errors.ts";
import { MergeIntoItselfError, NameContestedError, NameTakenError } from "../../crdt/player-errors.ts";
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
import { isRefusalCode, REFUSALS, type Refusal, type RefusalCode } from "./refusals.ts";

/** An error as it is answered, before the request's own particulars are added. */
export interface Answerable {
  readonly problem: Omit<Problem, "instance" | "requestId">;
  readonly headers: { readonly [name: string]: string };
}

const UNAUTHORIZED = 401;
/** What every 401 asks for (RFC 6750, 3). */
const CHALLENGE = 'Bearer realm="rollcall"';

const INTERNAL = answerable(
  "internal",
  "something went wrong on this server; its log has more under the request's id",
);

/** Whether an error is foreseen: if not, it belongs into the log. */
export function isForeseen(error: unknown): boolean {
  return toAnswerable(error) !== INTERNAL;
}

export function toAnswerable(error: unknown): Answerable {
  if (!(error instanceof RollcallError) || !isRefusalCode(error.code)) return INTERNAL;
  return answerable(error.code, error.message, faultsOf(error), headersOf(error));
}

/** Where in the request the error is: in its body, or in the path for what fits no match as it is. */
function faultsOf(error: RollcallError): readonly InputFault[] | undefined {
  if (error instanceof InvalidRequestError) return error.faults;
  if (error instanceof NameTakenError || error instanceof NameContestedError) {
    return [{ pointer: "/username", detail: error.message }];
  }
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
  code: RefusalCode,
  detail: string,
  errors?: readonly InputFault[],
  headers: Answerable["headers"] = {},
): Answerable {
  const { status, title, retryAfterS }: Refusal = REFUSALS[code];
  return {
    problem: { type: typeOf(code), title, status, detail, code, ...(errors && { errors: [...errors] }) },
    headers: retryAfterS === undefined ? headers : { ...headers, "Retry-After": String(retryAfterS) },
  };
}

function headersOf(error: RollcallError): Answerable["headers"] {
  if (error instanceof NotAcknowledgedYetError) return error.headers;
  if (error instanceof RateLimitedError || error instanceof SignInLockedError) {
    return { "Retry-After": String(error.retryAfterS) };
  }
  if (error instanceof MethodNotAllowedError) return { Allow: error.allowed.join(", ") };
  if (error instanceof UnsupportedMediaTypeError) return { Accept: error.accepted.join(", ") };
  if (!isRefusalCode(error.code) || REFUSALS[error.code].status !== UNAUTHORIZED) return {};
  const badToken = error instanceof UnauthorizedError && error.tokenWasSent;
  return { "WWW-Authenticate": badToken ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE };
}

function typeOf(code: string): string {
  return `urn:rollcall:problem:${code}`;
}
