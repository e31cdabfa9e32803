/**
 * Sessions of players: a short token for calls, and a longer one that gives the next session. Nothing of them is
 * stored: they are JWTs (RFC 7519) signed with EdDSA, and every server verifies them by itself.
 *
 * Nobody but this cluster issues them, so a header is one of a few known texts, compared as a whole: what else a
 * header could say (another algorithm, a key of its own) is never read. Node's own Ed25519 does the work: a JOSE
 * library takes three times as long for a signature and twice as long to verify one (docs/decisions/0006).
 */
import { randomUUID, sign, verify } from "node:crypto";
import { LRUCache } from "lru-cache";
import { invariant } from "../../../crdt/errors.ts";
import { type DocumentId, isDocumentId } from "../../../crdt/ids.ts";
import type { SessionKey } from "./session-keys.ts";

export interface Session {
  readonly token: string;
  readonly refreshToken: string;
  /** Of the token, milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** What a token is for: calls, or the next session. One is never taken for the other. */
export type TokenUse = "access" | "refresh";

export type TokenCheck =
  | { readonly kind: "valid"; readonly playerId: DocumentId }
  | { readonly kind: "expired" }
  /** None that this cluster issued for this use. */
  | { readonly kind: "unknown" };

export interface SessionTokensOptions {
  /** The first signs, any verifies. */
  readonly keys: readonly SessionKey[];
  readonly realm: string;
  readonly nowMs: () => number;
}

interface Claims {
  readonly sub: DocumentId;
  /** Seconds since 1970. */
  readonly exp: number;
}

interface KnownKey {
  readonly key: SessionKey;
  /** The first part of each token that it signs. */
  readonly headers: Readonly<Record<TokenUse, string>>;
}

const ISSUER = "rollcall";
/** A refresh is refused to who was banned or erased; this bounds for how long such a one, or a thief, still calls. */
const LIFETIME_S: Readonly<Record<TokenUse, number>> = { access: 15 * 60, refresh: 30 * 24 * 3_600 };
/** What keeps the two apart; also for those who verify by the public keys. */
const TYPE: Readonly<Record<TokenUse, string>> = { access: "at+jwt", refresh: "rt+jwt" };
/** Servers' clocks are told of from 2 s on (CLK2). */
const CLOCK_TOLERANCE_MS = 5_000;
/** Tokens of players who are calling, some 500 bytes each: a signature is checked once. */
const VERIFIED_MAX = 10_000;

export class SessionTokens {
  readonly #options: SessionTokensOptions;
  readonly #keys: readonly KnownKey[];
  readonly #verified = new LRUCache<string, Claims>({ max: VERIFIED_MAX });

  constructor(options: SessionTokensOptions) {
    this.#options = options;
    this.#keys = options.keys.map((key) => ({
      key,
      headers: { access: header(key, "access"), refresh: header(key, "refresh") },
    }));
  }

  issue(playerId: DocumentId): Session {
    const nowS = Math.floor(this.#options.nowMs() / 1_000);
    return {
      token: this.#sign("access", playerId, nowS),
      refreshToken: this.#sign("refresh", playerId, nowS),
      expiresAtMs: (nowS + LIFETIME_S.access) * 1_000,
    };
  }

  /** Whose token it is, at this moment. */
  check(token: string, use: TokenUse): TokenCheck {
    const claims = use === "access" ? this.#accessClaims(token) : this.#claims(token, use);
    if (!claims) return { kind: "unknown" };
    const isOver = claims.exp * 1_000 + CLOCK_TOLERANCE_MS <= this.#options.nowMs();
    return isOver ? { kind: "expired" } : { kind: "valid", playerId: claims.sub };
  }

  #sign(use: TokenUse, playerId: DocumentId, nowS: number): string {
    const [first] = this.#keys;
    invariant(first, "a cluster has a secret, and so a key");
    const claims = {
      iss: ISSUER,
      aud: this.#options.realm,
      sub: playerId,
      iat: nowS,
      exp: nowS + LIFETIME_S[use],
      jti: randomUUID(),
    };
    const signed = `${first.headers[use]}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
    return `${signed}.${sign(null, Buffer.from(signed), first.key.privateKey).toString("base64url")}`;
  }

  #accessClaims(token: string): Claims | undefined {
    const known = this.#verified.get(token);
    if (known) return known;
    const claims = this.#claims(token, "access");
    if (claims) this.#verified.set(token, claims);
    return claims;
  }

  /** Undefined unless this cluster issued it, for this use and this realm. */
  #claims(token: string, use: TokenUse): Claims | undefined {
    const [head, body, signature, ...more] = token.split(".");
    const key = this.#keys.find(({ headers }) => headers[use] === head)?.key;
    if (!key || !body || !signature || more.length > 0) return undefined;
    const bytes = Buffer.from(signature, "base64url");
    // One token has one spelling: base64 has bits that say nothing.
    if (bytes.toString("base64url") !== signature) return undefined;
    if (!verify(null, Buffer.from(`${head}.${body}`), key.publicKey, bytes)) return undefined;
    // It is this cluster's own text, of this version or another one.
    const { iss, aud, sub, exp } = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
    const isOurs = iss === ISSUER && aud === this.#options.realm && typeof exp === "number";
    return isOurs && typeof sub === "string" && isDocumentId(sub) ? { sub, exp } : undefined;
  }
}

function header({ id }: SessionKey, use: TokenUse): string {
  return Buffer.from(JSON.stringify({ alg: "EdDSA", typ: TYPE[use], kid: id })).toString("base64url");
}
