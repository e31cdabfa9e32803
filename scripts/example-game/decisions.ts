/** What a bot will do in a round, decided by the seed before anything happened. Times are those of speed 1. */
import { randomOf } from "./random-of.ts";

export interface RoundPlan {
  /** How long it looks for an open match before it opens one. */
  readonly looksForMs: number;
  /** Which of the open matches it takes: 0 the first, nearly 1 the last. */
  readonly choice: number;
  /** Of the match that it opens. */
  readonly capacity: number;
  /** How long its match waits for a full house. */
  readonly waitsForMs: number;
  /** It cancels its match when it could be started. */
  readonly callsOff: boolean;
  /** It gives its seat up again. */
  readonly leaves: boolean;
  /** How long a match takes that it hosts or plays. */
  readonly playsForMs: number;
  /** It reports itself as the winner, if it is not. */
  readonly lies: boolean;
  readonly edit: "nothing" | "displayName" | "metadata";
}

const EDITS = [
  { edit: "nothing", weight: 6 },
  { edit: "displayName", weight: 1 },
  { edit: "metadata", weight: 3 },
] as const;
/** Duels are what most play, and the only ones where one lie makes a dispute. */
const CAPACITIES = [
  { capacity: 2, weight: 5 },
  { capacity: 3, weight: 2 },
  { capacity: 4, weight: 3 },
] as const;

export function planOf(seed: number, bot: number, round: number): RoundPlan {
  const random = randomOf(seed, "plan", bot, round);
  return {
    looksForMs: random.between(0, 1_500),
    choice: random.next(),
    capacity: random.weighted(CAPACITIES).capacity,
    waitsForMs: random.between(2_000, 4_000),
    callsOff: random.chance(0.03),
    leaves: random.chance(0.03),
    playsForMs: random.between(500, 1_500),
    lies: random.chance(0.04),
    edit: random.weighted(EDITS).edit,
  };
}
