/**
 * Document ids (ID1, ID2, ID5): UUIDs, derived wherever two servers must come to the same id by themselves.
 *
 * A derived id is the first 16 bytes of a SHA-256 with the marks of a version-8 UUID (RFC 9562, 5.8). What is
 * hashed is a JSON array, so that no two different inputs give the same text. Random ids (version 7) are made
 * outside, as this folder has neither clock nor randomness.
 */
import { hash } from "node:crypto";

/** A UUID in lower case with hyphens. */
export type DocumentId = string;

/** The kinds of document. */
export type DocumentKind = "player" | "match";

/** An account of a player at a platform, for instance `{provider: "steam", subject: "7656119…"}`. */
export interface Identity {
  readonly provider: string;
  readonly subject: string;
}

/** ID1: the id of the player who has this identity in this realm. */
export function playerIdOfIdentity(realm: string, { provider, subject }: Identity): DocumentId {
  return derivedId(["rollcall identity v1", realm, provider, subject]);
}

/** ID2: the id of the document that this idempotency key makes. */
export function documentIdOfKey(realm: string, kind: DocumentKind, key: string): DocumentId {
  return derivedId(["rollcall key v1", realm, kind, key]);
}

/** Whether a text that a document holds has the form of an id; in lower case, so that one id has one text. */
export function isDocumentId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** A UUID that follows from these texts; the first of them says what kind of thing it is the id of. */
export function derivedId(parts: readonly string[]): DocumentId {
  const bytes = hash("sha256", JSON.stringify(parts), "buffer").subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
