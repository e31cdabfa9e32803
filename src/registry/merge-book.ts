/**
 * Merged players of a batch: who survives, and until when all of them are banned, once players' merges, bans,
 * arrival or erasure change that (CLM4, PLY3).
 */
import { bannedUntilMs } from "../../crdt/bans.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { survivorsOf } from "../../crdt/merge-group.ts";
import type { Player } from "../../crdt/player.ts";
import type { PlayerRow } from "../storage/player-row.ts";
import { type MergeGroups, missingGroups } from "./plan-context.ts";

/** A player of the batch, before and after; undefined for one that is not there. */
export interface PlayerChange {
  readonly id: DocumentId;
  /** Its document has a row, also where there was no player: one that others were merged with, or whose changes wait. */
  readonly isStored: boolean;
  readonly before: PlayerRow | undefined;
  readonly after: Player | undefined;
  /** What stands in the claim book for it by now. */
  readonly claimedAs: PlayerRow | undefined;
  readonly erased: boolean;
}

export interface MergeChanges {
  /** Of every player whose group the batch changes, also of those that the batch does not change themselves. */
  readonly survivors: ReadonlyMap<DocumentId, DocumentId>;
  /** Of the same players: milliseconds since 1970, the latest of the bans in their group; null where there is none. */
  readonly bannedUntilMs: ReadonlyMap<DocumentId, number | null>;
  /** Whose matches count for somebody else from now on; an erased player's count for itself again. */
  readonly countedForAnother: readonly DocumentId[];
  /**
   * Players that others were merged with and of whom nothing is known here. They get a document row, so that
   * their registration cannot be taken for one that concerns nobody else.
   */
  readonly awaited: readonly DocumentId[];
}

const NOTHING: MergeChanges = {
  survivors: new Map(),
  bannedUntilMs: new Map(),
  countedForAnother: [],
  awaited: [],
};

/** @throws MissingContextError when a group is not loaded whole */
export function mergeChanges(
  changes: ReadonlyMap<DocumentId, PlayerChange>,
  groups: MergeGroups,
): MergeChanges {
  const concerned = new Set<DocumentId>();
  for (const change of changes.values()) {
    if (!changesGroup(change, groups)) continue;
    const { id, before, after } = change;
    const edges = [...(before?.player.mergedWith ?? []), ...(after?.mergedWith ?? [])];
    for (const member of [id, ...edges]) concerned.add(member);
  }
  if (concerned.size === 0) return NOTHING;
  const unknown = [...concerned].filter((id) => !groups.asked.has(id));
  if (unknown.length > 0) throw missingGroups(unknown);

  const players = new Map<DocumentId, Player>();
  for (const [id, { player }] of groups.rows) players.set(id, player);
  const erased = new Set(groups.erased);
  for (const change of changes.values()) {
    // Of whoever is not concerned the group is not here, or not whole: nothing can be said of it.
    if (!concerned.has(change.id) && !groups.rows.has(change.id)) continue;
    if (change.after) players.set(change.id, change.after);
    else players.delete(change.id);
    if (change.erased) erased.add(change.id);
  }
  const all = survivorsOf(players.values(), erased);
  const survivors = new Map([...all].filter(([id]) => players.has(id)));
  const ids = new Set([...groups.rows.keys(), ...changes.keys()]);
  return {
    survivors,
    bannedUntilMs: bannedOf(survivors, players),
    countedForAnother: [...ids].filter((id) => {
      return (groups.rows.get(id)?.survivorId ?? id) !== (survivors.get(id) ?? id);
    }),
    awaited: [...concerned].filter((id) => !groups.known.has(id) && !changes.has(id)),
  };
}

/** Whoever was merged is one person: a ban of any is a ban of all (PLY3). */
export function bannedOf(
  survivors: ReadonlyMap<DocumentId, DocumentId>,
  players: ReadonlyMap<DocumentId, Player>,
): Map<DocumentId, number | null> {
  const bySurvivor = new Map<DocumentId, Player["bans"][number][]>();
  for (const [id, survivorId] of survivors) {
    const bans = bySurvivor.get(survivorId) ?? [];
    bySurvivor.set(survivorId, [...bans, ...(players.get(id)?.bans ?? [])]);
  }
  return new Map(
    [...survivors].map(([id, survivorId]) => [id, bannedUntilMs(bySurvivor.get(survivorId) ?? [])]),
  );
}

function changesGroup({ id, isStored, before, after }: PlayerChange, { rows }: MergeGroups): boolean {
  if (!before) {
    if (isStored) return true;
    const others = [...rows.values()];
    const isMerged = others.some(({ player }) => player.mergedWith.includes(id));
    return isMerged || (after !== undefined && (after.mergedWith.length > 0 || after.bans.length > 0));
  }
  if (!after) return true;
  if (bannedUntilMs(before.player.bans) !== bannedUntilMs(after.bans)) return true;
  const had = before.player.mergedWith;
  return (
    had.length !== after.mergedWith.length || had.some((edge, index) => edge !== after.mergedWith[index])
  );
}
