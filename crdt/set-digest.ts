/**
 * Digest of a set that is kept up to date as members come and go: the exclusive or of their SHA-256 hashes.
 *
 * Adding and removing a member is the same operation, and order does not matter, so a digest over millions of
 * documents costs one hash a change. Members must be distinct (they carry their document's id). It finds
 * divergence by faults, not by an adversary: every member of a cluster holds its key.
 */
import { hash } from "node:crypto";
import { invariant } from "./errors.ts";

/** 32 bytes. */
export type Digest = Uint8Array;

const DIGEST_BYTES = 32;

export function emptyDigest(): Digest {
  return new Uint8Array(DIGEST_BYTES);
}

/** The hash of one member. */
export function memberDigest(text: string): Digest {
  return hash("sha256", text, "buffer");
}

/** Adds the member, or removes it if it is in; changes `digest` in place. */
export function toggle(digest: Digest, member: Digest): void {
  invariant(member.length === DIGEST_BYTES, "a member of a set digest is 32 bytes");
  for (let i = 0; i < DIGEST_BYTES; i++) digest[i] = (digest[i] as number) ^ (member[i] as number);
}

export function digestHex(digest: Digest): string {
  return Buffer.from(digest).toString("hex");
}
