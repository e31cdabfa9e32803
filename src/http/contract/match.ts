/** Matches as requests and answers have them. */
import { z } from "zod";
import { CAPACITY_MAX } from "./limits.ts";
import { metadata, newMetadata } from "./metadata.ts";
import { cursor, limit, pageOf } from "./paging.ts";
import { address, label, time, uuid } from "./text.ts";

const capacityError = { error: `must be a whole number from 1 to ${CAPACITY_MAX}` };

export const newMatch = z
  .strictObject({
    mode: label,
    region: label.optional(),
    capacity: z.int(capacityError).min(1, capacityError).max(CAPACITY_MAX, capacityError),
    metadata: newMetadata.optional(),
    address: address.optional(),
    hostId: uuid.optional().meta({
      description: "The player who hosts it, and is seated; of a call by a player that one itself.",
    }),
  })
  .meta({ id: "NewMatch" });

const matchState = z.enum(["open", "running", "finished", "cancelled", "expired"]);
const seatStatus = z.enum(["seated", "overflow"]);

export const match = z
  .object({
    id: uuid,
    mode: z.string(),
    region: z.string().nullable(),
    capacity: z.int(),
    state: matchState,
    hostId: uuid.nullable(),
    address: z.string().optional().meta({ description: "Where to connect." }),
    metadata: metadata.optional().meta({ description: "When there is any." }),
    players: z
      .array(z.object({ playerId: uuid, status: seatStatus, joinedAt: time }).meta({ id: "Seat" }))
      .meta({ description: "First those who are seated." }),
    result: z
      .object({
        status: z.enum(["pending", "settled", "disputed"]),
        ranks: z.record(z.string(), z.int()).optional().meta({ description: "Of a settled one." }),
      })
      .meta({ id: "MatchResult" }),
    ratedAs: z
      .record(z.string(), uuid)
      .optional()
      .meta({ description: "Of players who were merged into others: for whom the match counts." }),
    createdAt: time,
    startedAt: time.optional(),
    finishedAt: time.optional(),
    homeServer: z.string().meta({ description: "The server that took the creation." }),
  })
  .meta({ id: "Match" });

export const matchPage = pageOf(match).meta({ id: "MatchPage" });

export const joined = z.object({ match, seat: z.object({ status: seatStatus }) }).meta({ id: "Joined" });

export const matchParams = z.strictObject({ id: uuid });

export const matchPlayerParams = z.strictObject({ id: uuid, playerId: uuid });

export const matchListQuery = z.strictObject({
  state: matchState.optional(),
  mode: label.optional(),
  region: label.optional(),
  limit,
  cursor,
});

export type MatchAnswer = z.output<typeof match>;
export type MatchPageAnswer = z.output<typeof matchPage>;
export type JoinedAnswer = z.output<typeof joined>;
