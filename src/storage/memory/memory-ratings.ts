/** Ratings on a disk in memory: boards of rows, and folds over copies of them. */
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Match } from "../../../crdt/match.ts";
import { ratingOf, type Skill } from "../../../crdt/rating.ts";
import { BatchRefusedError, UNIQUE_VIOLATION } from "../errors.ts";
import { keysetPage } from "../keyset-page.ts";
import type { DocumentRow } from "../log-store.ts";
import type { PlayerRow } from "../player-row.ts";
import {
  comparePlaces,
  type Leader,
  type LeaderboardPage,
  type LeaderboardQuery,
  leaderboardCursor,
  type PlayerRating,
  type RatedModesPage,
  type RatedModesQuery,
  type RatingFold,
  type RatingMark,
  type RatingStore,
  type RatingUpdate,
} from "../rating-store.ts";
import { type BoardView, FIRST_PLACE, NO_BOARD } from "../store-view.ts";
import { MemoryBoard, RatingDisk } from "./memory-board.ts";
import { type MemoryFoldStart, MemoryRatingFold } from "./memory-rating-fold.ts";

/** What ratings are made of. */
export interface RatingSources {
  readonly matches: ReadonlyMap<DocumentId, Match>;
  readonly players: ReadonlyMap<DocumentId, PlayerRow>;
  readonly documents: ReadonlyMap<DocumentId, DocumentRow>;
}

export class MemoryRatings implements RatingStore {
  readonly #sources: RatingSources;
  readonly #disk = new RatingDisk();

  constructor(sources: RatingSources) {
    this.#sources = sources;
  }

  /** @throws BatchRefusedError when the update does not continue the mode's revision; to be called before `store` */
  requireCurrent(update: RatingUpdate | null): void {
    if (!update || update.revision === this.#revisionOf(update.mode)) return;
    const cause = new RangeError(`${update.mode} is past revision ${update.revision}`);
    throw new BatchRefusedError(UNIQUE_VIOLATION, cause);
  }

  /** The part of a commit. */
  store(marks: readonly RatingMark[], update: RatingUpdate | null): void {
    const disk = this.#disk;
    if (update) {
      const { mode, version, revision, board } = update;
      disk.marks = disk.marks.filter((mark) => mark.mode !== mode || mark.version > version);
      disk.inForce.set(mode, { revision: revision + 1, board });
      const changed = disk.boards.get(board) ?? new MemoryBoard();
      changed.apply(update);
      disk.boards.set(board, changed);
    }
    for (const mark of marks) disk.marks.push({ ...mark, version: ++disk.lastVersion });
  }

  async leaderboard({ mode, limit, after }: LeaderboardQuery): Promise<LeaderboardPage> {
    const leaders = [...(this.#boardOf(mode)?.leaders ?? [])]
      .filter(([id]) => this.#sources.documents.get(id)?.erased !== true)
      .map(([playerId, skill]) => this.#leader(playerId, skill))
      .filter((leader) => !after || byRating(leader, after) > 0)
      .sort(byRating)
      .map((leader, index) => ({ ...leader, rank: (after?.rank ?? 0) + index + 1 }));
    return keysetPage(leaders, limit, leaderboardCursor);
  }

  async ratedModes({ limit, after }: RatedModesQuery): Promise<RatedModesPage> {
    const modes = this.modes().filter(
      (mode) => this.leadersOf(mode).size > 0 && (after === undefined || byCodePoint(mode, after) > 0),
    );
    return keysetPage(modes, limit, (mode) => mode);
  }

  async ratingsOf(playerId: DocumentId): Promise<PlayerRating[]> {
    return [...this.#disk.inForce.keys()].sort(byCodePoint).flatMap((mode) => {
      const skill = this.#boardOf(mode)?.leaders.get(playerId);
      return skill ? [{ mode, ...scoreOf(skill) }] : [];
    });
  }

  async firstMatches(playerIds: readonly DocumentId[]): Promise<Map<DocumentId, RatingMark[]>> {
    const found = new Map<DocumentId, RatingMark[]>();
    for (const id of playerIds) {
      const first = new Map<string, RatingMark>();
      for (const match of this.#sources.matches.values()) {
        const mark = countedMark(match);
        if (!mark || !match.result.ranks?.[id]) continue;
        const least = first.get(mark.mode);
        if (!least || comparePlaces(mark, least) < 0) first.set(mark.mode, mark);
      }
      if (first.size > 0)
        found.set(
          id,
          [...first.values()].sort((a, b) => byCodePoint(a.mode, b.mode)),
        );
    }
    return found;
  }

  async markedModes(): Promise<string[]> {
    return [...new Set(this.#disk.marks.map(({ mode }) => mode))].sort(byCodePoint);
  }

  async openFold(mode: string): Promise<RatingFold | undefined> {
    const disk = this.#disk;
    const marks = disk.marks.filter((mark) => mark.mode === mode).sort(comparePlaces);
    const [least] = marks;
    if (!least) return undefined;
    return new MemoryRatingFold({
      mode,
      from: { finishedAt: least.finishedAt, matchId: least.matchId },
      version: Math.max(...marks.map(({ version }) => version)),
      board: disk.inForce.get(mode)?.board ?? ++disk.lastBoard,
      ...this.#foldSources(mode),
    });
  }

  modes(): string[] {
    return [...this.#disk.inForce.keys()].sort(byCodePoint);
  }

  leadersOf(mode: string): ReadonlyMap<DocumentId, Skill> {
    return this.#boardOf(mode)?.leaders ?? new Map();
  }

  /** Of the board in force, from the beginning. */
  openBoard(mode: string): BoardView {
    const [marked] = this.#disk.marks.filter((mark) => mark.mode === mode).sort(comparePlaces);
    const start = { from: FIRST_PLACE, version: 0, board: this.#disk.inForce.get(mode)?.board ?? NO_BOARD };
    return {
      fold: new MemoryRatingFold({ mode, ...start, ...this.#foldSources(mode) }),
      markedFrom: marked ? { finishedAt: marked.finishedAt, matchId: marked.matchId } : null,
    };
  }

  async sweep(): Promise<boolean> {
    const inForce = new Set([...this.#disk.inForce.values()].map(({ board }) => board));
    for (const board of this.#disk.boards.keys()) if (!inForce.has(board)) this.#disk.boards.delete(board);
    return false;
  }

  #foldSources(mode: string): Pick<MemoryFoldStart, "revision" | "matches" | "survivors" | "disk"> {
    const { players, matches } = this.#sources;
    return {
      revision: this.#revisionOf(mode),
      matches: [...matches.values()].filter((match) => countedMark(match)?.mode === mode),
      survivors: new Map([...players].map(([id, { survivorId }]) => [id, survivorId])),
      disk: this.#disk,
    };
  }

  #leader(playerId: DocumentId, skill: Skill): Leader {
    const username = this.#sources.players.get(playerId)?.player.username ?? null;
    return { rank: 0, playerId, username, ...scoreOf(skill) };
  }

  #revisionOf(mode: string): number {
    return this.#disk.inForce.get(mode)?.revision ?? 0;
  }

  #boardOf(mode: string): MemoryBoard | undefined {
    const inForce = this.#disk.inForce.get(mode);
    return inForce && this.#disk.boards.get(inForce.board);
  }
}

function countedMark({ id, mode, state, result, finishedAt }: Match): RatingMark | undefined {
  if (state !== "finished" || result.status !== "settled" || finishedAt === null) return undefined;
  return { mode, finishedAt, matchId: id };
}

function byRating(a: Pick<Leader, "rating" | "playerId">, b: Pick<Leader, "rating" | "playerId">): number {
  return b.rating - a.rating || (a.playerId < b.playerId ? -1 : Number(a.playerId > b.playerId));
}

/** As PostgreSQL's "C". */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function scoreOf(skill: Skill): Omit<PlayerRating, "mode"> {
  const { matches, wins, losses, draws } = skill;
  return { rating: ratingOf(skill), matches, wins, losses, draws };
}
