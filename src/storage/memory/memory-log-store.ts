/**
 * The log store in memory, for tests and the simulation; it passes the same contract suite as PostgreSQL.
 *
 * A `MemoryDisk` is what survives a crash; a `MemoryLogStore` is one process's session on it. `crash` ends the
 * session as SIGKILL would: a commit under way is either on the disk already or never will be.
 */
import type { ChangeHash } from "../../../crdt/change.ts";
import { type ClaimGroup, type ClaimKey, ownerOf } from "../../../crdt/claim.ts";
import { type Entry, entryBytes, erasureNoteOf } from "../../../crdt/entry.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Origin, Position } from "../../../crdt/position.ts";
import type { AuditPage, AuditQuery } from "../audit-store.ts";
import { DatabaseInUseError, DatabaseUnavailableError, WrongRealmError } from "../errors.ts";
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
import { listAudits } from "./memory-audits.ts";
import { copyTotals, type MemoryDisk } from "./memory-disk.ts";
import {
  findMatch,
  findPlayer,
  listConflicts,
  listMatches,
  listMatchesOf,
  listOverdueMatches,
  listPlayers,
  mergeGroup,
} from "./memory-queries.ts";
import { MemoryView } from "./memory-view.ts";

export interface MemoryOptions {
  readonly realm: string;
  /** Awaited before a commit takes effect; a simulation makes it take virtual time. */
  readonly commitDelay?: () => Promise<void>;
}

export class MemoryLogStore implements LogStore, ViewedStore {
  readonly #disk: MemoryDisk;
  readonly #options: MemoryOptions;

  constructor(disk: MemoryDisk, options: MemoryOptions) {
    this.#disk = disk;
    this.#options = options;
  }

  /** Nothing waits for a reader here. */
  get planning(): PlanReads {
    return this;
  }

  async open(): Promise<StoredState> {
    const disk = this.#disk;
    if (disk.holder && disk.holder !== this) throw new DatabaseInUseError();
    if (disk.realm !== undefined && disk.realm !== this.#options.realm) {
      throw new WrongRealmError(disk.realm, this.#options.realm);
    }
    disk.holder = this;
    disk.realm = this.#options.realm;
    return {
      vector: new Map([...disk.log].map(([origin, entries]) => [origin, entries.length])),
      stable: new Map(disk.stable),
      clock: disk.clock,
      totals: copyTotals(disk.totals),
      servers: new Map(disk.servers),
      forgotten: new Map(disk.forgotten),
    };
  }

  async commit(batch: Batch): Promise<void> {
    this.#requireLock();
    await this.#options.commitDelay?.();
    this.#requireLock();
    requireStorable(batch);
    this.#disk.apply(batch);
  }

  async documents(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentRow>> {
    return pick(this.#tables.documents, ids);
  }

  async changes(ids: readonly DocumentId[]): Promise<Map<DocumentId, StoredChange[]>> {
    const { changes } = this.#tables;
    return new Map(ids.map((id) => [id, [...(changes.get(id) ?? [])]]));
  }

  async changesOf(id: DocumentId): Promise<StoredChange[]> {
    return [...(this.#tables.changes.get(id) ?? [])];
  }

  async claims(keys: readonly ClaimKey[]): Promise<ClaimGroup[]> {
    const disk = this.#tables;
    return [...new Set(keys.map((key) => disk.claimGroup(key)))].filter((group) => group !== undefined);
  }

  async mergeGroup(ids: readonly DocumentId[]): Promise<PlayerRow[]> {
    return mergeGroup(this.#tables, ids);
  }

  async entries(origin: Origin, from: number, { entriesMax, bytesMax }: PageLimit): Promise<Entry[]> {
    const page = (this.#tables.log.get(origin) ?? []).slice(from - 1, from - 1 + entriesMax);
    let bytes = 0;
    return page.filter((entry, index) => {
      bytes += entryBytes(entry);
      return index === 0 || bytes <= bytesMax;
    });
  }

  async positionOf(id: DocumentId, change: ChangeHash): Promise<Position | undefined> {
    for (const entries of this.#tables.log.values()) {
      const found = entries.find(({ documentId, hash }) => documentId === id && hash === change);
      if (found) return { origin: found.origin, sequence: found.sequence };
    }
    return undefined;
  }

  async erasureOf(id: DocumentId): Promise<Position | undefined> {
    for (const entries of this.#tables.log.values()) {
      const found = entries.find((entry) => entry.documentId === id && erasureNoteOf(entry) !== undefined);
      if (found) return { origin: found.origin, sequence: found.sequence };
    }
    return undefined;
  }

  async view(): Promise<StoreView> {
    return new MemoryView(this.#tables);
  }

  async quarantined(): Promise<number> {
    return this.#tables.quarantine.size;
  }

  async player(id: DocumentId): Promise<StoredPlayer | "erased" | undefined> {
    return findPlayer(this.#tables, id);
  }

  async players(query: PlayerQuery): Promise<PlayerPage> {
    return listPlayers(this.#tables, query);
  }

  async survivorsOf(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentId>> {
    const rows = [...pick(this.#tables.players, ids)].map(([id, row]) => [id, row.survivorId] as const);
    return new Map(rows.filter(([id, survivorId]) => survivorId !== id));
  }

  async ownerOfIdentity(key: string): Promise<DocumentId | undefined> {
    const group = this.#tables.claimGroup({ kind: "identity", key });
    return group && ownerOf(group);
  }

  async match(id: DocumentId): Promise<StoredMatch | undefined> {
    return findMatch(this.#tables, id);
  }

  async matches(query: MatchQuery): Promise<MatchPage> {
    return listMatches(this.#tables, query);
  }

  async overdueMatches(query: OverdueQuery): Promise<MatchPage> {
    return listOverdueMatches(this.#tables, query);
  }

  async matchesOf(query: PlayerMatchesQuery): Promise<MatchPage> {
    return listMatchesOf(this.#tables, query);
  }

  async conflicts(query: ConflictQuery): Promise<ConflictPage> {
    return listConflicts(this.#tables, query);
  }

  async audits(query: AuditQuery): Promise<AuditPage> {
    return listAudits(this.#tables.audits.values(), query);
  }

  async leaderboard(query: LeaderboardQuery): Promise<LeaderboardPage> {
    return this.#tables.ratings.leaderboard(query);
  }

  async ratedModes(query: RatedModesQuery): Promise<RatedModesPage> {
    return this.#tables.ratings.ratedModes(query);
  }

  async ratingsOf(playerId: DocumentId): Promise<PlayerRating[]> {
    return this.#tables.ratings.ratingsOf(playerId);
  }

  async firstMatches(playerIds: readonly DocumentId[]): Promise<Map<DocumentId, RatingMark[]>> {
    return this.#tables.ratings.firstMatches(playerIds);
  }

  async markedModes(): Promise<string[]> {
    return this.#tables.ratings.markedModes();
  }

  async openFold(mode: string): Promise<RatingFold | undefined> {
    return this.#tables.ratings.openFold(mode);
  }

  async sweep(): Promise<boolean> {
    return this.#tables.ratings.sweep();
  }

  async request(key: string): Promise<StoredRequest | undefined> {
    return this.#tables.requests.get(key);
  }

  async forgetRequests(limit: RequestLimit): Promise<void> {
    this.#tables.forgetRequests(limit);
  }

  async ping(): Promise<void> {
    this.#requireLock();
  }

  async close(): Promise<void> {
    this.crash();
  }

  /** Ends the session at once. */
  crash(): void {
    if (this.#disk.holder === this) this.#disk.holder = undefined;
  }

  /** @throws DatabaseUnavailableError */
  get #tables(): MemoryDisk {
    this.#requireLock();
    return this.#disk;
  }

  #requireLock(): void {
    if (this.#disk.holder !== this) throw new DatabaseUnavailableError();
  }
}

function pick<Key, Value>(map: ReadonlyMap<Key, Value>, keys: readonly Key[]): Map<Key, Value> {
  const found = new Map<Key, Value>();
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}
