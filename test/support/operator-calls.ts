/** The calls of an operator. */
import type { ClusterAnswer, MemberAnswer } from "../../src/http/contract/cluster.ts";
import type { ConflictAnswer, ConflictPageAnswer } from "../../src/http/contract/conflict.ts";
import type { MatchAnswer } from "../../src/http/contract/match.ts";
import { call, granted, type Reachable } from "./player-calls.ts";

/** The newest of a kind, a page of them. */
export async function conflicts(
  server: Reachable,
  token: string,
  kind: ConflictAnswer["kind"],
): Promise<ConflictAnswer[]> {
  const url = `${server.url}/v1/conflicts?kind=${kind}&limit=100`;
  return granted(await call<ConflictPageAnswer>("GET", url, { token })).items;
}

export async function settled(
  server: Reachable,
  token: string,
  matchId: string,
  ranks: Readonly<Record<string, number>>,
): Promise<MatchAnswer> {
  const url = `${server.url}/v1/matches/${matchId}/settlement`;
  const body = { ranks, reason: "seen by the operator" };
  return granted(await call<MatchAnswer>("POST", url, { token, body }));
}

/** How a server sees another one. */
export async function memberState(
  server: Reachable,
  token: string,
  member: Reachable,
): Promise<MemberAnswer["state"] | undefined> {
  const { members } = granted(await call<ClusterAnswer>("GET", `${server.url}/v1/cluster`, { token }));
  return members.find(({ name }) => name === member.name)?.state;
}
