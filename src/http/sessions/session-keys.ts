/**
 * The Ed25519 keys of a cluster's sessions. They are derived from its secrets, so every server signs and verifies
 * by itself, in a split too, and there is nothing to hand around. While a secret is being changed there are two.
 */
import { createPrivateKey, createPublicKey, hash, hkdfSync, type KeyObject } from "node:crypto";
import { canonicalJson } from "../../../crdt/canonical.ts";
import type { JwkAnswer } from "../contract/session.ts";

export interface SessionKey {
  /** The thumbprint of the public key (RFC 7638), base64url. */
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const SEED_BYTES = 32;
const DERIVED_FOR = "rollcall session key v1";
/** What stands before the seed in a PKCS #8 key of Ed25519 (RFC 8410, 7). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** One for each secret, in the same order: the first signs, any verifies. */
export function sessionKeys(secrets: readonly string[], realm: string): SessionKey[] {
  return secrets.map((secret) => {
    const seed = Buffer.from(hkdfSync("sha256", secret, realm, DERIVED_FOR, SEED_BYTES));
    const privateKey = createPrivateKey({
      key: Buffer.concat([PKCS8_PREFIX, seed]),
      format: "der",
      type: "pkcs8",
    });
    const publicKey = createPublicKey(privateKey);
    return { id: thumbprint(coordinate(publicKey)), privateKey, publicKey };
  });
}

/** As `/.well-known/jwks.json` lists it (RFC 8037, 2). */
export function publicJwk({ id, publicKey }: SessionKey): JwkAnswer {
  return { kty: "OKP", crv: "Ed25519", x: coordinate(publicKey), kid: id, alg: "EdDSA", use: "sig" };
}

function coordinate(publicKey: KeyObject): string {
  return publicKey.export({ format: "jwk" }).x ?? "";
}

function thumbprint(x: string): string {
  return hash("sha256", canonicalJson({ crv: "Ed25519", kty: "OKP", x }), "buffer").toString("base64url");
}
