/**
 * Sessions of players: a short token for calls, and a longer one that gives the next session. Nothing of them is
 * stored: every server verifies them by itself.
 *
 * The token is a JWT (RFC 7519) signed with EdDSA. Its id is the SHA-256 of a secret that stands in the refresh token
 * alone, behind the token: `<token>~<secret>`. So one signature holds for both, and whoever is shown the token cannot
 * make the refresh token of it.
 *
 * Nobody but this cluster issues them, so a header is one of a few known texts, compared as a whole: what else a
 * header could say (another algorithm, a key of its own) is never read. Node's own Ed25519 does the work: a JOSE
 * library takes three times as long for a signature and twice as long to verify one (docs/decisions/0006).
 */
import { hash, randomBytes, sign, verify } from "node:crypto";
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
  /** Seconds since 1970: when it was issued, and when it ends as a token for calls. */
  readonly iat: number;
  readonly exp: number;
  /** The SHA-256 of its refresh secret, base64url. */
  readonly jti: string;
}

interface KnownKey {
  readonly key: SessionKey;
  /** The first part of each token that it signs. */
  readonly header: string;
}

const ISSUER = "rollcall";
/** As RFC 9068 has it, of which this is all that is taken: there are no clients to name. */
const TYPE = "at+jwt";
/** A refresh is refused to who was banned or erased; this bounds for how long such a one, or a thief, still calls. */
const LIFETIME_S: Readonly<Record<TokenUse, number>> = { access: 15 * 60, refresh: 30 * 24 * 3_600 };
/** Of 128 bits: nobody finds it by its hash. */
const REFRESH_SECRET_BYTES = 16;
/** Stands in no token for calls. */
const BEFORE_REFRESH_SECRET = "~";
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
    this.#keys = options.keys.map((key) => ({ key, header: headerOf(key) }));
  }

  issue(playerId: DocumentId): Session {
    const nowS = Math.floor(this.#options.nowMs() / 1_000);
    const secret = randomBytes(REFRESH_SECRET_BYTES).toString("base64url");
    const exp = nowS + LIFETIME_S.access;
    const token = this.#sign({ sub: playerId, iat: nowS, exp, jti: digest(secret) });
    return {
      token,
      refreshToken: `${token}${BEFORE_REFRESH_SECRET}${secret}`,
      expiresAtMs: exp * 1_000,
    };
  }

  /** Whose token it is, at this moment. */
  check(token: string, use: TokenUse): TokenCheck {
    const claims = use === "access" ? this.#accessClaims(token) : this.#refreshClaims(token);
    if (!claims) return { kind: "unknown" };
    const endS = use === "access" ? claims.exp : claims.iat + LIFETIME_S.refresh;
    const isOver = endS * 1_000 + CLOCK_TOLERANCE_MS <= this.#options.nowMs();
    return isOver ? { kind: "expired" } : { kind: "valid", playerId: claims.sub };
  }

  #sign(claims: Claims): string {
    const [first] = this.#keys;
    invariant(first, "a cluster has a secret, and so a key");
    const body = JSON.stringify({ iss: ISSUER, aud: this.#options.realm, ...claims });
    const signed = `${first.header}.${Buffer.from(body).toString("base64url")}`;
    const signature = sign(null, Buffer.from(signed), first.key.privateKey);
    return `${signed}.${signature.toString("base64url")}`;
  }

  #accessClaims(token: string): Claims | undefined {
    const known = this.#verified.get(token);
    if (known) return known;
    const claims = this.#claims(token);
    if (claims) this.#verified.set(token, claims);
    return claims;
  }

  #refreshClaims(refreshToken: string): Claims | undefined {
    const [token, secret, ...more] = refreshToken.split(BEFORE_REFRESH_SECRET);
    if (!token || secret === undefined || more.length > 0) return undefined;
    const claims = this.#claims(token);
    return claims?.jti === digest(secret) ? claims : undefined;
  }

  /** Undefined unless this cluster issued it, for this realm. */
  #claims(token: string): Claims | undefined {
    const [head, body, signature, ...more] = token.split(".");
    const key = this.#keys.find(({ header }) => header === head)?.key;
    if (!key || !body || !signature || more.length > 0) return undefined;
    const bytes = Buffer.from(signature, "base64url");
    // One token has one spelling: base64 has bits that say nothing.
    if (bytes.toString("base64url") !== signature) return undefined;
    if (!verify(null, Buffer.from(`${head}.${body}`), key.publicKey, bytes)) return undefined;
    // It is this cluster's own text, of this version or another one.
    const { iss, aud, sub, iat, exp, jti } = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
    if (iss !== ISSUER || aud !== this.#options.realm) return undefined;
    if (typeof sub !== "string" || !isDocumentId(sub) || typeof jti !== "string") return undefined;
    return typeof iat === "number" && typeof exp === "number" ? { sub, iat, exp, jti } : undefined;
  }
}

function headerOf({ id }: SessionKey): string {
  return Buffer.from(JSON.stringify({ alg: "EdDSA", typ: TYPE, kid: id })).toString("base64url");
}

/** Of the text, as it stands in the refresh token: one secret has one spelling. */
function digest(secret: string): string {
  return hash("sha256", secret, "base64url");
}
