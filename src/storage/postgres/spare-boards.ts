/**
 * Boards of ratings that are not in force: made by a long fold, or left by one. Nobody reads them, so what is
 * written to them needs neither the writer's session nor one transaction.
 *
 * A process empties only what was spare when it began and what its own folds made or replaced. Another process may
 * have taken the database meanwhile, without this one knowing yet, and its boards are none of ours.
 */
import type { BoardChanges, RatingPlace } from "../rating-store.ts";
import { binaryArray, COLUMN } from "./binary-array.ts";
import { BOARD_SOURCES, BOARD_STATEMENTS } from "./rating-rows.ts";
import type { Reader } from "./reader.ts";

/** Rows that one statement copies or removes: some tens of milliseconds. */
const COPY_ROWS = 5_000;
const SWEEP_ROWS = 5_000;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

interface RatedKey {
  readonly finished_at: string;
  readonly match_id: string;
  readonly player_id: string;
}

export class SpareBoards {
  readonly #reader: Reader;
  /** Boards that may be emptied here once they are spare. */
  #mine: Set<number> | undefined;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** The board that a fold of this process may replace. */
  async mayEmpty(board: number): Promise<void> {
    (await this.#mineNow()).add(board);
  }

  /** Makes one: the leaderboard of another, and its skills after each match before this place. */
  async copy(from: number, before: RatingPlace): Promise<number> {
    const [made] = await this.#reader.rows<{ board: string }>({
      text: "insert into rollcall_store.rating_spare values (nextval('rollcall_store.rating_board_number')) returning board",
      values: [],
    });
    const board = Number(made?.board);
    (await this.#mineNow()).add(board);
    await this.#copyLeaders(from, board);
    await this.#copyRated(from, board, before);
    return board;
  }

  /** Not in a transaction. */
  async write(board: number, changes: BoardChanges): Promise<void> {
    const write = { board, ...changes };
    let parameter = 1;
    const expressions = BOARD_SOURCES.map((source) => {
      const expression = source.expression(parameter);
      parameter += source.columns.length;
      return expression;
    });
    const writes = BOARD_STATEMENTS.map((statement, index) => `write_${index} as (${statement})`);
    await this.#reader.rows({
      name: "write spare board",
      text: `with ${[...expressions, ...writes].join(",\n")} select 1`,
      values: BOARD_SOURCES.flatMap((source) => source.parameters(write)),
    });
  }

  /** Removes some rows; whether there may be more. */
  async sweep(): Promise<boolean> {
    const mine = await this.#mineNow();
    const [spare] = await this.#reader.rows<{ board: string }>({
      name: "spare",
      text: "select board from rollcall_store.rating_spare where board = any($1::int8[]) order by board limit 1",
      values: [binaryArray(COLUMN.int8, [...mine])],
    });
    if (!spare) return false;
    for (const table of ["rollcall_store.match_rating", "rollcall_store.rating"]) {
      if ((await this.#removeSome(table, spare.board)) === SWEEP_ROWS) return true;
    }
    await this.#reader.rows({
      name: "swept",
      text: "delete from rollcall_store.rating_spare where board = $1",
      values: [spare.board],
    });
    mine.delete(Number(spare.board));
    return true;
  }

  async #mineNow(): Promise<Set<number>> {
    if (!this.#mine) {
      const rows = await this.#reader.rows<{ board: string }>({
        name: "spares",
        text: "select board from rollcall_store.rating_spare",
        values: [],
      });
      this.#mine ??= new Set(rows.map(({ board }) => Number(board)));
    }
    return this.#mine;
  }

  async #removeSome(table: string, board: string): Promise<number> {
    const [row] = await this.#reader.rows<{ removed: string }>({
      name: `remove from ${table}`,
      text: `with removed as (
         delete from ${table}
         where ctid = any (array(select ctid from ${table} where board = $1 limit $2)) and board = $1 returning 1
       ) select count(*) as removed from removed`,
      values: [board, SWEEP_ROWS],
    });
    return Number(row?.removed);
  }

  async #copyLeaders(from: number, board: number): Promise<void> {
    let after: string | null | undefined = FIRST_ID;
    let begins = ">=";
    while (after) {
      const [copied]: { last: string | null }[] = await this.#reader.rows({
        name: `copy leaders ${begins}`,
        text: `with page as (
           select * from rollcall_store.rating where board = $1 and player_id ${begins} $2
           order by player_id limit $3
         ), copy as (
           insert into rollcall_store.rating
           select player_id, $4, mu, sigma, rating, matches, wins, losses, draws from page
         ) select player_id as last from page order by player_id desc limit 1`,
        values: [from, after, COPY_ROWS, board],
      });
      after = copied?.last;
      begins = ">";
    }
  }

  async #copyRated(from: number, board: number, { finishedAt, matchId }: RatingPlace): Promise<void> {
    let after: RatedKey | undefined = { finished_at: "", match_id: FIRST_ID, player_id: FIRST_ID };
    while (after) {
      const [copied]: RatedKey[] = await this.#reader.rows({
        name: "copy rated",
        text: `with page as (
           select * from rollcall_store.match_rating
           where board = $1 and (finished_at, match_id, player_id) > ($2, $3, $4) and (finished_at, match_id) < ($5, $6)
           order by finished_at, match_id, player_id limit $7
         ), copy as (
           insert into rollcall_store.match_rating
           select $8, finished_at, match_id, player_id, mu, sigma, matches, wins, losses, draws from page
         ) select finished_at, match_id, player_id from page
         order by finished_at desc, match_id desc, player_id desc limit 1`,
        values: [
          from,
          after.finished_at,
          after.match_id,
          after.player_id,
          finishedAt,
          matchId,
          COPY_ROWS,
          board,
        ],
      });
      after = copied;
    }
  }
}
