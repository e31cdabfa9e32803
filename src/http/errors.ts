/** What the HTTP side itself refuses. `problems.ts` says with which status each is answered. */
import { RollcallError } from "../../crdt/errors.ts";
import type { InputFault } from "./contract/problem.ts";

/** Nobody has asked for a verification since the server began. */
export class NeverVerifiedError extends RollcallError {
  readonly code = "never-verified";

  constructor() {
    super("this server was not verified since it began; begin by POST /v1/cluster/verify");
  }
}

/** The request breaks the rules at these places. */
export class InvalidRequestError extends RollcallError {
  readonly code = "invalid-request";
  readonly faults: readonly InputFault[];

  constructor(faults: readonly InputFault[]) {
    super(faults.length === 1 ? "one thing in the request is wrong" : "some things in the request are wrong");
    this.faults = faults;
  }
}

/** The body is no JSON text. */
export class MalformedJsonError extends RollcallError {
  readonly code = "malformed-json";
}

export class BodyTooLargeError extends RollcallError {
  readonly code = "body-too-large";

  constructor(bytesMax: number) {
    super(`a body may have at most ${bytesMax} bytes`);
  }
}

export class UnsupportedMediaTypeError extends RollcallError {
  readonly code = "unsupported-media-type";
  readonly accepted: readonly string[];

  constructor(accepted: readonly string[]) {
    super(`send the body as ${accepted.join(" or ")}, in UTF-8, not compressed`);
    this.accepted = accepted;
  }
}

/** The client went away before it had sent the whole request; nobody reads the answer. */
export class RequestAbortedError extends RollcallError {
  readonly code = "request-aborted";

  constructor() {
    super("the request ended before its body was complete");
  }
}

export class MalformedPathError extends RollcallError {
  readonly code = "malformed-path";

  constructor() {
    super("the path is not percent-encoded UTF-8");
  }
}

export class PathNotFoundError extends RollcallError {
  readonly code = "path-not-found";

  constructor() {
    super("nothing is served at this path");
  }
}

/** The operators' page was not built, or a file of another build of it is asked for. */
export class ConsoleMissingError extends RollcallError {
  readonly code = "console-missing";

  constructor() {
    super(
      "the operators' page, or this file of it, is not there; build it by `npm run build`, or load it again",
    );
  }
}

export class MethodNotAllowedError extends RollcallError {
  readonly code = "method-not-allowed";
  readonly allowed: readonly string[];

  constructor(method: string, allowed: readonly string[]) {
    super(`${method} is not possible here; what is: ${allowed.join(", ")}`);
    this.allowed = allowed;
  }
}

export class UnauthorizedError extends RollcallError {
  readonly code = "unauthorized";
  /** Whether a token was sent, and is none that this server knows. */
  readonly tokenWasSent: boolean;

  constructor(detail: string, tokenWasSent: boolean) {
    super(detail);
    this.tokenWasSent = tokenWasSent;
  }
}

export class ForbiddenError extends RollcallError {
  readonly code = "forbidden";
}

/** No session is given for what was sent. */
export class SessionRefusedError extends RollcallError {
  readonly code = "session-refused";
}

/** The refresh token is none that this cluster issued: a guess, or of a secret that was changed. */
export class RefreshTokenUnknownError extends SessionRefusedError {
  constructor() {
    super("the refresh token is none that this server knows");
  }
}

/** What was sent does not prove that the caller has the account. */
export class IdentityRefusedError extends RollcallError {
  readonly code = "identity-refused";
}

/** No ID token of the issuer can be verified before its keys were had once. */
export class IssuerKeysMissingError extends RollcallError {
  readonly code = "issuer-keys-missing";
  override readonly retryable = true;

  constructor(issuer: string) {
    super(`this server has not got the keys of issuer ${issuer} yet; try again, or ask another server`);
  }
}

/** Nobody has the account, as far as this server knows. */
export class IdentityUnknownError extends RollcallError {
  readonly code = "identity-unknown";

  constructor() {
    super("no player on this server has this identity; register it by POST /v1/players");
  }
}

/** A good token of a player of whom this server has not heard yet. */
export class PlayerNotHereYetError extends RollcallError {
  readonly code = "not-replicated-yet";
  override readonly retryable = true;

  constructor() {
    super("the player has not reached this server yet; try again, or ask the server it registered at");
  }
}

/** Writes without a token are open to this machine, and the request may come from a page of another site. */
export class ForeignPageError extends RollcallError {
  readonly code = "foreign-page";

  constructor(header: "Host" | "Origin") {
    super(
      `without a token, writes are open to this machine alone, and \`${header}\` is none of its own; call ` +
        "127.0.0.1 or localhost, or send a token",
    );
  }
}

/** The write stands, and fewer peers than were asked for are known to hold it. */
export class NotAcknowledgedYetError extends RollcallError {
  readonly code = "not-acknowledged-yet";
  override readonly retryable = true;
  /** Of the write's good answer. */
  readonly headers: { readonly [name: string]: string };

  constructor(missed: {
    readonly peers: number;
    readonly waitMs: number;
    readonly headers: NotAcknowledgedYetError["headers"];
  }) {
    const { peers, waitMs, headers } = missed;
    super(
      `the write stands, but ${peers} other servers are not known to hold it within ${waitMs} ms; ask GET /v1/positions/${headers["Rollcall-Position"]}`,
    );
    this.headers = headers;
  }
}

/** As many listen to events as this server serves. */
export class TooManyListenersError extends RollcallError {
  readonly code = "too-many-listeners";
  override readonly retryable = true;

  constructor() {
    super("as many listen to events on this server as may; try again later, or listen at another server");
  }
}

/** No operators' token is configured. */
export class OpsClosedError extends RollcallError {
  readonly code = "ops-closed";

  constructor() {
    super("the operators' endpoints are closed on this server; set ROLLCALL_OPS_TOKEN to open them");
  }
}

/** Whose requests are counted together. */
export type Counted = "address" | "player";

/** Answered with `Retry-After`. */
export class RateLimitedError extends RollcallError {
  readonly code = "rate-limited";
  override readonly retryable = true;
  readonly retryAfterS: number;

  constructor(counted: Counted, perMinute: number, retryAfterS: number) {
    super(`this ${counted} has made more than ${perMinute} requests in a minute`);
    this.retryAfterS = retryAfterS;
  }
}

/** Sign-ins were refused too often. Answered with `Retry-After`. */
export class SignInLockedError extends RollcallError {
  readonly code = "sign-in-locked";
  override readonly retryable = true;
  readonly retryAfterS: number;

  constructor(counted: "identity" | "address", retryAfterS: number) {
    super(
      counted === "identity"
        ? "what was sent was refused too often; sign in by another secret or token, or try again later"
        : "too many sign-ins from this address were refused; try again later",
    );
    this.retryAfterS = retryAfterS;
  }
}

export class NotReadyError extends RollcallError {
  readonly code = "not-ready";
  override readonly retryable = true;

  constructor(reasons: readonly string[]) {
    super(reasons.length > 0 ? reasons.join("; ") : "this server is starting");
  }
}
