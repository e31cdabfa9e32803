/**
 * What a fold of ratings came to, as parts of the statement that commits a batch. A row whose skill is null goes.
 */
import { ratingOf, type Skill } from "../../../crdt/rating.ts";
import type { Batch } from "../log-store.ts";
import type { BoardChanges, LeaderChange, RatedChange, RatingUpdate } from "../rating-store.ts";
import { COLUMN } from "./binary-array.ts";
import { type Column, column, type RowSource, rowSource, upsertInto } from "./row-source.ts";

const { float8, int8, text, uuid } = COLUMN;

interface WithSkill {
  readonly skill: Skill | null;
}

/** Of rows that are kept. */
function ofSkill(
  name: string,
  type: typeof float8 | typeof int8,
  read: (skill: Skill) => number,
): Column<WithSkill> {
  return column<WithSkill, number>(name, type, ({ skill }) => (skill === null ? null : read(skill)));
}

const SKILL_COLUMNS: readonly Column<WithSkill>[] = [
  ofSkill("mu", float8, (skill) => skill.mu),
  ofSkill("sigma", float8, (skill) => skill.sigma),
  ofSkill("matches", int8, (skill) => skill.matches),
  ofSkill("wins", int8, (skill) => skill.wins),
  ofSkill("losses", int8, (skill) => skill.losses),
  ofSkill("draws", int8, (skill) => skill.draws),
];

/** What is to be written, with the board that it is written to. */
export interface BoardWrite extends BoardChanges {
  readonly board: number;
}

const RATING_COLUMN = ofSkill("rating", float8, ratingOf);

type OnBoard<Row> = Row & { readonly board: number };

function ratedSource(name: string, kept: boolean): RowSource<BoardWrite> {
  return rowSource<BoardWrite, OnBoard<RatedChange>>(
    name,
    [
      column("board", int8, (row) => row.board),
      column("finished_at", text, (row) => row.finishedAt),
      column("match_id", uuid, (row) => row.matchId),
      column("player_id", uuid, (row) => row.playerId),
      ...(kept ? SKILL_COLUMNS : []),
    ],
    ({ board, rated }) =>
      rated.filter(({ skill }) => (skill !== null) === kept).map((row) => ({ ...row, board })),
  );
}

function leaderSource(name: string, kept: boolean): RowSource<BoardWrite> {
  return rowSource<BoardWrite, OnBoard<LeaderChange>>(
    name,
    [
      column("player_id", uuid, (row) => row.playerId),
      column("board", int8, (row) => row.board),
      ...(kept ? [...SKILL_COLUMNS, RATING_COLUMN] : []),
    ],
    ({ board, leaders }) =>
      leaders.filter(({ skill }) => (skill !== null) === kept).map((row) => ({ ...row, board })),
  );
}

const RATED = ratedSource("written_rated", true);
const UNRATED = ratedSource("removed_rated", false);
const LEADERS = leaderSource("written_leader", true);
const FORMER_LEADERS = leaderSource("removed_leader", false);

export const BOARD_SOURCES: readonly RowSource<BoardWrite>[] = [RATED, UNRATED, LEADERS, FORMER_LEADERS];

export const BOARD_STATEMENTS: readonly string[] = [
  upsertInto("rollcall_store.match_rating", RATED, ["board", "finished_at", "match_id", "player_id"]),
  `delete from rollcall_store.match_rating r using removed_rated w
    where (r.board, r.finished_at, r.match_id, r.player_id) = (w.board, w.finished_at, w.match_id, w.player_id)`,
  upsertInto("rollcall_store.rating", LEADERS, ["player_id", "board"]),
  `delete from rollcall_store.rating r using removed_leader w
    where (r.player_id, r.board) = (w.player_id, w.board)`,
];

const UPDATE = rowSource<Batch, RatingUpdate>(
  "rating_update",
  [
    column("mode", text, (update) => update.mode),
    column("version", int8, (update) => update.version),
    column("revision", int8, (update) => update.revision),
    column("board", int8, (update) => update.board),
  ],
  ({ ratings }) => (ratings ? [ratings] : []),
);

/** The parts that a batch with an update has. */
export const RATING_SOURCES: readonly RowSource<Batch>[] = [UPDATE, ...BOARD_SOURCES.map(ofBatch)];

export const RATING_STATEMENTS: readonly string[] = [
  "insert into rollcall_store.rating_board (mode, revision, board) select mode, revision + 1, board from rating_update",
  `delete from rollcall_store.rating_board b using rating_update u where b.mode = u.mode and b.revision = u.revision`,
  `insert into rollcall_store.rating_spare (board)
    select b.board from rollcall_store.rating_board b join rating_update u using (mode, revision)
    where b.board <> u.board`,
  "delete from rollcall_store.rating_spare s using rating_update u where s.board = u.board",
  `delete from rollcall_store.rating_mark m using rating_update u where m.mode = u.mode and m.version <= u.version`,
  ...BOARD_STATEMENTS,
];

const NO_CHANGES: BoardWrite = { board: 0, rated: [], leaders: [] };

function ofBatch(source: RowSource<BoardWrite>): RowSource<Batch> {
  return {
    ...source,
    isEmpty: ({ ratings }) => source.isEmpty(ratings ?? NO_CHANGES),
    parameters: ({ ratings }) => source.parameters(ratings ?? NO_CHANGES),
  };
}
