/**
 * The part of the store that holds ratings (RAT1). They are derived: everything in it follows from the settled
 * matches, and is folded by `src/registry/rating-folder.ts` after the commit that changed a match.
 *
 * A *board* holds a mode's leaderboard and each participant's skill after each match, so that a match that arrives
 * late is folded in from where it belongs: what stands before it is the checkpoint. One board of a mode is in
 * force. A short fold changes it in the transaction of a batch; a long one makes another board beside it, page by
 * page, and the transaction puts that in force. Readers see boards in force only, so never a half-folded one.
 *
 * - A fold reads from one snapshot: its board is the fold of the matches as they were at one moment. Marks that
 *   come later have a later version and stay for the next fold.
 * - Each update continues the revision of the mode that it was made from; one made from another is refused
 *   (SQLSTATE 23505), so an update of unknown outcome is never stored twice.
 * - A board that is not in force is spare: of a fold that did not end, or replaced. `sweep` empties it.
 */
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Skill } from "../../crdt/rating.ts";
import type { Digest } from "../../crdt/set-digest.ts";

/** The order of the fold: (finish stamp, match id) within a mode. */
export interface RatingPlace {
  readonly finishedAt: Stamp;
  readonly matchId: DocumentId;
}

/** A mode has to be folded again from this place on. */
export interface RatingMark extends RatingPlace {
  readonly mode: string;
}

/** Less than 0 when `a` comes first, 0 for the same place. */
export function comparePlaces(a: RatingPlace, b: RatingPlace): number {
  if (a.finishedAt !== b.finishedAt) return a.finishedAt < b.finishedAt ? -1 : 1;
  if (a.matchId !== b.matchId) return a.matchId < b.matchId ? -1 : 1;
  return 0;
}

/** Where the page after one that ends with this item goes on. */
export function leaderboardCursor({ rank, rating, playerId }: Leader): LeaderboardCursor {
  return { rank, rating, playerId };
}

export interface RatingStore {
  /** By rating, best first, then by player id. Erased players are left out. */
  leaderboard(query: LeaderboardQuery): Promise<LeaderboardPage>;
  /** Those that somebody was rated in, by name. */
  ratedModes(query: RatedModesQuery): Promise<RatedModesPage>;
  /** By mode. Those of a merged player are with its survivor. */
  ratingsOf(playerId: DocumentId): Promise<PlayerRating[]>;
  /** For each of these players the first match of each mode that counts and ranks it, by mode; nothing for those without. */
  firstMatches(playerIds: readonly DocumentId[]): Promise<Map<DocumentId, RatingMark[]>>;
  /** The modes that are to be folded. */
  markedModes(): Promise<string[]>;
  /** Undefined when nothing of the mode is to be folded. To be closed. One fold of a mode is open at a time. */
  openFold(mode: string): Promise<RatingFold | undefined>;
  /** Removes some rows of spare boards; whether there may be more. Not while a fold is open. */
  sweep(): Promise<boolean>;
}

/** The store as it was when the fold was opened, and the spare board that a long fold makes. */
export interface RatingFold {
  readonly mode: string;
  /** The least of the marks. */
  readonly from: RatingPlace;
  /** The latest of the marks. */
  readonly version: number;
  /** What the update continues. */
  readonly revision: number;
  /** The board in force; for a mode's first fold an empty one. */
  readonly board: number;
  /** The next places of the mode at which a match counts or was counted; the first page begins at `from`. */
  page(after: RatingPlace | undefined, matchesMax: number): Promise<FoldPage>;
  /** Those of these players that survive in another one, with that one. */
  survivors(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentId>>;
  /** The skills of these players as of just before `from`; nothing for those without a match. */
  skillsBefore(ids: readonly DocumentId[]): Promise<Map<DocumentId, Skill>>;
  /** The rows of these players on the leaderboard in force. */
  leaders(ids: readonly DocumentId[]): Promise<Map<DocumentId, Skill>>;
  /** Makes a spare board: the leaderboard in force, and the skills after each match before `from`. */
  copyBoard(): Promise<number>;
  /** Writes to a spare board; not in a transaction. */
  writeSpare(board: number, changes: BoardChanges): Promise<void>;
  close(): Promise<void>;
}

export interface FoldPage {
  readonly steps: readonly FoldStep[];
  /** Where the next page goes on; null after the last. */
  readonly next: RatingPlace | null;
}

export interface FoldStep {
  readonly place: RatingPlace;
  /** Of each player the rank; null when no match counts here any more. */
  readonly ranks: readonly (readonly [DocumentId, number])[] | null;
  /** What the board has for this match. */
  readonly rated: ReadonlyMap<DocumentId, Skill>;
}

/** Rows by their keys; null removes. */
export interface BoardChanges {
  readonly rated: readonly RatedChange[];
  readonly leaders: readonly LeaderChange[];
}

/** The skill of a participant after a match. */
export interface RatedChange extends RatingPlace {
  readonly playerId: DocumentId;
  readonly skill: Skill | null;
}

/** A row of the leaderboard. */
export interface LeaderChange {
  readonly playerId: DocumentId;
  readonly skill: Skill | null;
}

/** What a fold came to: part of a batch. */
export interface RatingUpdate extends BoardChanges {
  readonly mode: string;
  /** Marks of the mode up to this version are done with. */
  readonly version: number;
  readonly revision: number;
  /** In force from now on, with the changes. */
  readonly board: number;
  /** Members that leave or enter the state digest; their exclusive or is enough. */
  readonly toggles: readonly Digest[];
}

export interface LeaderboardQuery {
  readonly mode: string;
  readonly limit: number;
  readonly after?: LeaderboardCursor | undefined;
}

/** The last item before a page. */
export interface LeaderboardCursor {
  readonly rank: number;
  readonly rating: number;
  readonly playerId: DocumentId;
}

export interface LeaderboardPage {
  readonly items: readonly Leader[];
  readonly next: LeaderboardCursor | null;
}

export interface RatedModesQuery {
  readonly limit: number;
  /** The last mode before the page. */
  readonly after?: string | undefined;
}

export interface RatedModesPage {
  readonly items: readonly string[];
  readonly next: string | null;
}

export interface Leader extends LeaderboardCursor, Score {
  readonly username: string | null;
}

export interface PlayerRating extends Score {
  readonly mode: string;
  readonly rating: number;
}

interface Score {
  readonly matches: number;
  readonly wins: number;
  readonly losses: number;
  readonly draws: number;
}
