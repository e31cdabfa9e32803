import { calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { publicJwk, type SessionKey, sessionKeys } from "../../../../src/http/sessions/session-keys.ts";
import { SessionTokens } from "../../../../src/http/sessions/session-tokens.ts";

const OLD = "a secret of the cluster that is long enough";
const NEW = "another secret of the cluster, long enough too";
const ADA = "00000000-0000-8000-8000-0000000000ad";
/** Of `OLD` in realm `test`: by HKDF and Ed25519 of another maker, too. */
const GOLDEN_JWK = {
  kty: "OKP",
  crv: "Ed25519",
  x: "pYLYi0SaZgmyVG_HKA-loz2nMvInzSPLB5sCXXbLwqs",
  kid: "fuFtaT-oasUp7p-3U2TaHN8brCT8RP4rqFY6frw8irM",
  alg: "EdDSA",
  use: "sig",
};
const CLAIMS = {
  iss: "rollcall",
  aud: "test",
  sub: ADA,
  iat: 1_760_000_000,
  exp: 1_760_000_900,
  jti: "WOFqK2vkFbKmF5wDpjbY0j0V8jkKhqFHGAAdfOSFIpE",
};
const VALID = { kind: "valid", playerId: ADA };
const UNKNOWN = { kind: "unknown" };

/** One server's tokens, with a clock that is set. */
function server({ secrets = [OLD], realm = "test" } = {}) {
  const clock = { nowMs: 1_760_000_000_000 };
  const keys = sessionKeys(secrets, realm);
  return { tokens: new SessionTokens({ keys, realm, nowMs: () => clock.nowMs }), clock, keys };
}

/** A token as somebody else would make it, who has no secret but all that is public, or a key of a cluster. */
function forge(header: { alg: string; kid?: string; typ?: string }, key: Parameters<SignJWT["sign"]>[0]) {
  return new SignJWT(CLAIMS).setProtectedHeader({ typ: "at+jwt", ...header }).sign(key);
}

describe("a session", () => {
  it("[SES1] is verified by another server that never heard of it", () => {
    const { token, refreshToken, expiresAtMs } = server().tokens.issue(ADA);
    const other = server().tokens;
    expect(other.check(token, "access")).toEqual(VALID);
    expect(other.check(refreshToken, "refresh")).toEqual(VALID);
    expect(expiresAtMs).toBe(1_760_000_000_000 + 15 * 60_000);
  });

  it("[SES1] is one that a JOSE library verifies by the published keys", async () => {
    const { tokens, keys } = server({ secrets: [NEW, OLD] });
    const jwks = keys.map(publicJwk);
    const { token } = tokens.issue(ADA);
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: jwks }), {
      algorithms: ["EdDSA"],
      issuer: "rollcall",
      audience: "test",
      typ: "at+jwt",
      currentDate: new Date(1_760_000_000_000),
    });
    expect(payload).toMatchObject({ sub: ADA, iat: 1_760_000_000, exp: 1_760_000_900 });
    for (const jwk of jwks) expect(jwk.kid).toBe(await calculateJwkThumbprint(jwk));
  });

  it("[SES1] has a token for calls and one for the next session, neither of which serves as the other", () => {
    const { tokens } = server();
    const { token, refreshToken } = tokens.issue(ADA);
    expect(tokens.check(token, "refresh")).toEqual(UNKNOWN);
    expect(tokens.check(refreshToken, "access")).toEqual(UNKNOWN);
  });

  it("[SES1] is refreshed by the secret behind its token alone, which the token does not tell", () => {
    const { tokens } = server();
    const { token, refreshToken } = tokens.issue(ADA);
    const other = tokens.issue(ADA);
    const [, secret = ""] = refreshToken.split("~");
    expect(Buffer.from(secret, "base64url")).toHaveLength(16);
    expect(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).not.toContain(secret);
    expect(tokens.check(`${token}~${secret}`, "refresh")).toEqual(VALID);
    for (const wrong of [
      `${other.token}~${secret}`,
      `${token}~`,
      `${token}~${secret}=`,
      `${token}~${secret}~`,
      `${token}~${secret}~${secret}`,
      `~${secret}`,
      secret,
    ]) {
      expect(tokens.check(wrong, "refresh")).toEqual(UNKNOWN);
    }
  });

  it("differs from the one before, also within a second", () => {
    const { tokens } = server();
    const [first, second] = [tokens.issue(ADA), tokens.issue(ADA)];
    expect(first.token).not.toBe(second.token);
    expect(first.refreshToken).not.toBe(second.refreshToken);
  });

  it("[SES1] ends, also where its signature was checked before", () => {
    const { tokens, clock } = server();
    const { token, refreshToken } = tokens.issue(ADA);
    expect(tokens.check(token, "access")).toEqual(VALID);
    clock.nowMs += 15 * 60_000 + 4_999;
    expect(tokens.check(token, "access")).toEqual(VALID);
    clock.nowMs += 1;
    expect(tokens.check(token, "access")).toEqual({ kind: "expired" });
    expect(tokens.check(refreshToken, "refresh")).toEqual(VALID);
    clock.nowMs += 30 * 24 * 3_600_000;
    expect(tokens.check(refreshToken, "refresh")).toEqual({ kind: "expired" });
  });

  it.each(["", ".", "abc", "a.b.c", "a.b.c.d", "..", "…"])("is none of these texts: %j", (token) => {
    expect(server().tokens.check(token, "access")).toEqual(UNKNOWN);
  });

  it("[SES1] is of one realm and one cluster", () => {
    const { token } = server().tokens.issue(ADA);
    for (const other of [server({ realm: "other" }), server({ secrets: [NEW] })]) {
      expect(other.tokens.check(token, "access")).toEqual(UNKNOWN);
    }
  });

  it("[SES1] cannot be altered in any character, nor shortened or lengthened", () => {
    const { tokens } = server();
    const { token } = tokens.issue(ADA);
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === "A" ? "B" : "A";
      const altered = token.slice(0, at) + other + token.slice(at + 1);
      expect([at, tokens.check(altered, "access")]).toEqual([at, UNKNOWN]);
    }
    for (const altered of [token.slice(0, -1), `${token}A`, `${token}=`, `${token}.`, `${token}.A`]) {
      expect(tokens.check(altered, "access")).toEqual(UNKNOWN);
    }
  });

  it("[SES1] is not believed without a signature, or with one of another kind by what is public", async () => {
    const { tokens, keys } = server();
    const [key] = keys as [SessionKey];
    const [head, body] = tokens.issue(ADA).token.split(".");
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt" })).toString("base64url");
    for (const token of [`${none}.${body}.`, `${none}.${body}`, `${head}.${body}.`, `${head}.${body}`]) {
      expect(tokens.check(token, "access")).toEqual(UNKNOWN);
    }
    const jwk = publicJwk(key);
    for (const secret of [Buffer.from(jwk.x, "base64url"), Buffer.from(jwk.x)]) {
      const forged = await forge({ alg: "HS256", kid: jwk.kid }, secret);
      expect(tokens.check(forged, "access")).toEqual(UNKNOWN);
    }
    const [stranger] = sessionKeys([NEW], "test") as [SessionKey];
    const forged = await forge({ alg: "EdDSA", kid: jwk.kid }, stranger.privateKey);
    expect(tokens.check(forged, "access")).toEqual(UNKNOWN);
  });

  it("[SES1] is refused with a good signature of a text that is no session", async () => {
    const { tokens, keys } = server();
    const [key] = keys as [SessionKey];
    const header = { alg: "EdDSA", typ: "at+jwt", kid: key.id };
    const sign = (claims: object) =>
      new SignJWT({ ...claims }).setProtectedHeader(header).sign(key.privateKey);
    expect(tokens.check(await sign(CLAIMS), "access")).toEqual(VALID);
    for (const wrong of [
      { iss: "x" },
      { aud: "x" },
      { sub: "ada" },
      { sub: undefined },
      { exp: undefined },
      { iat: undefined },
      { jti: undefined },
    ]) {
      expect(tokens.check(await sign({ ...CLAIMS, ...wrong }), "access")).toEqual(UNKNOWN);
    }
  });

  it("[SES2] outlives a change of the cluster's secret, step by step", () => {
    const before = server({ secrets: [OLD] });
    const during = server({ secrets: [OLD, NEW] });
    const then = server({ secrets: [NEW, OLD] });
    const after = server({ secrets: [NEW] });
    const old = during.tokens.issue(ADA).token;
    expect(before.tokens.check(old, "access")).toEqual(VALID);
    expect(then.tokens.check(old, "access")).toEqual(VALID);
    expect(after.tokens.check(old, "access")).toEqual(UNKNOWN);
    const fresh = then.tokens.issue(ADA).token;
    expect(during.tokens.check(fresh, "access")).toEqual(VALID);
    expect(after.tokens.check(fresh, "access")).toEqual(VALID);
    expect(decodeProtectedHeader(fresh).kid).toBe(after.keys[0]?.id);
  });

  it("has keys that follow from secret and realm alone, so that versions understand each other", () => {
    const [key] = sessionKeys([OLD], "test") as [SessionKey];
    expect(publicJwk(key)).toEqual(GOLDEN_JWK);
  });
});
