/** The calls of a game client about matches and what comes of them. */
import type { LeaderboardAnswer, RatingsAnswer } from "../../src/http/contract/board.ts";
import type { JoinedAnswer, MatchAnswer } from "../../src/http/contract/match.ts";
import type { ReportedAnswer } from "../../src/http/contract/report.ts";
import { type Answer, call, granted, type Reachable } from "./player-calls.ts";

type Ranks = Readonly<Record<string, number>>;

/** An open match without a host, so it waits for a day. */
export async function createdMatch(
  server: Reachable,
  fields: { readonly mode: string; readonly capacity: number },
): Promise<MatchAnswer> {
  return granted(await call<MatchAnswer>("POST", `${server.url}/v1/matches`, { body: fields }));
}

/** A match that has begun with these players. */
export async function startedMatch(
  server: Reachable,
  mode: string,
  playerIds: readonly string[],
): Promise<MatchAnswer> {
  const { id } = await createdMatch(server, { mode, capacity: playerIds.length });
  for (const playerId of playerIds) granted(await join(server, id, playerId));
  return granted(await call<MatchAnswer>("POST", `${server.url}/v1/matches/${id}/start`));
}

export function join(server: Reachable, id: string, playerId: string): Promise<Answer<JoinedAnswer>> {
  return call("PUT", `${server.url}/v1/matches/${id}/players/${playerId}`);
}

export function leave(server: Reachable, id: string, playerId: string): Promise<Answer<MatchAnswer>> {
  return call("DELETE", `${server.url}/v1/matches/${id}/players/${playerId}`);
}

/** The match after a player's report. */
export async function reported(
  server: Reachable,
  id: string,
  playerId: string,
  ranks: Ranks,
): Promise<MatchAnswer> {
  const url = `${server.url}/v1/matches/${id}/reports/${playerId}`;
  return granted(await call<ReportedAnswer>("PUT", url, { body: { ranks } })).match;
}

export async function match(server: Reachable, id: string): Promise<MatchAnswer> {
  return granted(await call<MatchAnswer>("GET", `${server.url}/v1/matches/${id}`));
}

export async function ratings(server: Reachable, playerId: string): Promise<RatingsAnswer["items"]> {
  const url = `${server.url}/v1/players/${playerId}/ratings`;
  return granted(await call<RatingsAnswer>("GET", url)).items;
}

export async function leaderboard(server: Reachable, mode: string): Promise<LeaderboardAnswer["items"]> {
  const url = `${server.url}/v1/leaderboards/${mode}`;
  return granted(await call<LeaderboardAnswer>("GET", url)).items;
}
