/**
 * The player document: its shape, and the player that a state of it means (PLY1, PLY2, STO1).
 *
 * Registers at the root: `username` (a claim, see `username-claim.ts`), `displayName`, `region`, `platform`,
 * `createdAt` (milliseconds since 1970), `homeServer`. Maps: `metadata` by key, `identities` from
 * `provider:subject` to the stamp of their linking, `bans` by ban id.
 */
import { encodeFirstChange } from "./automerge.ts";
import { canonicalJson } from "./canonical.ts";
import {
  type DocumentShape,
  type DocumentState,
  emptyRegisters,
  type Registers,
  type Scalar,
} from "./document.ts";
import { FOLLOWED_MS_MAX } from "./hybrid-clock.ts";
import type { DocumentId, Identity } from "./ids.ts";
import { isStorableText } from "./storable-text.ts";
import { parseUsernameClaim } from "./username-claim.ts";

const PLAYER_SHAPE: DocumentShape = { kind: "player", schema: 1, maps: ["metadata", "identities", "bans"] };

/** Where every player document starts (ID3). Its bytes and hash are held by a golden test. */
export const PLAYER_FIRST_CHANGE = encodeFirstChange(PLAYER_SHAPE);

/**
 * What is longer reads as unset. Generous: several times what clients may write, so that these may be allowed
 * more one day without a change of meaning.
 */
const TEXT_LENGTH_MAX = 256;
const METADATA_TEXT_LENGTH_MAX = 4_096;
const IDENTITY_LENGTH_MAX = 1_024;

/** A player as the document says, in no server's own view. */
export interface Player {
  readonly id: DocumentId;
  readonly username: string | null;
  readonly displayName: string | null;
  readonly region: string | null;
  readonly platform: string | null;
  readonly status: "active";
  readonly metadata: Readonly<Registers>;
  readonly identities: readonly Identity[];
  /** Milliseconds since 1970, of the registration. */
  readonly createdAtMs: number;
  readonly homeServer: string;
}

/**
 * Reads a player from the state of its document. Total, and never more than every server can store: what is
 * missing, of a wrong type or unstorable reads as unset, so that no record can halt the others.
 */
export function projectPlayer(id: DocumentId, state: DocumentState): Player {
  const { root, maps } = state;
  return {
    id,
    username: parseUsernameClaim(root.username)?.name ?? null,
    displayName: text(root.displayName),
    region: text(root.region),
    platform: text(root.platform),
    status: "active",
    metadata: storableMetadata(maps.metadata ?? {}),
    identities: Object.keys(maps.identities ?? {})
      .filter(isStorableIdentity)
      .sort()
      .map(parseIdentityKey),
    createdAtMs: time(root.createdAt),
    homeServer: text(root.homeServer) ?? "",
  };
}

/** The text that `stateDigest` hashes: everything of a player that all servers agree on. */
export function canonicalPlayer(player: Player): string {
  return canonicalJson({
    id: player.id,
    username: player.username,
    displayName: player.displayName,
    region: player.region,
    platform: player.platform,
    status: player.status,
    metadata: player.metadata,
    identities: player.identities.map(identityKey),
    createdAtMs: player.createdAtMs,
    homeServer: player.homeServer,
  });
}

/** The key of an identity in the document; a provider has no colon. */
export function identityKey({ provider, subject }: Identity): string {
  return `${provider}:${subject}`;
}

export function parseIdentityKey(key: string): Identity {
  const colon = key.indexOf(":");
  return { provider: key.slice(0, Math.max(colon, 0)), subject: key.slice(colon + 1) };
}

function text(value: Scalar | undefined): string | null {
  return typeof value === "string" && isStorableText(value, TEXT_LENGTH_MAX) ? value : null;
}

/** In milliseconds since 1970. */
function time(value: Scalar | undefined): number {
  if (typeof value !== "number" || !Number.isInteger(value)) return 0;
  return value >= 0 && value <= FOLLOWED_MS_MAX ? value : 0;
}

function storableMetadata(metadata: Readonly<Registers>): Registers {
  const storable = emptyRegisters();
  for (const key of Object.keys(metadata).sort()) {
    const value = metadata[key] as Scalar;
    if (isStorableKey(key) && isStorableValue(value)) storable[key] = value;
  }
  return storable;
}

/** `__proto__` would set the prototype of whatever object a client copies the metadata to. */
function isStorableKey(key: string): boolean {
  return key !== "__proto__" && isStorableText(key, TEXT_LENGTH_MAX);
}

function isStorableValue(value: Scalar): boolean {
  return typeof value !== "string" || isStorableText(value, METADATA_TEXT_LENGTH_MAX);
}

/** A key without a provider is none of ours. */
function isStorableIdentity(key: string): boolean {
  return key.indexOf(":") > 0 && isStorableText(key, IDENTITY_LENGTH_MAX);
}
