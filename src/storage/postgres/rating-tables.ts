/** Ratings on PostgreSQL: what is asked of boards in force, and the opening of folds. */
import type pg from "pg";
import type { DocumentId } from "../../../crdt/ids.ts";
import { keysetPage } from "../keyset-page.ts";
import type {
  Leader,
  LeaderboardPage,
  LeaderboardQuery,
  PlayerRating,
  RatedModesPage,
  RatedModesQuery,
  RatingFold,
  RatingStore,
} from "../rating-store.ts";
import { leaderboardCursor } from "../rating-store.ts";
import { isStorableText } from "../storable.ts";
import type { StoreView } from "../store-view.ts";
import { PostgresView } from "./postgres-view.ts";
import { PostgresRatingFold } from "./rating-fold.ts";
import type { Reader } from "./reader.ts";
import { Snapshot } from "./snapshot.ts";
import { SpareBoards } from "./spare-boards.ts";

export class RatingTables implements Omit<RatingStore, "firstMatches"> {
  readonly #reader: Reader;
  readonly #spares: SpareBoards;

  constructor(reader: Reader) {
    this.#reader = reader;
    this.#spares = new SpareBoards(reader);
  }

  async leaderboard({ mode, limit, after }: LeaderboardQuery): Promise<LeaderboardPage> {
    if (!isStorableText(mode)) return { items: [], next: null };
    // The index has ratings negated, so that a page is one range of it however many players have equal ones.
    const rows = await this.#read<LeaderColumns>(
      after ? "leaderboard after" : "leaderboard",
      `select r.player_id, p.username, r.rating, r.matches, r.wins, r.losses, r.draws
       from rollcall_store.rating r
       left join rollcall_store.document d on d.id = r.player_id
       left join rollcall_store.player p on p.id = r.player_id
       where r.board = (select board from rollcall_store.rating_board where mode = $1) and d.erased is not true
       ${after ? "and (-r.rating, r.player_id) > (-$3::float8, $4::uuid)" : ""}
       order by -r.rating, r.player_id limit $2`,
      [mode, limit + 1, ...(after ? [after.rating, after.playerId] : [])],
    );
    const leaders = rows.map((row, index) => toLeader(row, (after?.rank ?? 0) + index + 1));
    return keysetPage(leaders, limit, leaderboardCursor);
  }

  async ratedModes({ limit, after }: RatedModesQuery): Promise<RatedModesPage> {
    // No mode is less than the empty text.
    const rows = await this.#read<{ mode: string }>(
      "ratedModes",
      `select b.mode from rollcall_store.rating_board b
       where b.mode > $1 and exists (select from rollcall_store.rating r where r.board = b.board)
       order by b.mode limit $2`,
      [after ?? "", limit + 1],
    );
    return keysetPage(
      rows.map(({ mode }) => mode),
      limit,
      (mode) => mode,
    );
  }

  async ratingsOf(playerId: DocumentId): Promise<PlayerRating[]> {
    const rows = await this.#read<ScoreColumns & { mode: string }>(
      "ratingsOf",
      `select b.mode, r.rating, r.matches, r.wins, r.losses, r.draws
       from rollcall_store.rating r join rollcall_store.rating_board b using (board)
       where r.player_id = $1 order by b.mode`,
      [playerId],
    );
    return rows.map((row) => ({ mode: row.mode, ...toScore(row) }));
  }

  async markedModes(): Promise<string[]> {
    const rows = await this.#read<{ mode: string }>(
      "markedModes",
      "select distinct mode from rollcall_store.rating_mark order by mode",
      [],
    );
    return rows.map(({ mode }) => mode);
  }

  async openFold(mode: string): Promise<RatingFold | undefined> {
    const snapshot = await Snapshot.open(this.#reader);
    try {
      const [row] = await snapshot.rows<FoldColumns>({
        name: "fold start",
        text: `select finished_at, match_id, revision, board, (
           select max(version) from rollcall_store.rating_mark where mode = $1
         ) as version
         from rollcall_store.rating_mark m left join rollcall_store.rating_board b using (mode)
         where m.mode = $1 order by finished_at, match_id limit 1`,
        values: [mode],
      });
      if (!row) {
        await snapshot.end();
        return undefined;
      }
      const start = {
        mode,
        from: { finishedAt: row.finished_at, matchId: row.match_id },
        version: Number(row.version),
        revision: Number(row.revision ?? 0),
        board: row.board === null ? await this.#newBoard() : Number(row.board),
      };
      await this.#spares.mayEmpty(start.board);
      return new PostgresRatingFold(start, snapshot, this.#spares);
    } catch (error) {
      snapshot.discard();
      throw error;
    }
  }

  view(): Promise<StoreView> {
    return PostgresView.open(this.#reader, this.#spares);
  }

  sweep(): Promise<boolean> {
    return this.#spares.sweep();
  }

  async #newBoard(): Promise<number> {
    const [row] = await this.#read<{ board: string }>(
      "new board",
      "select nextval('rollcall_store.rating_board_number') as board",
      [],
    );
    return Number(row?.board);
  }

  #read<Row extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    return this.#reader.rows<Row>({ name, text, values });
  }
}

interface ScoreColumns {
  readonly rating: number;
  readonly matches: string;
  readonly wins: string;
  readonly losses: string;
  readonly draws: string;
}

interface LeaderColumns extends ScoreColumns {
  readonly player_id: string;
  readonly username: string | null;
}

interface FoldColumns {
  readonly finished_at: string;
  readonly match_id: string;
  readonly version: string;
  readonly revision: string | null;
  readonly board: string | null;
}

function toLeader(row: LeaderColumns, rank: number): Leader {
  return { rank, playerId: row.player_id, username: row.username, ...toScore(row) };
}

function toScore({ rating, matches, wins, losses, draws }: ScoreColumns): Omit<PlayerRating, "mode"> {
  return {
    rating,
    matches: Number(matches),
    wins: Number(wins),
    losses: Number(losses),
    draws: Number(draws),
  };
}
