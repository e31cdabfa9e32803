/** Ratings and leaderboards (RAT1): what the folds made of the settled matches. */
import type { DocumentId } from "../../crdt/ids.ts";
import type {
  LeaderboardPage,
  LeaderboardQuery,
  PlayerRating,
  RatedModesPage,
  RatedModesQuery,
  RatingStore,
} from "../storage/rating-store.ts";
import type { Players } from "./players.ts";
import type { RatingFolder } from "./rating-folder.ts";

/** A fold takes milliseconds; one that takes longer leaves the last consistent board to be read, at once. */
const FOLD_WAIT_MS = 250;

export interface BoardsOptions {
  readonly store: Pick<RatingStore, "leaderboard" | "ratedModes" | "ratingsOf">;
  readonly players: Pick<Players, "standing">;
  readonly folder: Pick<RatingFolder, "idle">;
}

export class Boards {
  readonly #options: BoardsOptions;
  /** Somebody has waited in vain, and the folder was not idle since: whoever reads now need not wait as well. */
  #isLong = false;

  constructor(options: BoardsOptions) {
    this.#options = options;
  }

  async leaderboard(query: LeaderboardQuery): Promise<LeaderboardPage> {
    await this.#soonFolded();
    return this.#options.store.leaderboard(query);
  }

  async ratedModes(query: RatedModesQuery): Promise<RatedModesPage> {
    await this.#soonFolded();
    return this.#options.store.ratedModes(query);
  }

  /** Of a merged player those of the survivor. @throws PlayerNotFoundError, PlayerErasedError */
  async ratingsOf(playerId: DocumentId): Promise<PlayerRating[]> {
    const { survivorId } = await this.#options.players.standing(playerId);
    await this.#soonFolded();
    return this.#options.store.ratingsOf(survivorId);
  }

  /** Waits until all settled matches are folded in, but no longer than so long. */
  async folded(timeoutMs: number): Promise<void> {
    await this.#options.folder.idle(timeoutMs);
  }

  async #soonFolded(): Promise<void> {
    const { folder } = this.#options;
    if (this.#isLong || (await folder.idle(FOLD_WAIT_MS)) || this.#isLong) return;
    this.#isLong = true;
    void folder.idle().then(() => {
      this.#isLong = false;
    });
  }
}
