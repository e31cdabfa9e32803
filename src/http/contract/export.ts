/** Everything that is held on a player, for that player. */
import { z } from "zod";
import { ban } from "./ban.ts";
import { rating } from "./board.ts";
import { conflict } from "./conflict.ts";
import { match } from "./match.ts";
import { player } from "./player.ts";
import { time, uuid } from "./text.ts";

/** A change of one of the player's documents. */
const change = z
  .object({
    documentId: uuid,
    hash: z.string(),
    parents: z.array(z.string()),
    server: z.string().nullable().meta({ description: "Null when that server is not known here." }),
    origin: z.string().meta({ description: "The incarnation of the server." }),
    sequence: z.int().meta({ description: "Where it stands in what its origin wrote." }),
    at: time.optional(),
    by: z.string().optional().meta({ description: "On whose behalf: the kind of caller." }),
    reason: z.string().optional(),
    sets: z.array(
      z.object({ path: z.string(), to: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
    ),
  })
  .meta({ id: "ExportedChange" });

const report = z.object({ ranks: z.record(z.string(), z.int()), at: time });

export const playerExport = z
  .object({
    player,
    bans: z.array(ban),
    mergedIds: z.array(uuid).meta({ description: "The players that were merged into this one." }),
    history: z.array(change),
    matches: z.array(
      z.object({ match, report: report.optional().meta({ description: "What the player said of it." }) }),
    ),
    ratings: z.array(rating),
    conflicts: z.array(conflict),
  })
  .meta({ id: "PlayerExport" });

export type ExportAnswer = z.output<typeof playerExport>;
export type ExportedChange = z.output<typeof change>;
