/** What came of matches: leaderboards, and what a player has (RAT1, RAT2). */
import type { Registry } from "../registry/registry.ts";
import {
  type LeaderboardAnswer,
  leaderboard,
  leaderboardParams,
  type RatedModesAnswer,
  type RatingsAnswer,
  ratedModes,
  ratings,
} from "./contract/board.ts";
import { readHeaders } from "./contract/headers.ts";
import { type MatchPageAnswer, matchPage } from "./contract/match.ts";
import { pageQuery } from "./contract/paging.ts";
import { playerParams } from "./contract/player.ts";
import { leadersByRating, matchesByCreation, modesByName } from "./cursor.ts";
import { matchAnswer } from "./match-answer.ts";
import { pageAnswer } from "./page-answer.ts";
import { reached } from "./reach.ts";
import { defineRoute, type Route } from "./route.ts";

export function boardRoutes(registry: Registry): Route[] {
  return [
    ratedModesRoute(registry),
    leaderboardRoute(registry),
    playerMatchesRoute(registry),
    playerRatingsRoute(registry),
  ];
}

function ratedModesRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/leaderboards",
    operationId: "listRatedModes",
    summary: "Lists the modes that somebody was rated in, by name: each has a leaderboard.",
    access: "public",
    request: { query: pageQuery, headers: readHeaders },
    responses: { 200: { description: "A page.", schema: ratedModes } },
    compressed: true,
    handle: async ({ query, headers }) => {
      const { limit, cursor } = query;
      const after = cursor === undefined ? undefined : modesByName.parse(cursor);
      await reached(registry, headers);
      const page = await registry.boards.ratedModes({ limit, after });
      const value: RatedModesAnswer = {
        items: page.items.map((mode) => ({ mode })),
        next: page.next && modesByName.format(page.next),
      };
      return pageAnswer(value, "/v1/leaderboards", query);
    },
  });
}

function leaderboardRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/leaderboards/{mode}",
    operationId: "readLeaderboard",
    summary: "The players of a mode, best first; of a mode in which nobody was rated, none.",
    access: "public",
    request: { params: leaderboardParams, query: pageQuery, headers: readHeaders },
    responses: { 200: { description: "A page.", schema: leaderboard } },
    compressed: true,
    handle: async ({ params: { mode }, query, headers }) => {
      const { limit, cursor } = query;
      const after = cursor === undefined ? undefined : leadersByRating.parse(cursor);
      await reached(registry, headers);
      const page = await registry.boards.leaderboard({ mode, limit, after });
      const value: LeaderboardAnswer = {
        items: [...page.items],
        next: page.next && leadersByRating.format(page.next),
      };
      return pageAnswer(value, `/v1/leaderboards/${mode}`, query);
    },
  });
}

function playerMatchesRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/players/{id}/matches",
    operationId: "listMatchesOfPlayer",
    summary: "Lists the matches that a player hosts or ever joined, also those that it left, newest first.",
    access: "public",
    request: { params: playerParams, query: pageQuery, headers: readHeaders },
    refusals: ["player-not-found", "player-erased"],
    responses: { 200: { description: "A page.", schema: matchPage } },
    compressed: true,
    handle: async ({ params: { id }, query, headers }) => {
      const { limit, cursor } = query;
      const after = cursor === undefined ? undefined : matchesByCreation.parse(cursor);
      await reached(registry, headers);
      const page = await registry.matchReads.ofPlayer(id, { limit, after });
      const value: MatchPageAnswer = {
        items: page.items.map(matchAnswer),
        next: page.next && matchesByCreation.format(page.next),
      };
      return pageAnswer(value, `/v1/players/${id}/matches`, query);
    },
  });
}

function playerRatingsRoute(registry: Registry): Route {
  return defineRoute({
    method: "get",
    path: "/v1/players/{id}/ratings",
    operationId: "listRatingsOfPlayer",
    summary: "Lists a player's ratings, one a mode, all on one page.",
    access: "public",
    request: { params: playerParams, headers: readHeaders },
    refusals: ["player-not-found", "player-erased"],
    responses: { 200: { description: "The ratings.", schema: ratings } },
    handle: async ({ params: { id }, headers }) => {
      await reached(registry, headers);
      const value: RatingsAnswer = { items: [...(await registry.boards.ratingsOf(id))], next: null };
      return pageAnswer(value, `/v1/players/${id}/ratings`, {});
    },
  });
}
