/** Everything that is held on a player, as the player gets it. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import type { PlayerExport } from "../registry/player-export.ts";
import { conflictAnswer, type ServerOf } from "./conflict-answer.ts";
import type { ExportAnswer, ExportedChange } from "./contract/export.ts";
import { matchRecordAnswer } from "./match-answer.ts";
import { banAnswer, wholePlayerAnswer } from "./player-answer.ts";
import { stampTimeText } from "./time-text.ts";

export function exportAnswer(exported: PlayerExport, serverOf: ServerOf): ExportAnswer {
  const { player: view, mergedIds, history, matches, ratings, conflicts } = exported;
  const ids = new Set([view.player.id, ...mergedIds]);
  return {
    player: wholePlayerAnswer(view),
    bans: view.player.bans.map(banAnswer),
    mergedIds: [...mergedIds],
    history: history.map((item) => changeAnswer(item, serverOf)),
    matches: matches.map((match) => ({ match: matchRecordAnswer(match), ...ownReport(match, ids) })),
    ratings: ratings.map((rating) => ({ ...rating })),
    conflicts: conflicts.map((conflict) => conflictAnswer(conflict, serverOf)),
  };
}

function changeAnswer(
  { documentId, hash, parents, position, note, sets }: PlayerExport["history"][number],
  serverOf: ServerOf,
): ExportedChange {
  return {
    documentId,
    hash,
    parents: [...parents],
    server: serverOf(position.origin) ?? null,
    origin: position.origin,
    sequence: position.sequence,
    ...(note && { at: stampTimeText(note.stamp), reason: note.reason }),
    ...(note?.by !== undefined && { by: note.by }),
    sets: sets.map((set) => ({ ...set })),
  };
}

function ownReport(
  match: Match,
  ids: ReadonlySet<DocumentId>,
): Pick<ExportAnswer["matches"][number], "report"> {
  const own = match.reports.find(({ playerId }) => ids.has(playerId));
  return own ? { report: { ranks: { ...own.ranks }, at: stampTimeText(own.stamp) } } : {};
}
