/**
 * Accounts of provider `device`: a secret that the game made at random and keeps on the device.
 *
 * Only a hash of it goes further than the routes, so that no database, log or answer has what signs in. It needs no
 * slow hash: nobody tries out 128 bits.
 */
import { hash } from "node:crypto";
import type { Identity } from "../../../crdt/ids.ts";
import { DEVICE } from "../contract/identity.ts";

/** What a hash begins with, and no secret. */
const HASHED = "sha256:";

/** Where a secret is expected, a hash that somebody saw is no secret. */
export function isHashed(subject: string): boolean {
  return subject.startsWith(HASHED);
}

/** The account as it is stored and shown. */
export function deviceIdentity(realm: string, secret: string): Identity {
  const digest = hash("sha256", JSON.stringify(["rollcall device v1", realm, secret]), "buffer");
  return { provider: DEVICE, subject: HASHED + digest.toString("base64url") };
}
