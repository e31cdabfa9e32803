/**
 * How a match ends: by skill, and by the luck that the seed gives each who plays it. Everybody who knows who was
 * seated comes to the same ranks, so bots need not tell one another.
 */
import type { Ranks } from "../../src/client/client.ts";
import { randomOf } from "./random-of.ts";

export interface Contender {
  readonly playerId: string;
  /** The same in every game of the seed, as ids may not be. */
  readonly name: string;
  readonly skill: number;
}

/** Most of the differences of skill are less: anybody can win, and the better one does more often. */
const LUCK = 300;
/** Who is as close as this has tied. */
const TIE_WITHIN = 25;

/** From 1 for the best, without gaps. @param match what all who play it call it. */
export function ranksOf(seed: number, match: string, contenders: readonly Contender[]): Ranks {
  const scores = contenders.map(({ playerId, name, skill }) => {
    const luck = randomOf(seed, "luck", match, name).between(-LUCK, LUCK);
    return { playerId, score: Math.round((skill + luck) / TIE_WITHIN) };
  });
  const best = [...new Set(scores.map(({ score }) => score))].sort((a, b) => b - a);
  return Object.fromEntries(scores.map(({ playerId, score }) => [playerId, best.indexOf(score) + 1]));
}

/** What somebody reports who wants to have won: it has changed places with a winner. */
export function lieOf(ranks: Ranks, liarId: string): Ranks {
  const [winnerId] = Object.entries(ranks).find(([, rank]) => rank === 1) ?? [liarId];
  return { ...ranks, [winnerId]: ranks[liarId] ?? 1, [liarId]: 1 };
}
