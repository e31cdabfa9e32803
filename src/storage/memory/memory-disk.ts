/** What survives a crash of a log store in memory: its tables, and what a commit does to them. */
import { type ClaimGroup, type ClaimKey, claimKeyText } from "../../../crdt/claim.ts";
import type { Conflict } from "../../../crdt/conflict.ts";
import { documentKindOf, type Entry, withoutContent } from "../../../crdt/entry.ts";
import { STAMP_ZERO, type Stamp } from "../../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Match } from "../../../crdt/match.ts";
import type { Origin } from "../../../crdt/position.ts";
import { emptyDigest } from "../../../crdt/set-digest.ts";
import type { AuditRow } from "../audit-store.ts";
import {
  auditsKept,
  isErasedAudit,
  isErasedContent,
  requestsKept,
  withoutErased,
} from "../erased-content.ts";
import { BatchRefusedError, UNIQUE_VIOLATION } from "../errors.ts";
import type { Batch, DocumentRow, QuarantineRow, StoredChange, Totals } from "../log-store.ts";
import type { PlayerRow } from "../player-row.ts";
import type { RequestLimit, StoredRequest } from "../request-store.ts";
import { MemoryRatings } from "./memory-ratings.ts";

export class MemoryDisk {
  realm: string | undefined;
  /** The store that has the disk open. */
  holder: object | undefined;
  clock: Stamp = STAMP_ZERO;
  totals: Totals = { documents: 0, entries: 0, headsDigest: emptyDigest(), stateDigest: emptyDigest() };
  readonly log = new Map<Origin, Entry[]>();
  readonly stable = new Map<Origin, number>();
  readonly servers = new Map<Origin, string>();
  readonly forgotten = new Map<Origin, string>();
  readonly documents = new Map<DocumentId, DocumentRow>();
  readonly changes = new Map<DocumentId, StoredChange[]>();
  readonly players = new Map<DocumentId, PlayerRow>();
  readonly matches = new Map<DocumentId, Match>();
  /** By `claimKeyText`. */
  readonly claims = new Map<string, ClaimGroup>();
  /** By id. */
  readonly conflicts = new Map<string, Conflict>();
  readonly quarantine = new Map<string, QuarantineRow>();
  /** By key. */
  readonly requests = new Map<string, StoredRequest>();
  /** By position. */
  readonly audits = new Map<string, AuditRow>();
  readonly ratings = new MemoryRatings(this);

  /** All of the batch or nothing. @throws BatchRefusedError */
  apply(batch: Batch): void {
    requireContiguous(this, batch.entries);
    requireAbsent(this.documents, batch.newDocuments);
    requireAbsent(this.claims, [...batch.newClaims].map(claimPlace));
    requireAbsent(
      this.requests,
      requestsKept(batch).map(({ key }) => key),
    );
    this.ratings.requireCurrent(batch.ratings);
    const erased = new Set(batch.erased);
    this.#erase(erased);
    this.#appendEntries(withoutErased(batch, erased));
    for (const row of batch.documents) this.documents.set(row.id, row);
    for (const row of batch.players) this.players.set(row.player.id, row);
    for (const match of batch.matches) this.matches.set(match.id, match);
    for (const group of batch.claims) {
      if (group.claims.length > 0) this.claims.set(claimPlace(group), group);
      else this.claims.delete(claimPlace(group));
    }
    this.#replaceConflicts(batch);
    for (const request of requestsKept(batch)) this.requests.set(request.key, request);
    for (const row of auditsKept(batch)) this.audits.set(placeOf(row.position), row);
    this.ratings.store(batch.ratingMarks, batch.ratings);
    for (const { origin, server } of batch.origins) if (server !== null) this.servers.set(origin, server);
    for (const [origin, sequence] of batch.stable) {
      this.stable.set(origin, Math.max(sequence, this.stable.get(origin) ?? 0));
    }
    for (const [origin, server] of batch.forgotten) this.forgotten.set(origin, server);
    this.clock = batch.clock;
    this.totals = copyTotals(batch.totals);
  }

  forgetRequests({ beforeMs, keptMax }: RequestLimit): void {
    const newestFirst = [...this.requests.values()].sort((a, b) => b.createdAtMs - a.createdAtMs);
    const forgottenMs = Math.max(beforeMs - 1, newestFirst[keptMax]?.createdAtMs ?? 0);
    for (const { key, createdAtMs } of newestFirst) {
      if (createdAtMs <= forgottenMs) this.requests.delete(key);
    }
  }

  claimGroup(key: ClaimKey): ClaimGroup | undefined {
    return this.claims.get(claimPlace(key));
  }

  #appendEntries({ entries, quarantined }: Pick<Batch, "entries" | "quarantined">): void {
    for (const row of quarantined) this.quarantine.set(placeOf(row), row);
    for (const entry of entries) {
      listIn(this.log, entry.origin).push(entry);
      const { documentId, hash, body: bytes, origin, sequence } = entry;
      if (documentKindOf(entry) === undefined || documentId === null || hash === null) continue;
      if (this.quarantine.has(placeOf(entry))) continue;
      listIn(this.changes, documentId).push({ hash, bytes, position: { origin, sequence } });
    }
  }

  #erase(ids: ReadonlySet<DocumentId>): void {
    if (ids.size === 0) return;
    for (const tables of [this.players, this.matches, this.changes]) for (const id of ids) tables.delete(id);
    for (const { key, documentId } of this.requests.values())
      if (ids.has(documentId)) this.requests.delete(key);
    for (const [place, { record }] of this.audits) if (isErasedAudit(record, ids)) this.audits.delete(place);
    for (const entries of this.log.values()) {
      for (const [index, entry] of entries.entries()) {
        if (!isErasedContent(entry, ids)) continue;
        entries[index] = withoutContent(entry);
        const place = placeOf(entry);
        const row = this.quarantine.get(place);
        if (row) this.quarantine.set(place, { ...row, detail: "" });
      }
    }
  }

  #replaceConflicts({ conflictScopes, conflicts }: Batch): void {
    const scopes = new Set(conflictScopes);
    if (scopes.size > 0) {
      for (const { id, scope } of this.conflicts.values()) if (scopes.has(scope)) this.conflicts.delete(id);
    }
    for (const conflict of conflicts) this.conflicts.set(conflict.id, conflict);
  }
}

export function copyTotals(totals: Totals): Totals {
  return {
    ...totals,
    headsDigest: Uint8Array.from(totals.headsDigest),
    stateDigest: Uint8Array.from(totals.stateDigest),
  };
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

function requireAbsent(table: ReadonlyMap<string, unknown>, keys: Iterable<string>): void {
  for (const key of keys) {
    if (table.has(key)) throw new BatchRefusedError(UNIQUE_VIOLATION, new RangeError(`${key} is there`));
  }
}

function claimPlace({ kind, key }: ClaimKey): string {
  return claimKeyText(kind, key);
}

function placeOf({ origin, sequence }: Pick<Entry, "origin" | "sequence">): string {
  return `${origin}:${sequence}`;
}

function listIn<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
