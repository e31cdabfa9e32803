/** The leaderboards, said naively (RAT1): every settled match, one after the other, from the beginning. */
import { ordinal, rate, rating } from "openskill";
import type { OracleMatch } from "./matches.ts";

export interface OracleStanding {
  readonly playerId: string;
  rating: number;
  matches: number;
  wins: number;
  losses: number;
  draws: number;
}

/** By mode, the best first; who was erased counts, and is not shown. */
export function boardsOf(
  matches: readonly OracleMatch[],
  survivorOf: (id: string) => string,
  erased: ReadonlySet<string>,
): Map<string, OracleStanding[]> {
  const boards = new Map<string, Map<string, Counted>>();
  const counting = matches
    .filter(({ state, result }) => state === "finished" && result.status === "settled")
    .sort((one, other) => (`${one.finished} ${one.id}` < `${other.finished} ${other.id}` ? -1 : 1));
  for (const { mode, result } of counting) {
    const board = boards.get(mode) ?? new Map<string, Counted>();
    boards.set(mode, board);
    count(board, bestRanks(Object.entries(result.ranks ?? {}), survivorOf));
  }
  return new Map(
    [...boards].map(([mode, board]) => [
      mode,
      standingsOf(board).filter(({ playerId }) => !erased.has(playerId)),
    ]),
  );
}

type Counted = Omit<OracleStanding, "rating"> & { skill: { mu: number; sigma: number } };

function bestRanks(
  ranks: readonly (readonly [string, number])[],
  survivorOf: (id: string) => string,
): [string, number][] {
  const players = [...new Set(ranks.map(([id]) => survivorOf(id)))].sort();
  return players.map((player) => [
    player,
    Math.min(...ranks.filter(([id]) => survivorOf(id) === player).map(([, rank]) => rank)),
  ]);
}

function count(board: Map<string, Counted>, ranks: readonly (readonly [string, number])[]): void {
  const players = ranks.map(([playerId]) => {
    const known = board.get(playerId);
    if (known) return known;
    const fresh = { playerId, matches: 0, wins: 0, losses: 0, draws: 0, skill: rating() };
    board.set(playerId, fresh);
    return fresh;
  });
  for (const player of players) player.matches++;
  if (players.length < 2) return;
  const places = ranks.map(([, rank]) => rank);
  const best = Math.min(...places);
  const after = rate(
    players.map(({ skill }) => [skill]),
    { rank: places },
  );
  for (const [index, player] of players.entries()) {
    player.skill = after[index]?.[0] ?? player.skill;
    if (places.every((place) => place === best)) player.draws++;
    else if (places[index] === best) player.wins++;
    else player.losses++;
  }
}

function standingsOf(board: Map<string, Counted>): OracleStanding[] {
  return [...board.values()]
    .map(({ skill, ...counts }) => ({ ...counts, rating: ordinal(skill) }))
    .sort((one, other) => other.rating - one.rating || (one.playerId < other.playerId ? -1 : 1));
}
