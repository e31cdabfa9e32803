/** Everything that is held on a player, as the player gets it. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import type { PlayerExport } from "../registry/player-export.ts";
import { changeAnswer } from "./change-answer.ts";
import { conflictAnswer, type ServerOf } from "./conflict-answer.ts";
import type { ExportAnswer } from "./contract/export.ts";
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
    history: history.map((item) => ({ documentId: item.documentId, ...changeAnswer(item, serverOf) })),
    matches: matches.map((match) => ({ match: matchRecordAnswer(match), ...ownReport(match, ids) })),
    ratings: ratings.map((rating) => ({ ...rating })),
    conflicts: conflicts.map((conflict) => conflictAnswer(conflict, serverOf)),
  };
}

function ownReport(
  match: Match,
  ids: ReadonlySet<DocumentId>,
): Pick<ExportAnswer["matches"][number], "report"> {
  const own = match.reports.find(({ playerId }) => ids.has(playerId));
  return own ? { report: { ranks: { ...own.ranks }, at: stampTimeText(own.stamp) } } : {};
}
