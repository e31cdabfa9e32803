/** Identities of provider `oidc`: ID tokens of issuers that the servers know. */
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from "jose";
import supertest from "supertest";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OidcIssuer } from "../../../src/http/sessions/id-tokens.ts";
import { type HttpWorld, openHttpWorld } from "../../support/http-app.ts";
import { AS_KEY, asPlayer, expectRefusal, registerWithSession } from "../../support/http-calls.ts";

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

const ISSUER = "https://id.example";
const REFUSED = { status: 401, code: "identity-refused" };

let rsa: KeyPair;
let elliptic: KeyPair;
let stranger: KeyPair;
beforeAll(async () => {
  [rsa, elliptic, stranger] = await Promise.all([
    generateKeyPair("RS256"),
    generateKeyPair("ES256"),
    generateKeyPair("RS256"),
  ]);
});

let world: HttpWorld;
let refreshes: number;
let hasKeys: boolean;
beforeEach(async () => {
  refreshes = 0;
  hasKeys = true;
  const keys = createLocalJWKSet({
    keys: [
      { ...(await exportJWK(rsa.publicKey)), kid: "rsa", alg: "RS256" },
      { ...(await exportJWK(elliptic.publicKey)), kid: "ec", alg: "ES256" },
    ],
  });
  const issuer: OidcIssuer = {
    name: "example",
    url: ISSUER,
    audiences: ["game", "game-on-phones"],
    keys: () => (hasKeys ? keys : undefined),
    refresh: () => refreshes++,
  };
  const other: OidcIssuer = { ...issuer, name: "other", url: "https://other.example" };
  world = await openHttpWorld({ access: { openWrites: false, issuers: [other, issuer] } });
});

const nowS = () => Math.floor(Date.now() / 1_000);

function idToken(claims: object = {}, { key = rsa, kid = "rsa", alg = "RS256" } = {}): Promise<string> {
  return new SignJWT({ iss: ISSUER, aud: "game", sub: "ada-1", exp: nowS() + 300, iat: nowS(), ...claims })
    .setProtectedHeader({ alg, kid })
    .sign(key.privateKey);
}

const identity = (subject: string) => ({ identity: { provider: "oidc", subject } });
const register = (subject: string) => supertest(world.app).post("/v1/players").send(identity(subject));
const signIn = (subject: string) => supertest(world.app).post("/v1/sessions").send(identity(subject));

describe("an ID token", () => {
  it("[SES7] registers and signs in the account that it names, whichever key it is signed with", async () => {
    const made = await register(await idToken());
    const again = await register(await idToken({ aud: "game-on-phones" }));
    const other = await idToken({}, { key: elliptic, kid: "ec", alg: "ES256" });
    const { status, body } = await signIn(other);
    expect([made.status, again.status, status]).toEqual([201, 200, 201]);
    expect(body.player.identities).toEqual([{ provider: "example", subject: "ada-1" }]);
    expect([again.body.player.id, body.player.id]).toEqual([made.body.player.id, made.body.player.id]);
    const { body: read } = await supertest(world.app)
      .get(`/v1/players/${body.player.id}`)
      .set(asPlayer(body.session.token));
    expect(read).toHaveProperty("identities");
  });

  it("[SES7] names the account that an API key vouches for under the issuer's name", async () => {
    const { body } = await register(await idToken());
    const { body: session } = await supertest(world.app)
      .post("/v1/sessions")
      .set(AS_KEY)
      .send({ identity: { provider: "example", subject: "ada-1" } });
    expect(session.player.id).toBe(body.player.id);
  });

  it("[SES7] links its account to a player, who signs in by it from then on", async () => {
    const { player, session } = await registerWithSession(world);
    const linked = await supertest(world.app)
      .put(`/v1/players/${player.id}/identities/oidc/${await idToken()}`)
      .set(asPlayer(session.token));
    expect([linked.status, linked.body.identities.length]).toEqual([200, 2]);
    expect((await signIn(await idToken())).body.player.id).toBe(player.id);
  });

  it("[SES7] may have several audiences, if one of ours has asked for it", async () => {
    expect((await register(await idToken({ aud: ["x", "game"], azp: "game" }))).status).toBe(201);
    for (const azp of ["x", undefined]) {
      await expectRefusal(world, register(await idToken({ aud: ["x", "game"], azp })), REFUSED);
    }
  });

  const WRONG: readonly [string, object][] = [
    ["for another client", { aud: "another" }],
    ["of an unknown issuer", { iss: "https://evil.example" }],
    ["without issuer", { iss: undefined }],
    ["that has expired", { exp: nowS() - 60 }],
    ["that never expires", { exp: undefined }],
    ["not good yet", { nbf: nowS() + 600 }],
    ["of nobody", { sub: undefined }],
    ["of an empty name", { sub: "" }],
    ["of a name too long", { sub: "x".repeat(257) }],
    ["of a name that cannot be stored", { sub: "a\u0000b" }],
  ];
  it.each(WRONG)("[SES7] is refused: one %s", async (_title, claims) => {
    await expectRefusal(world, register(await idToken(claims)), REFUSED);
    await expectRefusal(world, signIn(await idToken(claims)), REFUSED);
  });

  it("[SES7] is refused that somebody else signed, or nobody, or by what is public", async () => {
    const [head, body, signature] = (await idToken()).split(".");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const shared = await new SignJWT({ iss: ISSUER, aud: "game", sub: "ada-1", exp: nowS() + 300 })
      .setProtectedHeader({ alg: "HS256", kid: "rsa" })
      .sign(Buffer.from(JSON.stringify(await exportJWK(rsa.publicKey))));
    const others = Buffer.from(JSON.stringify({ iss: ISSUER, aud: "game", sub: "eve" })).toString(
      "base64url",
    );
    for (const token of [
      await idToken({}, { key: stranger }),
      `${none}.${body}.`,
      `${head}.${others}.${signature}`,
      shared,
      "no token",
      "a.b.c",
    ]) {
      await expectRefusal(world, register(token), REFUSED);
    }
    expect(refreshes).toBe(0);
  });

  it("[SES7] with a key that is not known yet has the keys looked for, and does not wait for them", async () => {
    const token = await idToken({}, { key: stranger, kid: "new" });
    await expectRefusal(world, signIn(token), REFUSED);
    expect(refreshes).toBe(1);
    expect((await signIn(token)).body.detail).toContain("try again in a minute");
  });

  it("[SES7] cannot be verified before there were ever keys: 503", async () => {
    hasKeys = false;
    const token = await idToken();
    await expectRefusal(world, signIn(token), { status: 503, code: "issuer-keys-missing" });
    expect((await signIn(token)).headers["retry-after"]).toBe("30");
  });

  it("[SES7] is in no log, and is not answered", async () => {
    const logged = await openHttpWorld({ logLevel: "trace", access: { openWrites: false } });
    const { player } = await registerWithSession(logged);
    const token = await idToken();
    const answers = [
      await supertest(logged.app).post("/v1/sessions").send(identity(token)),
      await supertest(logged.app).put(`/v1/players/${player.id}/identities/oidc/${token}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(JSON.stringify([logged.log, answers.map(({ body }) => body)])).not.toContain(token.slice(-40));
  });
});
