/**
 * What can go wrong with a call. Programs decide by `code`, which is stable, or by class; never by the message.
 * What the caller itself ends (`signal`) rejects with the signal's reason, as `fetch` does.
 */
import type { InputFault, Problem } from "../http/contract/problem.ts";

export abstract class RollcallError extends Error {
  abstract readonly code: string;
  /** Whether the same call, made again later, may succeed. */
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Another attempt can help with these: a request that was not read, the limit, servers that cannot at the moment. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

export interface ProblemSource {
  /** The URL of the server that answered, as it was given. */
  readonly server: string;
  /** As the server asks by `Retry-After`, milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** A server refused the call: its RFC 9457 problem. */
export class ProblemError extends RollcallError {
  /** The server's own: `name-taken`, `player-not-found`, `not-replicated-yet`, … */
  readonly code: string;
  readonly retryable: boolean;
  readonly status: number;
  /** Names the request in the server's log. */
  readonly requestId: string;
  /** What is wrong with the input, and where. */
  readonly faults: readonly InputFault[];
  /** JSON pointers (RFC 6901) into the body, of the faults that have one. */
  readonly pointers: readonly string[];
  readonly server: string;
  readonly retryAfterMs: number | undefined;
  /**
   * An earlier attempt of this very call ended without an answer and may have been carried out. A refusal such as
   * `precondition-failed` may then come from the call's own success.
   */
  readonly afterUnknownOutcome: boolean;

  constructor(
    problem: Pick<Problem, "code" | "status" | "detail" | "requestId" | "errors">,
    { server, retryAfterMs }: ProblemSource,
    afterUnknownOutcome = false,
  ) {
    super(`${problem.code}: ${problem.detail}`);
    this.code = problem.code;
    this.status = problem.status;
    this.retryable = RETRYABLE_STATUSES.has(problem.status);
    this.requestId = problem.requestId;
    this.faults = problem.errors ?? [];
    this.pointers = this.faults.flatMap(({ pointer }) => (pointer === undefined ? [] : [pointer]));
    this.server = server;
    this.retryAfterMs = retryAfterMs;
    this.afterUnknownOutcome = afterUnknownOutcome;
  }

  /** The same refusal, of a call whose earlier attempt may have been carried out. */
  withUnknownOutcome(): ProblemError {
    const { code, status, message, requestId, faults, server, retryAfterMs } = this;
    const detail = message.slice(code.length + 2);
    return new ProblemError(
      { code, status, detail, requestId, errors: [...faults] },
      { server, retryAfterMs },
      true,
    );
  }
}

/** Something answered that does not speak as Rollcall does: a proxy, or another service. */
export class UnexpectedAnswerError extends RollcallError {
  readonly code = "unexpected-answer";
  readonly retryable: boolean;
  readonly status: number;
  readonly server: string;

  constructor(server: string, status: number, what: string, options?: ErrorOptions) {
    super(`${server} answered ${status} with ${what}; check that this URL is a Rollcall server's`, options);
    this.server = server;
    this.status = status;
    this.retryable = status < 300 || RETRYABLE_STATUSES.has(status);
  }
}

/** One server could not be asked, or its answer broke off. The cause is what `fetch` says of it. */
export class ServerUnreachableError extends RollcallError {
  readonly code = "server-unreachable";
  readonly retryable = true;
  readonly server: string;

  constructor(server: string, options?: ErrorOptions) {
    super(`${server} cannot be reached, or its answer broke off`, options);
    this.server = server;
  }
}

/** One server took longer than an attempt may take. */
export class ServerSilentError extends RollcallError {
  readonly code = "server-silent";
  readonly retryable = true;
  readonly server: string;

  constructor(server: string, waitedMs: number) {
    super(`${server} did not answer within ${Math.round(waitedMs)} ms`);
    this.server = server;
  }
}

/** No server answered the call in its time. The outcome of a write is unknown; repeat it with the same key. */
export class NoServerReachableError extends RollcallError {
  readonly code = "no-server-reachable";
  readonly retryable = true;
  /** What happened at each attempt, the last ones. */
  readonly attempts: readonly RollcallError[];

  constructor(attempts: readonly RollcallError[], tookMs: number) {
    const last = attempts.at(-1);
    super(
      `no server answered within ${Math.round(tookMs)} ms${last ? `; the last attempt: ${last.message}` : ""}`,
      { cause: last },
    );
    this.attempts = attempts;
  }
}

/** The session cannot be refreshed any more: the player has to prove who it is again (`sessions.start`). */
export class SessionEndedError extends RollcallError {
  readonly code = "session-ended";
  readonly retryable = false;

  constructor(options?: ErrorOptions) {
    super("the session has ended; start one again with an identity", options);
  }
}

/** An event that is larger than this client takes: what sends it is no Rollcall server. */
export class EventTooLargeError extends RollcallError {
  readonly code = "event-too-large";
  readonly retryable = false;

  constructor(lengthMax: number) {
    super(`an event may have at most ${lengthMax} characters`);
  }
}

/** What the caller gave cannot work, whatever a server says. Nothing was sent. */
export class InvalidArgumentError extends RollcallError {
  readonly code = "invalid-argument";
  readonly retryable = false;
  readonly argument: string;

  constructor(argument: string, detail: string) {
    super(`${argument} ${detail}`);
    this.argument = argument;
  }
}
