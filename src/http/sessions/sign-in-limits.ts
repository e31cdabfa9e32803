/**
 * Sign-ins that are refused too often, of one identity or from one address, are locked out (docs/decisions/0007).
 *
 * An identity is counted by a hash of all that was sent for it, the secret too, and its lock-out is for those alone who
 * are refused again: whoever proves to have the account is let in. So nobody can lock a player out, be it by the name
 * of the account, or before a server has heard that the account is registered. An address is locked out as a whole.
 *
 * Back ends that vouch by an API key are not counted: the key is their proof.
 */
import { hash } from "node:crypto";
import type { Caller } from "../access.ts";
import {
  ForbiddenError,
  IdentityRefusedError,
  IdentityUnknownError,
  RefreshTokenUnknownError,
  SignInLockedError,
  UnauthorizedError,
} from "../errors.ts";
import { Lockout, type LockoutOptions } from "./lockout.ts";

export interface SignInAttempt {
  readonly caller: Caller;
  readonly address: string;
  /** What is sent to be signed in by: an identity with its secret, or a refresh token. */
  readonly proof: object;
}

/** A game that tries a wrong secret again does so a few times; five in a quarter of an hour lead nowhere. */
const REFUSALS_MAX_BY_IDENTITY = 5;
/** Many players may share an address, and some of them mistake. */
const REFUSALS_MAX_BY_ADDRESS = 50;

/** Of whoever may be guessing. One whose session has run out, or who is banned, has proved who it is. */
const REFUSALS = [
  IdentityRefusedError,
  IdentityUnknownError,
  RefreshTokenUnknownError,
  UnauthorizedError,
  ForbiddenError,
];

export class SignInLimits {
  readonly #byIdentity: Lockout;
  readonly #byAddress: Lockout;

  constructor({ monotonicMs }: Pick<LockoutOptions, "monotonicMs">) {
    this.#byIdentity = new Lockout({ refusalsMax: REFUSALS_MAX_BY_IDENTITY, monotonicMs });
    this.#byAddress = new Lockout({ refusalsMax: REFUSALS_MAX_BY_ADDRESS, monotonicMs });
  }

  /** Proves, unless such were refused too often. @throws SignInLockedError and what `prove` throws */
  async pass<T>({ caller, address, proof }: SignInAttempt, prove: () => T | Promise<T>): Promise<T> {
    if (caller.kind === "key") return prove();
    requireUnlocked("address", this.#byAddress.lockedForMs(address));
    const identity = hash("sha256", JSON.stringify(proof), "base64url");
    try {
      const proved = await prove();
      this.#byIdentity.forget(identity);
      return proved;
    } catch (error) {
      if (!REFUSALS.some((refusal) => error instanceof refusal)) throw error;
      const lockedForMs = this.#byIdentity.lockedForMs(identity);
      this.#byIdentity.refuse(identity);
      this.#byAddress.refuse(address);
      requireUnlocked("identity", lockedForMs);
      throw error;
    }
  }
}

function requireUnlocked(counted: "identity" | "address", lockedForMs: number): void {
  if (lockedForMs > 0) throw new SignInLockedError(counted, Math.ceil(lockedForMs / 1_000));
}
