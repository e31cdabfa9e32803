/**
 * What two players can both claim: a name, an account at a platform (CLM1, CLM4).
 *
 * All live claims on one key are a group; the first of them, by (stamp, player id), owns it. A group follows from
 * the players alone, so it is the same on every server that has the same players.
 */
import type { Actor } from "./change.ts";
import type { Stamp } from "./hybrid-clock.ts";
import type { DocumentId } from "./ids.ts";
import { identityKey, type Player } from "./player.ts";
import { normaliseUsername } from "./username-claim.ts";

export type ClaimKind = "username" | "identity";

/** What a claim is on: a name in normalised form, or `provider:subject`. */
export interface ClaimKey {
  readonly kind: ClaimKind;
  readonly key: string;
}

export interface Claim {
  readonly stamp: Stamp;
  /** Whose document has the claim. */
  readonly playerId: DocumentId;
  /** For whom it counts: the survivor when the player was merged, otherwise the player. */
  readonly holderId: DocumentId;
  /** As the player wrote it. */
  readonly value: string;
  /** The incarnation that wrote the claim. */
  readonly origin: Actor;
}

/** The live claims on one key, sorted by (stamp, player id); the first owns it. */
export interface ClaimGroup extends ClaimKey {
  readonly claims: readonly Claim[];
}

/** A claim with what it is on. */
export interface KeyedClaim extends ClaimKey {
  readonly claim: Claim;
}

/**
 * All live claims of a player, given who survives of those it was merged with (itself, unless it was). A player
 * who was merged into another has given its name up; its identities are the survivor's.
 */
export function claimsOf(
  player: Pick<Player, "id" | "username" | "usernameClaim" | "identities">,
  survivorId: DocumentId,
): readonly KeyedClaim[] {
  const { id, username, usernameClaim, identities } = player;
  const whose = { playerId: id, holderId: survivorId };
  const claims: KeyedClaim[] = identities.map((identity) => {
    const { stamp, origin } = identity;
    const key = identityKey(identity);
    return { kind: "identity", key, claim: { ...whose, stamp, origin, value: key } };
  });
  if (username === null || usernameClaim === null || survivorId !== id) return claims;
  const { stamp, origin } = usernameClaim;
  const claim = { ...whose, stamp, origin, value: username };
  return [{ kind: "username", key: normaliseUsername(username), claim }, ...claims];
}

/** The group once a player claims its key so, or (undefined) no longer. A player has at most one claim in a group. */
export function regroup(group: ClaimGroup, playerId: DocumentId, claim: Claim | undefined): ClaimGroup {
  const others = group.claims.filter((other) => other.playerId !== playerId);
  return { ...group, claims: claim ? [...others, claim].sort(byStampAndPlayer) : others };
}

/** Who owns the key: the holder of the first claim (CLM1); undefined when there is none. */
export function ownerOf(group: ClaimGroup): DocumentId | undefined {
  return group.claims[0]?.holderId;
}

/** Whether the claims are of at least two different holders, so that somebody lost. */
export function isContested(group: ClaimGroup): boolean {
  const owner = ownerOf(group);
  return group.claims.some(({ holderId }) => holderId !== owner);
}

/** A kind and key as one text, different for different ones: `username ada`, `identity steam:7`. */
export function claimKeyText(kind: ClaimKind, key: string): string {
  return `${kind} ${key}`;
}

/** Stamps and ids are ASCII, so code units order them as everything else does. */
function byStampAndPlayer(one: Claim, other: Claim): number {
  if (one.stamp !== other.stamp) return one.stamp < other.stamp ? -1 : 1;
  return one.playerId < other.playerId ? -1 : 1;
}
