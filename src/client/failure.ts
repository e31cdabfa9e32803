/**
 * What a failed attempt means for its call.
 *
 * `move`: the server is not well; ask another. `behind`: it is well and lacks what the caller has written; ask
 * another. `limited`: the caller asks too often; wait, and do not go around the limit at another server. `final`:
 * every server would say so.
 */
import {
  ProblemError,
  type RollcallError,
  ServerSilentError,
  ServerUnreachableError,
  UnexpectedAnswerError,
} from "./errors.ts";

export type Meaning = "move" | "behind" | "limited" | "final";

const UNABLE_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** Refusals before anything was done, so that even a call that must not happen twice may go to another server. */
const NOTHING_DONE: ReadonlySet<string> = new Set([
  "not-ready",
  "overloaded",
  "database-unavailable",
  "database-slow",
  "storage-full",
]);

/**
 * The server closed a connection over which no whole request had come in time. That is said unasked, and may meet a
 * request that is being sent: then that one was not read, and may be sent again (RFC 9110, 15.5.9).
 */
const NOT_READ_STATUS = 408;

/** @param repeatable whether the call may happen twice: it sets the same values, or has a key of its own. */
export function meaningOf(error: RollcallError, repeatable: boolean): Meaning {
  if (error instanceof ProblemError) {
    // The write stands; only its copies are late.
    if (error.code === "not-acknowledged-yet") return "final";
    if (error.code === "not-replicated-yet") return "behind";
    if (error.status === 429) return "limited";
    if (!UNABLE_STATUSES.has(error.status)) return "final";
    return repeatable || NOTHING_DONE.has(error.code) ? "move" : "final";
  }
  if (isNotRead(error)) return "move";
  if (!repeatable) return "final";
  if (error instanceof UnexpectedAnswerError) return error.retryable ? "move" : "final";
  return error instanceof ServerUnreachableError || error instanceof ServerSilentError ? "move" : "final";
}

/** Whether it is the server that is not well, and not the request. */
export function isOfServer(error: RollcallError): boolean {
  return meaningOf(error, true) === "move";
}

/** Whether the server may have done what was asked, although it did not say so. */
export function mayBeDone(error: RollcallError): boolean {
  if (error instanceof ProblemError) return error.code === "outcome-unknown";
  return !isNotRead(error);
}

function isNotRead(error: RollcallError): boolean {
  return error instanceof UnexpectedAnswerError && error.status === NOT_READ_STATUS;
}
