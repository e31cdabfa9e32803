/** Everything that is held on a player, for that player. */
import { z } from "zod";
import { ban } from "./ban.ts";
import { rating } from "./board.ts";
import { change } from "./change.ts";
import { conflict } from "./conflict.ts";
import { match } from "./match.ts";
import { player } from "./player.ts";
import { time, uuid } from "./text.ts";

/** A change of one of the player's documents. */
const exportedChange = change.extend({ documentId: uuid }).meta({ id: "ExportedChange" });

const report = z.object({ ranks: z.record(z.string(), z.int()), at: time });

export const playerExport = z
  .object({
    player,
    bans: z.array(ban),
    mergedIds: z.array(uuid).meta({ description: "The players that were merged into this one." }),
    history: z.array(exportedChange),
    matches: z.array(
      z.object({ match, report: report.optional().meta({ description: "What the player said of it." }) }),
    ),
    ratings: z.array(rating),
    conflicts: z.array(conflict),
  })
  .meta({ id: "PlayerExport" });

export type ExportAnswer = z.output<typeof playerExport>;
