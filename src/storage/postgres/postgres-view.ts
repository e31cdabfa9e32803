/** A view of the tables: one session of the readers' pool, with one snapshot. */
import type pg from "pg";
import type { ClaimGroup, ClaimKey } from "../../../crdt/claim.ts";
import type { Conflict } from "../../../crdt/conflict.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Origin } from "../../../crdt/position.ts";
import type { DocumentRow, PageLimit } from "../log-store.ts";
import {
  type BoardView,
  type ExpectedRows,
  FIRST_PLACE,
  NO_BOARD,
  type StoredConflict,
  type StoredLeader,
  type StoreView,
} from "../store-view.ts";
import { readErasure } from "./erasure-read.ts";
import { readChanges, readDocuments, readEntries } from "./log-reads.ts";
import { PostgresRatingFold, type SkillColumns, toSkill } from "./rating-fold.ts";
import type { Reader } from "./reader.ts";
import { type ClaimColumns, toClaimGroup } from "./record-columns.ts";
import { readClaims, readMergeGroup } from "./record-reads.ts";
import { readDifferences } from "./row-differences.ts";
import { claimKindNumber, type DocumentColumns, toDocumentRow } from "./rows.ts";
import { Snapshot } from "./snapshot.ts";
import type { SpareBoards } from "./spare-boards.ts";
import { type OriginColumns, type ServerColumns, stateOf } from "./stored-state.ts";

interface BoardColumns {
  readonly revision: string | null;
  readonly board: string | null;
  readonly finished_at: string | null;
  readonly match_id: string | null;
}

export class PostgresView implements StoreView {
  readonly #snapshot: Snapshot;
  readonly #spares: SpareBoards;

  private constructor(snapshot: Snapshot, spares: SpareBoards) {
    this.#snapshot = snapshot;
    this.#spares = spares;
  }

  static async open(reader: Reader, spares: SpareBoards): Promise<PostgresView> {
    return new PostgresView(await Snapshot.open(reader), spares);
  }

  async state() {
    const servers = await this.#rows<ServerColumns>("select * from rollcall_store.server", []);
    const origins = await this.#rows<OriginColumns>("select * from rollcall_store.origin", []);
    return stateOf(servers[0], origins);
  }

  entries(origin: Origin, from: number, limit: PageLimit) {
    return readEntries(this.#snapshot, origin, from, limit);
  }

  documents(ids: readonly DocumentId[]) {
    return readDocuments(this.#snapshot, ids);
  }

  changes(ids: readonly DocumentId[]) {
    return readChanges(this.#snapshot, ids);
  }

  mergeGroup(ids: readonly DocumentId[]) {
    return readMergeGroup(this.#snapshot, ids);
  }

  claims(keys: readonly ClaimKey[]) {
    return readClaims(this.#snapshot, keys);
  }

  erasureOf(id: DocumentId) {
    return readErasure(this.#snapshot, id);
  }

  async quarantined(origin: Origin, from: number, to: number): Promise<ReadonlySet<number>> {
    const rows = await this.#rows<{ sequence: string }>(
      "select sequence from rollcall_store.quarantine where origin = $1 and sequence between $2 and $3",
      [origin, from, to],
    );
    return new Set(rows.map(({ sequence }) => Number(sequence)));
  }

  async lastDocument(): Promise<DocumentId | undefined> {
    const [row] = await this.#rows<{ id: string }>(
      "select id from rollcall_store.document order by id desc limit 1",
      [],
    );
    return row?.id;
  }

  async documentsAfter(id: DocumentId | undefined, limit: number): Promise<DocumentRow[]> {
    const rows = await this.#rows<DocumentColumns>(
      "select * from rollcall_store.document where id > $1 or $1 is null order by id limit $2",
      [id ?? null, limit],
    );
    return rows.map(toDocumentRow);
  }

  async claimsAfter(key: ClaimKey | undefined, limit: number): Promise<ClaimGroup[]> {
    const rows = await this.#rows<ClaimColumns>(
      "select * from rollcall_store.claim where (kind, key) > ($1::int2, $2::text) or $1 is null order by kind, key limit $3",
      [key ? claimKindNumber(key.kind) : null, key?.key ?? null, limit],
    );
    return rows.map(toClaimGroup);
  }

  async conflictsAfter(id: string | undefined, limit: number): Promise<StoredConflict[]> {
    const rows = await this.#rows<{ id: string; scope: string; body: Conflict }>(
      "select id, scope, body from rollcall_store.conflict where id > $1 or $1 is null order by id limit $2",
      [id ?? null, limit],
    );
    return rows.map(({ id: key, scope, body }) => ({ id: key, scope, conflict: body }));
  }

  differences(expected: ExpectedRows) {
    return readDifferences(this.#snapshot, expected);
  }

  async modes(): Promise<string[]> {
    const rows = await this.#rows<{ mode: string }>(
      "select mode from rollcall_store.rating_board order by mode",
      [],
    );
    return rows.map(({ mode }) => mode);
  }

  async board(mode: string): Promise<BoardView> {
    const [row] = await this.#rows<BoardColumns>(
      `select b.revision, b.board, m.finished_at, m.match_id from (select $1::text as mode) wanted
       left join rollcall_store.rating_board b using (mode) left join rollcall_store.rating_mark m using (mode)
       order by m.finished_at, m.match_id limit 1`,
      [mode],
    );
    const revision = Number(row?.revision ?? 0);
    const board = Number(row?.board ?? NO_BOARD);
    const start = { mode, from: FIRST_PLACE, version: 0, revision, board };
    const { finished_at: finishedAt = null, match_id: matchId = null } = row ?? {};
    return {
      fold: new PostgresRatingFold(start, this.#snapshot, this.#spares),
      markedFrom: finishedAt === null || matchId === null ? null : { finishedAt, matchId },
    };
  }

  async leadersAfter(mode: string, playerId: DocumentId | undefined, limit: number): Promise<StoredLeader[]> {
    const rows = await this.#rows<SkillColumns & { rating: number }>(
      `select r.* from rollcall_store.rating r
       where board = (select board from rollcall_store.rating_board where mode = $1)
         and (player_id > $2 or $2 is null)
       order by player_id limit $3`,
      [mode, playerId ?? null, limit],
    );
    return rows.map((row) => ({ playerId: row.player_id, skill: toSkill(row), rating: row.rating }));
  }

  close(): Promise<void> {
    return this.#snapshot.end();
  }

  discard(): void {
    this.#snapshot.discard();
  }

  #rows<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    return this.#snapshot.rows<Row>({ text, values });
  }
}
