/** A view of a disk in memory: shallow copies of its tables, made when it is opened. */
import { canonicalJson, type Json } from "../../../crdt/canonical.ts";
import { type ClaimGroup, type ClaimKey, claimKeyText } from "../../../crdt/claim.ts";
import type { Conflict } from "../../../crdt/conflict.ts";
import { type Entry, entryBytes, erasureNoteOf } from "../../../crdt/entry.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Match } from "../../../crdt/match.ts";
import type { Origin, Position } from "../../../crdt/position.ts";
import { ratingOf } from "../../../crdt/rating.ts";
import type { DocumentRow, PageLimit, StoredChange } from "../log-store.ts";
import type { PlayerRow } from "../player-row.ts";
import type {
  BoardView,
  ExpectedRows,
  RowDifference,
  StoredConflict,
  StoredLeader,
  StoreView,
} from "../store-view.ts";
import { copyTotals, type MemoryDisk } from "./memory-disk.ts";
import { mergeGroup } from "./memory-queries.ts";

export class MemoryView implements StoreView {
  readonly #disk: MemoryDisk;
  readonly #log: ReadonlyMap<Origin, readonly Entry[]>;
  readonly #servers: ReadonlyMap<Origin, string>;
  readonly #totals: MemoryDisk["totals"];
  readonly #documents: ReadonlyMap<DocumentId, DocumentRow>;
  readonly #changes: ReadonlyMap<DocumentId, readonly StoredChange[]>;
  readonly #players: Map<DocumentId, PlayerRow>;
  readonly #matches: ReadonlyMap<DocumentId, Match>;
  readonly #claims: ReadonlyMap<string, ClaimGroup>;
  readonly #conflicts: ReadonlyMap<string, Conflict>;
  readonly #quarantine: ReadonlySet<string>;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
    this.#log = new Map([...disk.log].map(([origin, entries]) => [origin, [...entries]]));
    this.#servers = new Map(disk.servers);
    this.#totals = copyTotals(disk.totals);
    this.#documents = new Map(disk.documents);
    this.#changes = new Map([...disk.changes].map(([id, changes]) => [id, [...changes]]));
    this.#players = new Map(disk.players);
    this.#matches = new Map(disk.matches);
    this.#claims = new Map(disk.claims);
    this.#conflicts = new Map(disk.conflicts);
    this.#quarantine = new Set(disk.quarantine.keys());
  }

  async state() {
    const vector = new Map([...this.#log].map(([origin, { length }]) => [origin, length]));
    return { vector, totals: this.#totals, servers: this.#servers };
  }

  async entries(origin: Origin, from: number, { entriesMax, bytesMax }: PageLimit): Promise<Entry[]> {
    let bytes = 0;
    const page = (this.#log.get(origin) ?? []).slice(from - 1, from - 1 + entriesMax);
    return page.filter((entry, index) => {
      bytes += entryBytes(entry);
      return index === 0 || bytes <= bytesMax;
    });
  }

  async documents(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentRow>> {
    return new Map(present(this.#documents, ids).map((row) => [row.id, row]));
  }

  async changes(ids: readonly DocumentId[]): Promise<Map<DocumentId, StoredChange[]>> {
    return new Map(ids.map((id) => [id, [...(this.#changes.get(id) ?? [])]]));
  }

  async mergeGroup(ids: readonly DocumentId[]): Promise<PlayerRow[]> {
    return mergeGroup({ players: this.#players }, ids);
  }

  async claims(keys: readonly ClaimKey[]): Promise<ClaimGroup[]> {
    const texts = keys.map(({ kind, key }) => claimKeyText(kind, key));
    return present(this.#claims, texts);
  }

  async erasureOf(id: DocumentId): Promise<Position | undefined> {
    const all = [...this.#log.values()].flat();
    const found = all.find((entry) => entry.documentId === id && erasureNoteOf(entry) !== undefined);
    return found && { origin: found.origin, sequence: found.sequence };
  }

  async quarantined(origin: Origin, from: number, to: number): Promise<ReadonlySet<number>> {
    const sequences = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    return new Set(sequences.filter((sequence) => this.#quarantine.has(`${origin}:${sequence}`)));
  }

  async lastDocument(): Promise<DocumentId | undefined> {
    return [...this.#documents.keys()].sort().at(-1);
  }

  async documentsAfter(id: DocumentId | undefined, limit: number): Promise<DocumentRow[]> {
    return after(this.#documents, id, limit);
  }

  async claimsAfter(key: ClaimKey | undefined, limit: number): Promise<ClaimGroup[]> {
    return after(this.#claims, key && claimKeyText(key.kind, key.key), limit);
  }

  async conflictsAfter(id: string | undefined, limit: number): Promise<StoredConflict[]> {
    return after(this.#conflicts, id, limit).map((conflict) => ({ ...conflict, conflict }));
  }

  async differences(expected: ExpectedRows): Promise<RowDifference[]> {
    const { documentIds, claimKeys, conflictScopes } = expected;
    const scopes = new Set(conflictScopes);
    const ofScopes = [...this.#conflicts.values()].filter(({ scope }) => scopes.has(scope));
    return [
      ...compared("document", present(this.#documents, documentIds), expected.documents, ({ id }) => id),
      ...compared("player", present(this.#players, documentIds), expected.players, ({ player }) => player.id),
      ...compared("match", present(this.#matches, documentIds), expected.matches, ({ id }) => id),
      ...compared("claim", await this.claims(claimKeys), expected.claims, keyOf),
      ...compared("conflict", ofScopes, expected.conflicts, ({ id }) => id),
    ];
  }

  async modes(): Promise<string[]> {
    return this.#disk.ratings.modes();
  }

  async board(mode: string): Promise<BoardView> {
    return this.#disk.ratings.openBoard(mode);
  }

  async leadersAfter(mode: string, playerId: DocumentId | undefined, limit: number): Promise<StoredLeader[]> {
    const leaders = this.#disk.ratings.leadersOf(mode);
    const ids = [...leaders.keys()].sort().filter((id) => playerId === undefined || id > playerId);
    return ids.slice(0, limit).flatMap((id) => {
      const skill = leaders.get(id);
      return skill ? [{ playerId: id, skill, rating: ratingOf(skill) }] : [];
    });
  }

  async close(): Promise<void> {
    // Nothing is held.
  }

  discard(): void {
    // Nothing is held.
  }
}

function keyOf({ kind, key }: ClaimKey): string {
  return claimKeyText(kind, key);
}

function present<Row>(table: ReadonlyMap<string, Row>, keys: readonly string[]): Row[] {
  return keys.flatMap((key) => {
    const row = table.get(key);
    return row === undefined ? [] : [row];
  });
}

function after<Row>(table: ReadonlyMap<string, Row>, key: string | undefined, limit: number): Row[] {
  const keys = [...table.keys()].sort().filter((each) => key === undefined || each > key);
  return present(table, keys.slice(0, limit));
}

function* compared<Row extends object>(
  table: RowDifference["table"],
  stored: readonly Row[],
  expected: readonly Row[],
  keyIn: (row: Row) => string,
): Iterable<RowDifference> {
  const there = new Map(stored.map((row) => [keyIn(row), row]));
  for (const row of expected) {
    const key = keyIn(row);
    const other = there.get(key);
    there.delete(key);
    if (!other) yield { table, key, how: "missing" };
    else {
      const columns = differing(other, row);
      if (columns.length > 0) yield { table, key, how: { columns } };
    }
  }
  for (const key of there.keys()) yield { table, key, how: "stray" };
}

function differing(one: object, other: object): string[] {
  const [a, b] = [plain(one), plain(other)];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.filter((name) => canonicalJson(a[name] ?? null) !== canonicalJson(b[name] ?? null));
}

function plain(row: object): { readonly [name: string]: Json } {
  return JSON.parse(
    JSON.stringify(row, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
    ),
  );
}
