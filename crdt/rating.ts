/**
 * Ratings (RAT1, RAT2): what the settled matches of a mode make of its players, folded match by match in the order
 * (finish stamp, match id). The model is OpenSkill's default, Plackett and Luce's (Weng and Lin, "A Bayesian
 * Approximation Method for Online Ranking", 2011), each player a team of one.
 *
 * Sums of floating point depend on their order, so players enter in the order of their ids: the same matches give
 * the same digits everywhere.
 */
import { ordinal, rate, rating } from "openskill";
import { canonicalJson } from "./canonical.ts";
import { invariant } from "./errors.ts";
import type { DocumentId } from "./ids.ts";

/** Of a player in a mode, after a number of matches. */
export interface Skill {
  /** The mean of what the player's strength is believed to be; 25 at first. */
  readonly mu: number;
  /** How uncertain that is: a standard deviation, 25/3 at first. */
  readonly sigma: number;
  readonly matches: number;
  readonly wins: number;
  readonly losses: number;
  readonly draws: number;
}

/** Before the first match. */
export const FIRST_SKILL: Skill = { ...rating(), matches: 0, wins: 0, losses: 0, draws: 0 };

/**
 * Who took part, by survivors (CLM4): a match counts for the survivor of each player in it. Two players of one
 * survivor count once, with the better of their ranks.
 * @param ranks of each player the place, 1 the best
 */
export function participantsOf(
  ranks: Iterable<readonly [DocumentId, number]>,
  survivorOf: (id: DocumentId) => DocumentId,
): Map<DocumentId, number> {
  const participants = new Map<DocumentId, number>();
  for (const [id, rank] of ranks) {
    const survivorId = survivorOf(id);
    participants.set(survivorId, Math.min(rank, participants.get(survivorId) ?? rank));
  }
  return participants;
}

/**
 * The skills of a match's participants after it.
 *
 * It is a win for those of the best rank, a draw for all if all tied, a loss for the others. A match with one
 * participant counts as played; with nobody to be compared with it is no win, loss or draw and changes no skill.
 * @param ranks of each participant the place, 1 the best, equal ones tied
 * @param skillOf the skill of a participant before the match
 */
export function rateMatch(
  ranks: ReadonlyMap<DocumentId, number>,
  skillOf: (id: DocumentId) => Skill,
): Map<DocumentId, Skill> {
  const players = [...ranks]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, rank]) => ({ id, rank, before: skillOf(id) }));
  if (players.length < 2) {
    return new Map(players.map(({ id, before }) => [id, { ...before, matches: before.matches + 1 }]));
  }
  const rated = rate(
    players.map(({ before: { mu, sigma } }) => [{ mu, sigma }]),
    { rank: players.map(({ rank }) => rank) },
  );
  const best = Math.min(...ranks.values());
  const allTied = players.every(({ rank }) => rank === best);
  const after = new Map<DocumentId, Skill>();
  for (const [index, { id, rank, before }] of players.entries()) {
    const [skill] = rated[index] ?? [];
    invariant(skill, "every participant is rated");
    after.set(id, {
      mu: skill.mu,
      sigma: skill.sigma,
      matches: before.matches + 1,
      wins: before.wins + (!allTied && rank === best ? 1 : 0),
      losses: before.losses + (rank === best ? 0 : 1),
      draws: before.draws + (allTied ? 1 : 0),
    });
  }
  return after;
}

/** What leaderboards sort by: a strength that the player has almost certainly, `mu - 3 sigma`; 0 at first. */
export function ratingOf({ mu, sigma }: Skill): number {
  return ordinal({ mu, sigma });
}

export function sameSkill(a: Skill | null, b: Skill | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.mu === b.mu &&
    a.sigma === b.sigma &&
    a.matches === b.matches &&
    a.wins === b.wins &&
    a.losses === b.losses &&
    a.draws === b.draws
  );
}

/** The member of the state digest that stands for a row of a leaderboard. */
export function canonicalRating(mode: string, playerId: DocumentId, skill: Skill): string {
  const { mu, sigma, matches, wins, losses, draws } = skill;
  return canonicalJson({ rating: [mode, playerId, mu, sigma, matches, wins, losses, draws] });
}
