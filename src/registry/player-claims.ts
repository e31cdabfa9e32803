/** What a write to a player claims, and that nobody else owns it (CLM3, CLM4). */
import type { ClaimKey } from "../../crdt/claim.ts";
import type { DocumentId, Identity } from "../../crdt/ids.ts";
import { identityKey, type Player } from "../../crdt/player.ts";
import { NameContestedError, NameTakenError } from "../../crdt/player-errors.ts";
import { normaliseUsername } from "../../crdt/username-claim.ts";
import type { Circumstances, Decision } from "./task.ts";

/** CLM3: a name that is visibly owned is refused to anyone else. */
export function requireFreeName(
  decision: Decision,
  username: string | null | undefined,
  id: DocumentId,
  { ownerOf, isContested }: Circumstances,
): Decision {
  const claimsName = decision.writes.some(
    ({ map, key, value }) => map === null && key === "username" && value !== null,
  );
  if (!claimsName || typeof username !== "string") return decision;
  const key: ClaimKey = { kind: "username", key: normaliseUsername(username) };
  const owner = ownerOf(key);
  if (owner !== undefined && owner !== id) throw new NameTakenError(username);
  // Spelt otherwise it is claimed anew, later than by whoever lost it.
  if (owner === id && isContested(key)) throw new NameContestedError(username);
  return decision;
}

export function nameKey(username: string | null | undefined): ClaimKey[] {
  return typeof username === "string" ? [{ kind: "username", key: normaliseUsername(username) }] : [];
}

export function isLinked({ identities }: Player, identity: Identity): boolean {
  return identities.some((one) => isSameIdentity(one, identity));
}

function isSameIdentity(one: Identity, other: Identity): boolean {
  return one.provider === other.provider && one.subject === other.subject;
}

export function identityClaim(identity: Identity): ClaimKey {
  return { kind: "identity", key: identityKey(identity) };
}
