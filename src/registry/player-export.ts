/** Everything that is held on a player, with its history: what the person may ask for. */
import type { Conflict } from "../../crdt/conflict.ts";
import { type HistoryItem, historyOf } from "../../crdt/history.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import type { Position } from "../../crdt/position.ts";
import type { LogStore, StoredChange } from "../storage/log-store.ts";
import type { PlayerRating } from "../storage/rating-store.ts";
import type { MatchCursor } from "../storage/record-queries.ts";
import type { PlayerView } from "./views.ts";

export interface PlayerExport {
  readonly player: PlayerView;
  /** The players that were merged into this one. */
  readonly mergedIds: readonly DocumentId[];
  /** Of the player and of those merged into it, one document after the other. */
  readonly history: readonly ExportedChange[];
  /** All that one of them hosts or ever joined, also those that it left or was too late for, newest first. */
  readonly matches: readonly Match[];
  readonly ratings: readonly PlayerRating[];
  readonly conflicts: readonly Conflict[];
}

export interface ExportedChange extends HistoryItem {
  readonly documentId: DocumentId;
  readonly position: Position;
}

const PAGE = 100;

/** `player` is the survivor of its merge group. */
export async function exportPlayer(store: LogStore, player: PlayerView): Promise<PlayerExport> {
  const { id } = player.player;
  const group = await store.mergeGroup([id]);
  const ids = group.map((row) => row.player.id);
  const changes = await store.changes(ids);
  const conflicts = new Map<string, Conflict>();
  for (const documentId of ids) {
    for (const conflict of await allConflicts(store, documentId)) conflicts.set(conflict.id, conflict);
  }
  return {
    player,
    mergedIds: ids.filter((other) => other !== id).sort(),
    history: ids.flatMap((documentId) => historyWithPositions(documentId, changes.get(documentId) ?? [])),
    matches: await allMatches(store, ids),
    ratings: await store.ratingsOf(id),
    conflicts: [...conflicts.values()],
  };
}

function historyWithPositions(documentId: DocumentId, changes: readonly StoredChange[]): ExportedChange[] {
  const positions = new Map(changes.map(({ hash, position }) => [hash, position]));
  return historyOf(PLAYER_FIRST_CHANGE, changes).flatMap((item) => {
    const position = positions.get(item.hash);
    return position ? [{ ...item, documentId, position }] : [];
  });
}

async function allMatches(store: LogStore, playerIds: readonly DocumentId[]): Promise<Match[]> {
  const matches: Match[] = [];
  let after: MatchCursor | undefined;
  do {
    const page = await store.matchesOf({ playerIds, limit: PAGE, after });
    matches.push(...page.items.map(({ match }) => match));
    after = page.next ?? undefined;
  } while (after);
  return matches;
}

async function allConflicts(store: LogStore, documentId: DocumentId): Promise<Conflict[]> {
  const conflicts: Conflict[] = [];
  let after: Parameters<LogStore["conflicts"]>[0]["after"];
  do {
    const page = await store.conflicts({ documentId, limit: PAGE, after });
    conflicts.push(...page.items);
    after = page.next ?? undefined;
  } while (after);
  return conflicts;
}
