/**
 * A fold's view of the store: a snapshot, for as long as the fold is open. What is written to a spare board goes
 * through other sessions and shows to nobody.
 */
import type pg from "pg";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Skill } from "../../../crdt/rating.ts";
import type { RatingFold, RatingPlace } from "../rating-store.ts";
import { type BoardChanges, comparePlaces, type FoldPage, type FoldStep } from "../rating-store.ts";
import { binaryArray, COLUMN } from "./binary-array.ts";
import type { Snapshot } from "./snapshot.ts";
import type { SpareBoards } from "./spare-boards.ts";

export interface FoldStart {
  readonly mode: string;
  readonly from: RatingPlace;
  readonly version: number;
  readonly revision: number;
  readonly board: number;
}

export interface SkillColumns {
  readonly player_id: string;
  readonly mu: number;
  readonly sigma: number;
  readonly matches: string;
  readonly wins: string;
  readonly losses: string;
  readonly draws: string;
}

interface RatedColumns extends SkillColumns {
  readonly finished_at: string;
  readonly match_id: string;
}

interface MatchColumns {
  readonly id: string;
  readonly finished_at: string;
  readonly ranks: { readonly [playerId: string]: number };
}

export class PostgresRatingFold implements RatingFold {
  readonly mode: string;
  readonly from: RatingPlace;
  readonly version: number;
  readonly revision: number;
  readonly board: number;
  readonly #snapshot: Snapshot;
  readonly #spares: SpareBoards;

  constructor(start: FoldStart, snapshot: Snapshot, spares: SpareBoards) {
    this.mode = start.mode;
    this.from = start.from;
    this.version = start.version;
    this.revision = start.revision;
    this.board = start.board;
    this.#snapshot = snapshot;
    this.#spares = spares;
  }

  async page(after: RatingPlace | undefined, matchesMax: number): Promise<FoldPage> {
    const { finishedAt, matchId } = after ?? this.from;
    const begins = after ? ">" : ">=";
    const matches = await this.#read<MatchColumns>(
      `fold matches ${begins}`,
      `select id, finished_at, ranks from rollcall_store.match
       where mode = $1 and state = 'finished' and result_status = 'settled' and (finished_at, id) ${begins} ($2, $3)
       order by finished_at, id limit $4`,
      [this.mode, finishedAt, matchId, matchesMax],
    );
    const last = matches.length < matchesMax ? undefined : matches.at(-1);
    const ends = last ? "and (finished_at, match_id) <= ($4, $5)" : "";
    const rated = await this.#read<RatedColumns>(
      `fold rated ${begins} ${ends}`,
      `select * from rollcall_store.match_rating
       where board = $1 and (finished_at, match_id) ${begins} ($2, $3) ${ends}`,
      [this.board, finishedAt, matchId, ...(last ? [last.finished_at, last.id] : [])],
    );
    return {
      steps: stepsOf(matches, rated),
      next: last ? { finishedAt: last.finished_at, matchId: last.id } : null,
    };
  }

  async survivors(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentId>> {
    const rows = await this.#read<{ id: string; survivor_id: string }>(
      "fold survivors",
      "select id, survivor_id from rollcall_store.player where id = any($1::uuid[]) and survivor_id <> id",
      [binaryArray(COLUMN.uuid, ids)],
    );
    return new Map(rows.map(({ id, survivor_id }) => [id, survivor_id]));
  }

  async skillsBefore(ids: readonly DocumentId[]): Promise<Map<DocumentId, Skill>> {
    const rows = await this.#read<SkillColumns>(
      "fold skills",
      `select s.* from unnest($1::uuid[]) as wanted (id) cross join lateral (
         select player_id, mu, sigma, matches, wins, losses, draws from rollcall_store.match_rating r
         where r.board = $2 and r.player_id = wanted.id and (r.finished_at, r.match_id) < ($3, $4)
         order by r.finished_at desc, r.match_id desc limit 1) s`,
      [binaryArray(COLUMN.uuid, ids), this.board, this.from.finishedAt, this.from.matchId],
    );
    return skillsOf(rows);
  }

  async leaders(ids: readonly DocumentId[]): Promise<Map<DocumentId, Skill>> {
    const rows = await this.#read<SkillColumns>(
      "fold leaders",
      `select player_id, mu, sigma, matches, wins, losses, draws from rollcall_store.rating
       where player_id = any($1::uuid[]) and board = $2`,
      [binaryArray(COLUMN.uuid, ids), this.board],
    );
    return skillsOf(rows);
  }

  copyBoard(): Promise<number> {
    return this.#spares.copy(this.board, this.from);
  }

  writeSpare(board: number, changes: BoardChanges): Promise<void> {
    return this.#spares.write(board, changes);
  }

  close(): Promise<void> {
    return this.#snapshot.end();
  }

  #read<Row extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    return this.#snapshot.rows<Row>({ name, text, values });
  }
}

function skillsOf(rows: readonly SkillColumns[]): Map<DocumentId, Skill> {
  return new Map(rows.map((row) => [row.player_id, toSkill(row)]));
}

export function toSkill({ mu, sigma, matches, wins, losses, draws }: SkillColumns): Skill {
  return {
    mu,
    sigma,
    matches: Number(matches),
    wins: Number(wins),
    losses: Number(losses),
    draws: Number(draws),
  };
}

/** One step for each place that either side has. */
function stepsOf(matches: readonly MatchColumns[], rated: readonly RatedColumns[]): FoldStep[] {
  const steps = new Map<
    string,
    { place: RatingPlace; ranks: FoldStep["ranks"]; rated: Map<string, Skill> }
  >();
  const stepAt = (finishedAt: string, matchId: string) => {
    const key = `${finishedAt} ${matchId}`;
    const step = steps.get(key) ?? { place: { finishedAt, matchId }, ranks: null, rated: new Map() };
    steps.set(key, step);
    return step;
  };
  for (const { id, finished_at, ranks } of matches) stepAt(finished_at, id).ranks = Object.entries(ranks);
  for (const row of rated) stepAt(row.finished_at, row.match_id).rated.set(row.player_id, toSkill(row));
  return [...steps.values()].sort((a, b) => comparePlaces(a.place, b.place));
}
