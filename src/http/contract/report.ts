/** How a match ended, as those say who played, or an operator. */
import { z } from "zod";
import { CAPACITY_MAX } from "./limits.ts";
import { match } from "./match.ts";
import { reason } from "./text.ts";

const rankError = { error: `must be a whole number from 1 to ${CAPACITY_MAX}` };
const rank = z.int(rankError).min(1, rankError).max(CAPACITY_MAX, rankError);

/** By player ids in lower case; nobody is ranked twice under one id in two spellings. */
const ranks = z
  .record(z.guid({ error: "must be a UUID" }), rank)
  .refine((byPlayer) => Object.keys(byPlayer).length > 0, { error: "must rank at least one player" })
  .refine(isInjective, { error: "must not rank a player twice" })
  .transform((byPlayer) =>
    Object.fromEntries(Object.entries(byPlayer).map(([playerId, place]) => [playerId.toLowerCase(), place])),
  )
  .meta({
    description:
      "The place of each player by id: 1 is best, ties are equal. A body has room for about 750 players.",
  });

export const report = z.strictObject({ ranks }).meta({ id: "Report" });

export const settlement = z.strictObject({ ranks, reason }).meta({ id: "Settlement" });

export const reported = z.object({ match }).meta({ id: "Reported" });

export type ReportedAnswer = z.output<typeof reported>;

function isInjective(byPlayer: object): boolean {
  const ids = Object.keys(byPlayer);
  return new Set(ids.map((id) => id.toLowerCase())).size === ids.length;
}
