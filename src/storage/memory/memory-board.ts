/** Boards of ratings in memory (`rating-store.ts`). */
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Skill } from "../../../crdt/rating.ts";
import { type BoardChanges, comparePlaces, type RatingMark, type RatingPlace } from "../rating-store.ts";

/** What of ratings survives a crash. */
export class RatingDisk {
  readonly boards = new Map<number, MemoryBoard>();
  readonly inForce = new Map<string, { readonly revision: number; readonly board: number }>();
  marks: (RatingMark & { readonly version: number })[] = [];
  lastVersion = 0;
  lastBoard = 0;
}

/** A match with the skills of its participants after it. */
interface RatedMatch {
  readonly place: RatingPlace;
  readonly skills: Map<DocumentId, Skill>;
}

export class MemoryBoard {
  readonly leaders = new Map<DocumentId, Skill>();
  readonly #matches = new Map<string, RatedMatch>();

  /** In order. */
  get matches(): RatedMatch[] {
    return [...this.#matches.values()].sort((a, b) => comparePlaces(a.place, b.place));
  }

  apply({ rated, leaders }: BoardChanges): void {
    for (const { playerId, skill, finishedAt, matchId } of rated) {
      const key = `${finishedAt} ${matchId}`;
      const match = this.#matches.get(key) ?? { place: { finishedAt, matchId }, skills: new Map() };
      setOrDelete(match.skills, playerId, skill);
      setOrDelete(this.#matches, key, match.skills.size > 0 ? match : null);
    }
    for (const { playerId, skill } of leaders) setOrDelete(this.leaders, playerId, skill);
  }

  /** The leaderboard, and what stands before this place. */
  copyBefore(place: RatingPlace | undefined): MemoryBoard {
    const copy = new MemoryBoard();
    const matches = this.matches.filter((match) => !place || comparePlaces(match.place, place) < 0);
    copy.apply({
      rated: matches.flatMap(({ place: at, skills }) =>
        [...skills].map(([playerId, skill]) => ({ ...at, playerId, skill })),
      ),
      leaders: [...this.leaders].map(([playerId, skill]) => ({ playerId, skill })),
    });
    return copy;
  }
}

function setOrDelete<Key, Value>(map: Map<Key, Value>, key: Key, value: Value | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
