/** The calls of a game client about matches. */
import type { JoinedAnswer, MatchAnswer } from "../../src/http/contract/match.ts";
import { type Answer, call, granted, type Reachable } from "./player-calls.ts";

/** An open match without a host, so it waits for ever. */
export async function createdMatch(
  server: Reachable,
  fields: { readonly mode: string; readonly capacity: number },
): Promise<MatchAnswer> {
  return granted(await call<MatchAnswer>("POST", `${server.url}/v1/matches`, { body: fields }));
}

export function join(server: Reachable, id: string, playerId: string): Promise<Answer<JoinedAnswer>> {
  return call("PUT", `${server.url}/v1/matches/${id}/players/${playerId}`);
}

export function leave(server: Reachable, id: string, playerId: string): Promise<Answer<MatchAnswer>> {
  return call("DELETE", `${server.url}/v1/matches/${id}/players/${playerId}`);
}

export async function match(server: Reachable, id: string): Promise<MatchAnswer> {
  return granted(await call<MatchAnswer>("GET", `${server.url}/v1/matches/${id}`));
}
