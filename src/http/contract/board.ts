/** Ratings, and the leaderboards they make. */
import { z } from "zod";
import { pageOf } from "./paging.ts";
import { label, uuid } from "./text.ts";

const standing = {
  rating: z.number(),
  matches: z.int(),
  wins: z.int(),
  losses: z.int(),
  draws: z.int(),
};

const leader = z
  .object({ rank: z.int(), playerId: uuid, username: z.string().nullable(), ...standing })
  .meta({ id: "Leader" });

export const rating = z.object({ mode: z.string(), ...standing }).meta({ id: "Rating" });

export const leaderboard = pageOf(leader).meta({ id: "Leaderboard" });

const ratedMode = z.object({ mode: z.string() }).meta({ id: "RatedMode" });

export const ratedModes = pageOf(ratedMode).meta({ id: "RatedModes" });

export const ratings = pageOf(rating).meta({ id: "Ratings" });

export const leaderboardParams = z.strictObject({ mode: label });

export type LeaderboardAnswer = z.output<typeof leaderboard>;
export type RatedModesAnswer = z.output<typeof ratedModes>;
export type RatingsAnswer = z.output<typeof ratings>;
