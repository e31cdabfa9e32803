/** Names and identities that two players claim (HIS2), of whom one owns them (CLM1, CLM4). */
import { type ClaimGroup, type ClaimKind, isContested, ownerOf } from "./claim.ts";
import { byStampAndSource, type Conflict, conflictId, conflictScope } from "./conflict.ts";

const RULE_OF: { readonly [kind in ClaimKind]: string } = { username: "CLM1", identity: "CLM4" };

/** Undefined when the claims of the group count for one player, or there is none. */
export function claimConflict(group: ClaimGroup): Conflict | undefined {
  const { kind, key, claims } = group;
  const ownerId = ownerOf(group);
  if (ownerId === undefined || !isContested(group)) return undefined;
  const scope = conflictScope(kind, key);
  return {
    id: conflictId(scope, kind),
    scope,
    kind,
    documentId: ownerId,
    documentIds: [...new Set(claims.flatMap(({ playerId, holderId }) => [playerId, holderId]))].sort(),
    path: null,
    candidates: claims
      .map(({ value, playerId, origin, stamp }) => ({ value, playerId, origin, stamp }))
      .sort(byStampAndSource),
    winner: ownerId,
    rule: RULE_OF[kind],
  };
}
