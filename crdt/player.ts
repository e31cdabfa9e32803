/**
 * The player document: its shape, and the player that a state of it means (PLY1, PLY2, STO1).
 *
 * Registers at the root: `username` (a claim, see `username-claim.ts`), `displayName`, `region`, `platform`,
 * `createdAt` (milliseconds since 1970), `homeServer`. Maps: `metadata` by key, `identities` from
 * `provider:subject` to the stamp of their linking, `bans` (see `bans.ts`), `merges` from the id of a player that
 * is the same person to the stamp of the merge, recorded with the greater id of the two (CLM4).
 */
import { encodeFirstChange } from "./automerge.ts";
import { type Ban, readBans } from "./bans.ts";
import { canonicalJson } from "./canonical.ts";
import type { Actor } from "./change.ts";
import { type DocumentShape, type DocumentState, emptyRegisters, type Registers } from "./document.ts";
import { isStamp, type Stamp } from "./hybrid-clock.ts";
import { type DocumentId, type Identity, isDocumentId } from "./ids.ts";
import { storableMetadata } from "./storable-metadata.ts";
import { readText, readTime } from "./storable-register.ts";
import { isStorableText } from "./storable-text.ts";
import { parseUsernameClaim } from "./username-claim.ts";

const PLAYER_SHAPE: DocumentShape = {
  kind: "player",
  schema: 1,
  maps: ["metadata", "identities", "bans", "merges"],
};

/** Where every player document starts (ID3). Its bytes and hash are held by a golden test. */
export const PLAYER_FIRST_CHANGE = encodeFirstChange(PLAYER_SHAPE);

/** A claim on it is a key of an index of PostgreSQL, which takes 2,704 bytes: three for each of these. */
const IDENTITY_LENGTH_MAX = 640;

/** An identity with the stamp and the incarnation of its linking. */
export interface LinkedIdentity extends Identity {
  readonly stamp: Stamp;
  readonly origin: Actor;
}

/** A player as the document says, in no server's own view. */
export interface Player {
  readonly id: DocumentId;
  readonly username: string | null;
  /** Of the claim on the username, with the incarnation that wrote it; null when there is none. */
  readonly usernameClaim: { readonly stamp: Stamp; readonly origin: Actor } | null;
  readonly displayName: string | null;
  readonly region: string | null;
  readonly platform: string | null;
  readonly metadata: Readonly<Registers>;
  /** Sorted by `provider:subject`. */
  readonly identities: readonly LinkedIdentity[];
  /** Sorted by id, lifted and ended ones too. */
  readonly bans: readonly Ban[];
  /** The players that this one was declared to be the same as, each with a lesser id, sorted (CLM4). */
  readonly mergedWith: readonly DocumentId[];
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
  const claim = parseUsernameClaim(root.username);
  return {
    id,
    username: claim?.name ?? null,
    usernameClaim: claim ? { stamp: claim.stamp, origin: state.writerOf(null, "username") } : null,
    displayName: readText(root.displayName),
    region: readText(root.region),
    platform: readText(root.platform),
    metadata: storableMetadata(maps.metadata ?? emptyRegisters()),
    identities: linkedIdentities(state),
    bans: readBans(maps.bans ?? emptyRegisters()),
    mergedWith: mergedWith(id, maps.merges ?? emptyRegisters()),
    createdAtMs: readTime(root.createdAt),
    homeServer: readText(root.homeServer) ?? "",
  };
}

/**
 * The text that `stateDigest` hashes: everything of a player that all servers agree on. Origins are left out, as
 * incarnations of servers are no part of what a player is.
 */
export function canonicalPlayer(player: Player): string {
  return canonicalJson({
    id: player.id,
    username: player.username,
    usernameStamp: player.usernameClaim?.stamp ?? null,
    displayName: player.displayName,
    region: player.region,
    platform: player.platform,
    metadata: player.metadata,
    identities: player.identities.map((identity) => [identityKey(identity), identity.stamp]),
    bans: player.bans.map((ban) => ({ ...ban })),
    mergedWith: player.mergedWith,
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

function linkedIdentities({ maps, writerOf }: DocumentState): LinkedIdentity[] {
  const identities = maps.identities ?? emptyRegisters();
  const linked: LinkedIdentity[] = [];
  for (const key of Object.keys(identities).filter(isStorableIdentity).sort()) {
    const stamp = identities[key];
    if (isStamp(stamp)) linked.push({ ...parseIdentityKey(key), stamp, origin: writerOf("identities", key) });
  }
  return linked;
}

/** Whether a key of the map is read as an identity: one without a provider is none of ours. */
export function isStorableIdentity(key: string): boolean {
  return key.indexOf(":") > 0 && isStorableText(key, IDENTITY_LENGTH_MAX);
}

/** Only lesser ids: so that merges form no cycle, whatever a document says. */
function mergedWith(id: DocumentId, merges: Readonly<Registers>): DocumentId[] {
  return Object.keys(merges)
    .filter((other) => isDocumentId(other) && other < id && isStamp(merges[other]))
    .sort();
}
