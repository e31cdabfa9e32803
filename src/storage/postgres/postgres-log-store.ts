/**
 * The log store on PostgreSQL 15 or newer. One session writes and reads what a batch is planned from
 * (`writer-session.ts`); pools beside it read for clients, and for peers (`reader.ts`). None waits for another's.
 */
import type { ChangeHash } from "../../../crdt/change.ts";
import type { ClaimGroup, ClaimKey } from "../../../crdt/claim.ts";
import type { Entry } from "../../../crdt/entry.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Origin, Position } from "../../../crdt/position.ts";
import type { AuditPage, AuditQuery } from "../audit-store.ts";
import { DatabaseUnavailableError } from "../errors.ts";
import type {
  Batch,
  DocumentRow,
  LogStore,
  PageLimit,
  PlanReads,
  StoredChange,
  StoredState,
} from "../log-store.ts";
import type { PlayerRow } from "../player-row.ts";
import type {
  LeaderboardPage,
  LeaderboardQuery,
  PlayerRating,
  RatedModesPage,
  RatedModesQuery,
  RatingFold,
  RatingMark,
} from "../rating-store.ts";
import type {
  ConflictPage,
  ConflictQuery,
  MatchPage,
  MatchQuery,
  OverdueQuery,
  PlayerMatchesQuery,
  PlayerPage,
  PlayerQuery,
  StoredMatch,
  StoredPlayer,
} from "../record-queries.ts";
import type { RequestLimit, StoredRequest } from "../request-store.ts";
import { requireStorable } from "../storable.ts";
import type { StoreView, ViewedStore } from "../store-view.ts";
import { listAudits } from "./audit-rows.ts";
import { changeNotices } from "./change-notices.ts";
import { commitQuery } from "./commit-statement.ts";
import { listConflicts } from "./conflict-list.ts";
import { readErasure } from "./erasure-read.ts";
import {
  countQuarantined,
  readChanges,
  readChangesOf,
  readDocuments,
  readEntries,
  readPosition,
} from "./log-reads.ts";
import { listMatches, listMatchesOf, listOverdueMatches } from "./match-list.ts";
import { listPlayers } from "./player-list.ts";
import { RatingTables } from "./rating-tables.ts";
import { Reader, type ReaderOptions, type RowReader } from "./reader.ts";
import {
  readClaims,
  readFirstMatches,
  readMatch,
  readMergeGroup,
  readOwner,
  readPlayer,
  readSurvivors,
} from "./record-reads.ts";
import { forgetRequests, readRequest } from "./request-rows.ts";
import { commitError, connectError } from "./sql-state.ts";
import { readState } from "./stored-state.ts";
import { type SessionOptions, WriterSession } from "./writer-session.ts";

export interface PostgresOptions extends SessionOptions, Pick<ReaderOptions, "onIdleError"> {
  readonly realm: string;
  /** Tell who listens on `rollcall_change` what was changed; off unless told otherwise. */
  readonly notify?: boolean;
}

/** What clients ask for, folds of ratings and verifications. */
const READERS_MAX = 6;
/** What peers ask for: pages of entries. */
const PAGE_READERS_MAX = 4;

export class PostgresLogStore implements LogStore, ViewedStore {
  readonly planning: PlanReads;
  readonly #options: PostgresOptions;
  readonly #reader: Reader;
  readonly #pages: Reader;
  readonly #ratings: RatingTables;
  #session: WriterSession | undefined;

  constructor(options: PostgresOptions) {
    this.#options = options;
    const { databaseUrl, onIdleError } = options;
    const pool = { databaseUrl, onIdleError };
    this.#reader = new Reader({ ...pool, name: "rollcall reader", sessionsMax: READERS_MAX });
    this.#pages = new Reader({ ...pool, name: "rollcall pages", sessionsMax: PAGE_READERS_MAX });
    this.#ratings = new RatingTables(this.#reader);
    this.planning = planReads({ rows: (query) => this.#heldSession().rows(query) });
  }

  async open(): Promise<StoredState> {
    try {
      if (this.#session?.lost !== false) this.#session = await WriterSession.open(this.#options);
      return await readState(this.#session, this.#options.realm);
    } catch (error) {
      this.#session?.discard();
      throw connectError(error);
    }
  }

  async commit(batch: Batch): Promise<void> {
    const session = this.#heldSession();
    requireStorable(batch);
    const query = commitQuery(batch, this.#options.notify ? changeNotices(batch) : []);
    try {
      await session.query(query);
    } catch (error) {
      const failure = commitError(error);
      if (failure.code === "outcome-unknown") session.discard();
      throw failure;
    }
  }

  documents(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentRow>> {
    return readDocuments(this.#reader, ids);
  }

  changes(ids: readonly DocumentId[]): Promise<Map<DocumentId, StoredChange[]>> {
    return readChanges(this.#reader, ids);
  }

  changesOf(id: DocumentId): Promise<StoredChange[]> {
    return readChangesOf(this.#reader, id);
  }

  claims(keys: readonly ClaimKey[]): Promise<ClaimGroup[]> {
    return readClaims(this.#reader, keys);
  }

  mergeGroup(ids: readonly DocumentId[]): Promise<PlayerRow[]> {
    return readMergeGroup(this.#reader, ids);
  }

  entries(origin: Origin, from: number, limit: PageLimit): Promise<Entry[]> {
    return readEntries(this.#pages, origin, from, limit);
  }

  positionOf(id: DocumentId, change: ChangeHash): Promise<Position | undefined> {
    return readPosition(this.#reader, id, change);
  }

  erasureOf(id: DocumentId): Promise<Position | undefined> {
    return readErasure(this.#reader, id);
  }

  view(): Promise<StoreView> {
    return this.#ratings.view();
  }

  quarantined(): Promise<number> {
    return countQuarantined(this.#reader);
  }

  player(id: DocumentId): Promise<StoredPlayer | "erased" | undefined> {
    return readPlayer(this.#reader, id);
  }

  players(query: PlayerQuery): Promise<PlayerPage> {
    return this.#reader.built((kysely) => listPlayers(kysely, query));
  }

  survivorsOf(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentId>> {
    return readSurvivors(this.#reader, ids);
  }

  ownerOfIdentity(key: string): Promise<DocumentId | undefined> {
    return readOwner(this.#reader, { kind: "identity", key });
  }

  match(id: DocumentId): Promise<StoredMatch | undefined> {
    return readMatch(this.#reader, id);
  }

  matches(query: MatchQuery): Promise<MatchPage> {
    return this.#reader.built((kysely) => listMatches(kysely, query));
  }

  overdueMatches(query: OverdueQuery): Promise<MatchPage> {
    return this.#reader.built((kysely) => listOverdueMatches(kysely, query));
  }

  matchesOf(query: PlayerMatchesQuery): Promise<MatchPage> {
    return this.#reader.built((kysely) => listMatchesOf(kysely, query));
  }

  conflicts(query: ConflictQuery): Promise<ConflictPage> {
    return this.#reader.built((kysely) => listConflicts(kysely, query));
  }

  audits(query: AuditQuery): Promise<AuditPage> {
    return this.#reader.built((kysely) => listAudits(kysely, query));
  }

  leaderboard(query: LeaderboardQuery): Promise<LeaderboardPage> {
    return this.#ratings.leaderboard(query);
  }

  ratedModes(query: RatedModesQuery): Promise<RatedModesPage> {
    return this.#ratings.ratedModes(query);
  }

  ratingsOf(playerId: DocumentId): Promise<PlayerRating[]> {
    return this.#ratings.ratingsOf(playerId);
  }

  firstMatches(playerIds: readonly DocumentId[]): Promise<Map<DocumentId, RatingMark[]>> {
    return readFirstMatches(this.#reader, playerIds);
  }

  markedModes(): Promise<string[]> {
    return this.#ratings.markedModes();
  }

  openFold(mode: string): Promise<RatingFold | undefined> {
    return this.#ratings.openFold(mode);
  }

  sweep(): Promise<boolean> {
    return this.#ratings.sweep();
  }

  request(key: string): Promise<StoredRequest | undefined> {
    return readRequest(this.#reader, key);
  }

  forgetRequests(limit: RequestLimit): Promise<void> {
    return forgetRequests(this.#reader, limit);
  }

  async ping(): Promise<void> {
    this.#heldSession();
    await this.#reader.rows({ name: "ping", text: "select 1", values: [] });
  }

  async close(): Promise<void> {
    await this.#session?.close();
    await Promise.all([this.#reader.close(), this.#pages.close()]);
  }

  #heldSession(): WriterSession {
    if (this.#session?.lost !== false) throw new DatabaseUnavailableError();
    return this.#session;
  }
}

function planReads(reader: RowReader): PlanReads {
  return {
    documents: (ids) => readDocuments(reader, ids),
    changes: (ids) => readChanges(reader, ids),
    claims: (keys) => readClaims(reader, keys),
    mergeGroup: (ids) => readMergeGroup(reader, ids),
    firstMatches: (ids) => readFirstMatches(reader, ids),
  };
}
