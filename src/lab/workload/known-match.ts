/** A match as far as the answers of servers tell of it. */
import type { MatchAnswer } from "../../http/contract/match.ts";
import type { CallAnswer } from "./call.ts";
import { idIn } from "./made-id.ts";

export interface KnownMatch {
  readonly id: string;
  readonly state: MatchAnswer["state"];
  /** Those who were seated when it was last heard of, the same order wherever it is asked for. */
  readonly players: readonly string[];
  readonly result: MatchAnswer["result"]["status"];
}

/** Undefined when the answer is none, or a refusal; `name` is that of the match in the answer, if it has one. */
export function matchIn(answer: CallAnswer, name?: string): KnownMatch | undefined {
  if (idIn(answer, name) === undefined) return undefined;
  const body = answer.body as object;
  const { id, state, players, result } = (name === undefined ? body : Reflect.get(body, name)) as MatchAnswer;
  const seated = players.filter(({ status }) => status === "seated");
  return { id, state, players: seated.map(({ playerId }) => playerId), result: result.status };
}
