/**
 * Who calls, and which routes are open to them.
 *
 * `player`: by the token of a session; `key`: a trusted back end, which may act for any player; `ops`: an operator;
 * `open`: anybody else. A token that is sent and not known is refused everywhere, so that a mistyped key never
 * silently acts as nobody. What a player may do with which record is looked at later (`rights.ts`).
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { DocumentId } from "../../crdt/ids.ts";
import { SECRET_LENGTH_MIN } from "./contract/limits.ts";
import { ForbiddenError, OpsClosedError, UnauthorizedError } from "./errors.ts";
import type { AccessOptions } from "./http-options.ts";
import type { SessionTokens } from "./sessions/session-tokens.ts";

export type Caller =
  | { readonly kind: "player"; readonly id: DocumentId }
  | { readonly kind: "key" }
  | { readonly kind: "ops" }
  | { readonly kind: "open" };

/**
 * Who may use a route. `public`: all; `player`: players for themselves and keys, not operators, who have endpoints of
 * their own; `player-or-ops`: these too; `key-or-ops`: keys and operators; `ops`: operators.
 *
 * Where writes are open, an `open` caller stands for any player.
 */
export type Access = "public" | "player" | "player-or-ops" | "key-or-ops" | "ops";

const BEARER = /^bearer +([\x21-\x7e]+) *$/i;
const OPEN: Caller = { kind: "open" };

export interface AccessControlOptions extends Pick<AccessOptions, "apiKeys" | "opsToken" | "openWrites"> {
  readonly sessions: Pick<SessionTokens, "check">;
}

export class AccessControl {
  readonly #tokens: readonly { readonly digest: Buffer; readonly caller: Caller }[];
  readonly #sessions: AccessControlOptions["sessions"];
  readonly #openWrites: boolean;
  readonly #opsAreOpen: boolean;

  constructor({ apiKeys, opsToken, openWrites, sessions }: AccessControlOptions) {
    this.#sessions = sessions;
    this.#openWrites = openWrites;
    this.#opsAreOpen = opsToken !== undefined;
    const tokenOf = (caller: Caller) => (token: string) => ({ digest: digest(token), caller });
    const ops = opsToken === undefined ? [] : [opsToken];
    this.#tokens = [...ops.map(tokenOf({ kind: "ops" })), ...apiKeys.map(tokenOf({ kind: "key" }))];
  }

  /**
   * Who calls, given the `Authorization` header, if they may use a route.
   * @throws UnauthorizedError, ForbiddenError, OpsClosedError
   */
  admit(authorization: string | undefined, access: Access): Caller {
    if (access === "ops" && !this.#opsAreOpen) throw new OpsClosedError();
    const caller = authorization === undefined ? OPEN : this.#callerOf(authorization);
    switch (access) {
      case "public":
        return caller;
      case "player-or-ops":
        return this.#admitWriter(caller);
      case "player":
        if (caller.kind === "ops")
          throw new ForbiddenError("it is done by players themselves or with an API key");
        return this.#admitWriter(caller);
      case "key-or-ops":
        return admitTrusted(caller);
      case "ops":
        return admitOperator(caller);
    }
  }

  /**
   * Whether it is a token of a back end or of operators that nobody can guess. Those are not limited: thousands of
   * players call through one back end. A shorter one is, so that trying them out is.
   */
  isUnlimited(authorization: string | undefined): boolean {
    const token = authorization && BEARER.exec(authorization)?.[1];
    return token !== undefined && token.length >= SECRET_LENGTH_MIN && this.#trusted(token) !== undefined;
  }

  #admitWriter(caller: Caller): Caller {
    if (caller.kind !== "open" || this.#openWrites) return caller;
    throw new UnauthorizedError(
      "send the token of a session (POST /v1/sessions) or an API key as `Authorization: Bearer <token>`",
      false,
    );
  }

  #callerOf(authorization: string): Caller {
    const token = BEARER.exec(authorization)?.[1];
    const unknown = "the token is none that this server knows";
    if (token === undefined) throw new UnauthorizedError(unknown, true);
    const trusted = this.#trusted(token);
    if (trusted) return trusted;
    const session = this.#sessions.check(token, "access");
    switch (session.kind) {
      case "valid":
        return { kind: "player", id: session.playerId };
      case "expired":
        throw new UnauthorizedError("the token has expired; get the next at POST /v1/sessions", true);
      case "unknown":
        throw new UnauthorizedError(unknown, true);
    }
  }

  /** Compares with every token, in a time that tells nothing of them. */
  #trusted(token: string): Caller | undefined {
    const sent = digest(token);
    let found: Caller | undefined;
    for (const { digest: known, caller } of this.#tokens) {
      if (timingSafeEqual(sent, known)) found ??= caller;
    }
    return found;
  }
}

function admitTrusted(caller: Caller): Caller {
  switch (caller.kind) {
    case "key":
    case "ops":
      return caller;
    case "player":
      throw new ForbiddenError("it is done with an API key or the operators' token");
    case "open":
      throw new UnauthorizedError(
        "send an API key or the operators' token as `Authorization: Bearer <token>`",
        false,
      );
  }
}

function admitOperator(caller: Caller): Caller {
  switch (caller.kind) {
    case "ops":
      return caller;
    case "key":
      throw new ForbiddenError("an API key does not open the operators' endpoints");
    case "player":
      throw new ForbiddenError("a player's token does not open the operators' endpoints");
    case "open":
      throw new UnauthorizedError("send the operators' token as `Authorization: Bearer <token>`", false);
  }
}

/** Of equal length whatever the token's is. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
