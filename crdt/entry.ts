/**
 * An entry of the replicated log: what servers exchange, store for ever, and agree on.
 *
 * Kinds are numbers on the wire and in the database; a kind or version that this server does not know is
 * stored and forwarded as it is (UNK1), so nothing here may depend on understanding the body.
 */
import type { DocumentId, DocumentKind } from "./ids.ts";
import type { Origin } from "./position.ts";
import { isStorableText } from "./storable-text.ts";

export const ENTRY_KIND = {
  /** A fact of membership: this origin is an incarnation of the server that the body names. */
  originBegan: 1,
  /** One Automerge change of a player document. */
  playerChange: 2,
  /** One Automerge change of a match document. */
  matchChange: 3,
  /** The document is erased (ERA1): the body is the erasure's note, as a change has one. */
  erasure: 4,
  /** What an operator did to the document, and why (`audit.ts`); of an erasure, without the document. */
  audit: 5,
  /** A fact of membership: these incarnations of a server are no members any more (`membership.ts`). */
  memberForgotten: 6,
} as const;

/** The version that this server writes, of every kind it knows. */
export const ENTRY_VERSION = 1;

/** Of a server's name. */
const NAME_LENGTH_MAX = 256;

export interface Entry {
  readonly origin: Origin;
  /** From 1, without gaps within an origin. */
  readonly sequence: number;
  /** One of `ENTRY_KIND`, or a number from a newer server. */
  readonly kind: number;
  readonly version: number;
  /** The document it belongs to; null for facts about the cluster. */
  readonly documentId: DocumentId | null;
  /** SHA-256 of the change, 64 hexadecimal digits; null where the body is no change. */
  readonly hash: string | null;
  /** Empty where it was a change of a document that is erased. */
  readonly body: Uint8Array;
}

/** The kind of document that an entry changes; undefined when it changes none that this server knows. */
export function documentKindOf(entry: Entry): DocumentKind | undefined {
  if (entry.version !== ENTRY_VERSION || entry.documentId === null) return undefined;
  if (entry.kind === ENTRY_KIND.playerChange) return "player";
  return entry.kind === ENTRY_KIND.matchChange ? "match" : undefined;
}

/** The entry kind of a change of such a document. */
export function changeEntryKind(kind: DocumentKind): number {
  switch (kind) {
    case "player":
      return ENTRY_KIND.playerChange;
    case "match":
      return ENTRY_KIND.matchChange;
  }
}

/** What an entry takes on the wire beside its body, about: hash, ids and framing. */
export const ENTRY_OVERHEAD_BYTES = 96;

/** Bytes that an entry takes on the wire, about. */
export function entryBytes(entry: Entry): number {
  return entry.body.byteLength + ENTRY_OVERHEAD_BYTES;
}

/** The entry without what it said: what is left of a change of an erased document (ERA1). */
export function withoutContent(entry: Entry): Entry {
  return { ...entry, hash: null, body: new Uint8Array(0) };
}

/** The body of `erasure`: when and on whose behalf. */
export function encodeErasure(note: string): Uint8Array {
  return new TextEncoder().encode(note);
}

/** The note of an `erasure` entry; undefined for any other entry. */
export function erasureNoteOf(entry: Entry): string | undefined {
  if (entry.kind !== ENTRY_KIND.erasure || entry.version !== ENTRY_VERSION) return undefined;
  return entry.documentId === null ? undefined : new TextDecoder().decode(entry.body);
}

/** The body of `originBegan`: which server the origin is an incarnation of. */
export function encodeOriginBegan(server: string): Uint8Array {
  return new TextEncoder().encode(server);
}

/** The server that an `originBegan` entry names; undefined for any other entry, or a name nobody can store. */
export function serverThatBegan(entry: Entry): string | undefined {
  if (entry.kind !== ENTRY_KIND.originBegan || entry.version !== ENTRY_VERSION) return undefined;
  const name = new TextDecoder().decode(entry.body);
  return isStorableText(name, NAME_LENGTH_MAX) ? name : undefined;
}
