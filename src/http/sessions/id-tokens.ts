/**
 * ID tokens of OpenID Connect issuers: whose account one proves. Verified by the issuer's keys as they are kept on this
 * server; nothing is fetched while a player waits, so neither a split nor an issuer that is down stops a login.
 */
import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Identity } from "../../../crdt/ids.ts";
import { SUBJECT_LENGTH_MAX } from "../contract/limits.ts";
import { IdentityRefusedError, IssuerKeysMissingError } from "../errors.ts";
import { textFault } from "../json-guard.ts";

export interface OidcIssuer {
  /** The provider of its accounts' identities. */
  readonly name: string;
  /** The `iss` of its tokens. */
  readonly url: string;
  /** What its tokens have to be for: the game's client ids. */
  readonly audiences: readonly string[];
  /** Undefined as long as there were never any. */
  keys(): JWTVerifyGetKey | undefined;
  /** A token names a key that is none of them, so there may be new ones. Returns at once. */
  refresh(): void;
}

export interface IdTokensOptions {
  readonly issuers: readonly OidcIssuer[];
  readonly nowMs: () => number;
}

/** Signatures that the issuer alone can make: no shared secrets. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/** Issuers' clocks are not ours. */
const CLOCK_TOLERANCE_S = 30;

export class IdTokens {
  readonly #options: IdTokensOptions;

  constructor(options: IdTokensOptions) {
    this.#options = options;
  }

  /** @throws IdentityRefusedError, IssuerKeysMissingError */
  async identityOf(token: string): Promise<Identity> {
    const issuer = this.#issuerOf(token);
    const keys = issuer.keys();
    if (!keys) throw new IssuerKeysMissingError(issuer.name);
    const { sub = "", aud, azp } = await this.#verified(token, issuer, keys);
    // Of several audiences one has asked for the token (OpenID Connect Core, 3.1.3.7).
    const isForOther = Array.isArray(aud) && aud.length > 1 && !issuer.audiences.includes(String(azp));
    if (isForOther) throw new IdentityRefusedError("the ID token was made for another client");
    if (sub === "" || sub.length > SUBJECT_LENGTH_MAX || textFault(sub) !== undefined) {
      throw new IdentityRefusedError("the ID token has no subject that can be stored");
    }
    return { provider: issuer.name, subject: sub };
  }

  /** By what the token says of itself, which is verified after. */
  #issuerOf(token: string): OidcIssuer {
    const { iss } = unverified(token);
    const issuer = this.#options.issuers.find(({ url }) => url === iss);
    if (!issuer) throw new IdentityRefusedError("the ID token is of no issuer that this server knows");
    return issuer;
  }

  async #verified(token: string, issuer: OidcIssuer, keys: JWTVerifyGetKey): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ALGORITHMS,
        issuer: issuer.url,
        audience: [...issuer.audiences],
        requiredClaims: ["sub", "exp"],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(this.#options.nowMs()),
      });
      return payload;
    } catch (cause) {
      if (!(cause instanceof errors.JOSEError)) throw cause;
      if (cause instanceof errors.JWKSNoMatchingKey) issuer.refresh();
      throw new IdentityRefusedError(reasonOf(cause), { cause });
    }
  }
}

function unverified(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch (cause) {
    throw new IdentityRefusedError("the subject is no ID token", { cause });
  }
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return "the ID token has expired; ask its issuer for another one";
  if (error instanceof errors.JWKSNoMatchingKey) {
    return "the ID token is signed with a key that this server does not know yet; try again in a minute";
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `the ID token is refused for its claim \`${error.claim}\``;
  }
  return "the ID token's signature is not its issuer's";
}
