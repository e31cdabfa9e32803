/**
 * Names, identities and conflicts from their own side: each stored claim is one that its player makes, each group's
 * conflict is what follows, and no conflict is of what is not there.
 */
import { type Claim, type ClaimGroup, type ClaimKey, claimsOf, regroup } from "../../../crdt/claim.ts";
import { claimConflict } from "../../../crdt/claim-conflicts.ts";
import { conflictScope } from "../../../crdt/conflict.ts";
import type { PlayerRow } from "../../storage/player-row.ts";
import type { StoredConflict, StoreView } from "../../storage/store-view.ts";
import { differenceFault } from "./difference-fault.ts";
import type { Fault, Inspection } from "./fault.ts";

const PAGE_ROWS = 200;

export async function checkClaims(inspection: Inspection): Promise<void> {
  let after: ClaimKey | undefined;
  for (;;) {
    const page: ClaimGroup[] = await inspection.look(async (view, found) => {
      const groups = await view.claimsAfter(after, PAGE_ROWS);
      await compareGroups(view, groups, found);
      return groups;
    });
    await inspection.giveWay();
    after = page.at(-1);
    // What comes meanwhile is not chased.
    if (page.length < PAGE_ROWS) return;
  }
}

async function compareGroups(
  view: StoreView,
  groups: readonly ClaimGroup[],
  found: (fault: Fault) => void,
): Promise<void> {
  const claimants = new Set(groups.flatMap(({ claims }) => claims.map(({ playerId }) => playerId)));
  const rows = new Map((await view.mergeGroup([...claimants])).map((row) => [row.player.id, row]));
  const expected = groups.map((group) => expectedGroup(group, rows));
  const conflicts = expected.flatMap((group) => claimConflict(group) ?? []);
  const differences = await view.differences({
    ...{ documentIds: [], documents: [], players: [], matches: [] },
    claimKeys: groups,
    claims: expected.filter(({ claims }) => claims.length > 0),
    conflictScopes: groups.map(({ kind, key }) => conflictScope(kind, key)),
    conflicts,
  });
  for (const difference of differences) found(differenceFault(difference));
}

/** The claims that those who stand in the group make. */
function expectedGroup(group: ClaimGroup, rows: ReadonlyMap<string, PlayerRow>): ClaimGroup {
  const { kind, key } = group;
  let expected: ClaimGroup = { kind, key, claims: [] };
  for (const { playerId } of group.claims) {
    expected = regroup(expected, playerId, claimOn(group, rows.get(playerId)));
  }
  return expected;
}

function claimOn({ kind, key }: ClaimKey, row: PlayerRow | undefined): Claim | undefined {
  const claims = row ? claimsOf(row.player, row.survivorId) : [];
  return claims.find((claim) => claim.kind === kind && claim.key === key)?.claim;
}

/** What concerns documents and claims that are there was compared with them. */
export async function checkStrayConflicts(inspection: Inspection): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const page: StoredConflict[] = await inspection.look(async (view, found) => {
      const conflicts = await view.conflictsAfter(after, PAGE_ROWS);
      for (const { id } of await ofNothing(view, conflicts)) {
        found({ kind: "conflict", detail: `conflict ${id} is of nothing that is there` });
      }
      return conflicts;
    });
    await inspection.giveWay();
    after = page.at(-1)?.id;
    if (page.length < PAGE_ROWS) return;
  }
}

async function ofNothing(view: StoreView, conflicts: readonly StoredConflict[]): Promise<StoredConflict[]> {
  const scoped = conflicts.map((conflict) => ({ conflict, ...subjectOf(conflict) }));
  const documents = await view.documents(scoped.flatMap(({ claim, key }) => (claim ? [] : [key])));
  const groups = await view.claims(scoped.flatMap(({ claim }) => (claim ? [claim] : [])));
  const claimed = new Set(groups.map(({ kind, key }) => conflictScope(kind, key)));
  return scoped
    .filter(({ conflict, claim, key }) => (claim ? !claimed.has(conflict.scope) : !documents.has(key)))
    .map(({ conflict }) => conflict);
}

/** Of `field <document id>`, `match <document id>`, `username <name>`, `identity <provider:subject>`. */
function subjectOf({ scope }: StoredConflict): {
  readonly key: string;
  readonly claim: ClaimKey | undefined;
} {
  const space = scope.indexOf(" ");
  const of = scope.slice(0, space);
  const key = scope.slice(space + 1);
  return { key, claim: of === "username" || of === "identity" ? { kind: of, key } : undefined };
}
