/**
 * Why writes were refused. Random players want much that is not to be had, so most refusals are what the rules ask
 * for; whoever sees that half of a run was refused sees here that it is this, and not a server that ails.
 */
import type { RecordedCall } from "../history.ts";

export interface Refusal {
  /** Of the problem, or of the connection's error; the status where an answer named none. */
  readonly code: string;
  readonly count: number;
  /** In half a sentence. */
  readonly why: string;
}

/** By the code of the problem. */
const WHY: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "the server was down, and was not asked"],
  ["identity-given-up", "the player has unlinked this account"],
  ["identity-taken", "another player has the account"],
  ["match-empty", "a match without players does not start"],
  ["match-full", "all seats are taken"],
  ["match-not-found", "the match is of a server that is not heard"],
  ["match-not-open", "the match has begun or is over"],
  ["match-not-running", "the match has not begun, or was called off"],
  ["match-over", "the match is over"],
  ["merge-into-itself", "a player is no other than itself"],
  ["name-contested", "others claim it: spelt anew, it would be theirs"],
  ["name-taken", "another player has the name"],
  ["not-seated", "the player has no seat in the match"],
  ["player-banned", "a banned player takes no part"],
  ["player-erased", "an erased player is gone for good"],
  ["player-not-found", "the player is of a server that is not heard"],
  ["ranks-not-of-seated", "the ranking is not of those who play"],
  ["result-settled", "an operator has settled the result"],
  ["too-many-entries", "the player came and went too often"],
]);

const UNEXPECTED = "not expected of these writes";

/** The most frequent first. */
export function refusalsOf(calls: readonly RecordedCall[]): Refusal[] {
  const counts = new Map<string, number>();
  for (const { outcome, code, status } of calls) {
    if (outcome !== "failed") continue;
    const name = code ?? String(status);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([code, count]) => ({ code, count, why: WHY.get(code) ?? UNEXPECTED }))
    .sort((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1));
}

const SHOWN_MAX = 5;

/** The largest few, and how many writes and codes are left. */
export function largestOf(refusals: readonly Refusal[]): {
  readonly shown: readonly Refusal[];
  readonly left: { readonly writes: number; readonly codes: number };
} {
  const rest = refusals.slice(SHOWN_MAX);
  const writes = rest.reduce((sum, { count }) => sum + count, 0);
  return { shown: refusals.slice(0, SHOWN_MAX), left: { writes, codes: rest.length } };
}
