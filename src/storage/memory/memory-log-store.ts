/**
 * The log store in memory, for tests and the simulation; it passes the same contract suite as PostgreSQL.
 *
 * A `MemoryDisk` is what survives a crash; a `MemoryLogStore` is one process's session on it. `crash` ends the
 * session as SIGKILL would: a commit under way is either on the disk already or never will be.
 */
import type { ChangeHash } from "../../../crdt/change.ts";
import { documentKindOf, type Entry, entryBytes } from "../../../crdt/entry.ts";
import { STAMP_ZERO, type Stamp } from "../../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Player } from "../../../crdt/player.ts";
import type { Origin, Position } from "../../../crdt/position.ts";
import { emptyDigest } from "../../../crdt/set-digest.ts";
import { normaliseUsername } from "../../../crdt/username-claim.ts";
import {
  BatchRefusedError,
  DatabaseInUseError,
  DatabaseUnavailableError,
  UNIQUE_VIOLATION,
  WrongRealmError,
} from "../errors.ts";
import type {
  Batch,
  DocumentRow,
  LogStore,
  PageLimit,
  PlayerCursor,
  PlayerPage,
  PlayerQuery,
  StoredPlayer,
  StoredState,
  Totals,
} from "../log-store.ts";
import { requireStorable } from "../storable.ts";

export class MemoryDisk {
  realm: string | undefined;
  holder: MemoryLogStore | undefined;
  clock: Stamp = STAMP_ZERO;
  totals: Totals = { documents: 0, entries: 0, headsDigest: emptyDigest(), stateDigest: emptyDigest() };
  readonly log = new Map<Origin, Entry[]>();
  readonly servers = new Map<Origin, string>();
  readonly documents = new Map<DocumentId, DocumentRow>();
  readonly changes = new Map<DocumentId, Uint8Array[]>();
  readonly players = new Map<DocumentId, Player>();
  readonly quarantine = new Map<string, string>();
}

export interface MemoryOptions {
  readonly realm: string;
  /** Awaited before a commit takes effect; a simulation makes it take virtual time. */
  readonly commitDelay?: () => Promise<void>;
}

export class MemoryLogStore implements LogStore {
  readonly #disk: MemoryDisk;
  readonly #options: MemoryOptions;

  constructor(disk: MemoryDisk, options: MemoryOptions) {
    this.#disk = disk;
    this.#options = options;
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
      clock: disk.clock,
      totals: copyTotals(disk.totals),
      servers: new Map(disk.servers),
    };
  }

  async commit(batch: Batch): Promise<void> {
    this.#requireLock();
    await this.#options.commitDelay?.();
    this.#requireLock();
    const disk = this.#disk;
    requireStorable(batch);
    requireContiguous(disk, batch.entries);
    requireAbsent(disk, batch.newDocuments);
    for (const entry of batch.entries) {
      listIn(disk.log, entry.origin).push(entry);
    }
    const quarantined = new Set(batch.quarantined.map(quarantineKey));
    for (const row of batch.quarantined) disk.quarantine.set(quarantineKey(row), row.reason);
    for (const entry of batch.entries) {
      const isChange =
        documentKindOf(entry) !== undefined && entry.hash !== null && entry.documentId !== null;
      if (isChange && !quarantined.has(quarantineKey(entry))) {
        listIn(disk.changes, entry.documentId as DocumentId).push(entry.body);
      }
    }
    for (const row of batch.documents) disk.documents.set(row.id, row);
    for (const player of batch.players) disk.players.set(player.id, player);
    for (const { origin, server } of batch.origins) if (server !== null) disk.servers.set(origin, server);
    disk.clock = batch.clock;
    disk.totals = copyTotals(batch.totals);
  }

  async documents(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentRow>> {
    this.#requireLock();
    return pick(this.#disk.documents, ids);
  }

  async changes(ids: readonly DocumentId[]): Promise<Map<DocumentId, Uint8Array[]>> {
    this.#requireLock();
    return new Map(ids.map((id) => [id, [...(this.#disk.changes.get(id) ?? [])]]));
  }

  async entries(origin: Origin, from: number, { entriesMax, bytesMax }: PageLimit): Promise<Entry[]> {
    this.#requireLock();
    const page = (this.#disk.log.get(origin) ?? []).slice(from - 1, from - 1 + entriesMax);
    let bytes = 0;
    return page.filter((entry, index) => {
      bytes += entryBytes(entry);
      return index === 0 || bytes <= bytesMax;
    });
  }

  async player(id: DocumentId): Promise<StoredPlayer | undefined> {
    this.#requireLock();
    const player = this.#disk.players.get(id);
    const heads: readonly ChangeHash[] = this.#disk.documents.get(id)?.heads ?? [];
    return player && { player, heads };
  }

  async players(query: PlayerQuery): Promise<PlayerPage> {
    this.#requireLock();
    const byName = query.prefix !== undefined;
    const sortKey = ({ id, usernameKey }: PlayerCursor): Buffer =>
      Buffer.from(byName ? `${usernameKey ?? ""}\u0000${id}` : id); // in UTF-8, the order of code points
    const after = query.after && sortKey(query.after);
    const found = [...this.#disk.players.values()]
      .filter((player) => matches(player, query))
      .map((player) => ({ player, key: sortKey({ id: player.id, usernameKey: usernameKey(player) }) }))
      .filter(({ key }) => after === undefined || Buffer.compare(key, after) > 0)
      .sort((a, b) => Buffer.compare(a.key, b.key));
    const last = found.length > query.limit ? found[query.limit - 1]?.player : undefined;
    return {
      items: found.slice(0, query.limit).map(({ player }) => player),
      next: last ? { id: last.id, usernameKey: byName ? usernameKey(last) : null } : null,
    };
  }

  async positionOf(id: DocumentId, change: ChangeHash): Promise<Position | undefined> {
    this.#requireLock();
    for (const entries of this.#disk.log.values()) {
      const found = entries.find(({ documentId, hash }) => documentId === id && hash === change);
      if (found) return { origin: found.origin, sequence: found.sequence };
    }
    return undefined;
  }

  async quarantined(): Promise<number> {
    return this.#disk.quarantine.size;
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

  #requireLock(): void {
    if (this.#disk.holder !== this) throw new DatabaseUnavailableError();
  }
}

function requireContiguous(disk: MemoryDisk, entries: readonly Entry[]): void {
  const last = new Map<Origin, number>();
  for (const { origin, sequence } of entries) {
    const before = last.get(origin) ?? disk.log.get(origin)?.length ?? 0;
    if (sequence !== before + 1) {
      throw new BatchRefusedError(UNIQUE_VIOLATION, new RangeError(`sequence ${sequence} follows ${before}`));
    }
    last.set(origin, sequence);
  }
}

function requireAbsent(disk: MemoryDisk, ids: ReadonlySet<DocumentId>): void {
  for (const id of ids) {
    if (disk.documents.has(id))
      throw new BatchRefusedError(UNIQUE_VIOLATION, new RangeError(`${id} is there`));
  }
}

function matches(player: Player, { username, prefix, region, platform, status }: PlayerQuery): boolean {
  const key = usernameKey(player);
  return (
    (username === undefined || key === normaliseUsername(username)) &&
    (prefix === undefined || key?.startsWith(normaliseUsername(prefix)) === true) &&
    (region === undefined || player.region === region) &&
    (platform === undefined || player.platform === platform) &&
    (status === undefined || player.status === status)
  );
}

function usernameKey({ username }: Player): string | null {
  return username === null ? null : normaliseUsername(username);
}

function quarantineKey({ origin, sequence }: { origin: Origin; sequence: number }): string {
  return `${origin}:${sequence}`;
}

function pick<Key, Value>(map: ReadonlyMap<Key, Value>, keys: readonly Key[]): Map<Key, Value> {
  const found = new Map<Key, Value>();
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}

function listIn<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function copyTotals(totals: Totals): Totals {
  return {
    ...totals,
    headsDigest: Uint8Array.from(totals.headsDigest),
    stateDigest: Uint8Array.from(totals.stateDigest),
  };
}
