/**
 * Who calls, and what they may do.
 *
 * `key`: a trusted back end, which may act for any player; `ops`: an operator; `open`: anybody else. A token
 * that is sent and not known is refused everywhere, so that a mistyped key never silently acts as nobody.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { ForbiddenError, OpsClosedError, UnauthorizedError } from "./errors.ts";
import type { AccessOptions } from "./http-options.ts";

export type Caller = "key" | "ops" | "open";

/**
 * Who may use a route. `public`: all; `register`: all, `open` callers only where writes are open; `player`:
 * players for themselves and keys, not operators, who have endpoints of their own; `player-or-ops`: these too;
 * `key-or-ops`: keys and operators; `ops`: operators.
 *
 * Where writes are open, an `open` caller stands for any player.
 */
export type Access = "public" | "register" | "player" | "player-or-ops" | "key-or-ops" | "ops";

const BEARER = /^bearer +([\x21-\x7e]+) *$/i;

export class AccessControl {
  readonly #tokens: readonly { readonly digest: Buffer; readonly caller: Caller }[];
  readonly #openWrites: boolean;
  readonly #opsAreOpen: boolean;

  constructor({ apiKeys, opsToken, openWrites }: AccessOptions) {
    this.#openWrites = openWrites;
    this.#opsAreOpen = opsToken !== undefined;
    const ops = opsToken === undefined ? [] : [{ digest: digest(opsToken), caller: "ops" } as const];
    this.#tokens = [...ops, ...apiKeys.map((key) => ({ digest: digest(key), caller: "key" }) as const)];
  }

  /**
   * Who calls, given the `Authorization` header, if they may use a route.
   * @throws UnauthorizedError, ForbiddenError, OpsClosedError
   */
  admit(authorization: string | undefined, access: Access): Caller {
    if (access === "ops" && !this.#opsAreOpen) throw new OpsClosedError();
    const caller = authorization === undefined ? "open" : this.#callerOf(authorization);
    switch (access) {
      case "public":
        return caller;
      case "register":
      case "player-or-ops":
        return this.#admitWriter(caller);
      case "player":
        if (caller === "ops") throw new ForbiddenError("it is done by players themselves or with an API key");
        return this.#admitWriter(caller);
      case "key-or-ops":
        if (caller !== "open") return caller;
        throw new UnauthorizedError(
          "send an API key or the operators' token as `Authorization: Bearer <token>`",
          false,
        );
      case "ops":
        if (caller === "ops") return caller;
        if (caller === "key") throw new ForbiddenError("an API key does not open the operators' endpoints");
        throw new UnauthorizedError("send the operators' token as `Authorization: Bearer <token>`", false);
    }
  }

  #admitWriter(caller: Caller): Caller {
    if (caller !== "open" || this.#openWrites) return caller;
    throw new UnauthorizedError(
      "send an API key as `Authorization: Bearer <key>`; on this server writes without one are not open",
      false,
    );
  }

  /** Compares with every token, in a time that tells nothing of them. */
  #callerOf(authorization: string): Caller {
    const token = BEARER.exec(authorization)?.[1];
    let found: Caller | undefined;
    if (token !== undefined) {
      const sent = digest(token);
      for (const { digest: known, caller } of this.#tokens) {
        if (timingSafeEqual(sent, known)) found ??= caller;
      }
    }
    if (found === undefined) throw new UnauthorizedError("the token is none that this server knows", true);
    return found;
  }
}

/** Of equal length whatever the token's is. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
