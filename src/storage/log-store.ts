/**
 * The port to a server's own database: the replicated log, the documents and the query tables that are
 * projected from them. `test/contract/log-store-contract.ts` is the suite that every implementation passes;
 * its titles carry the rule ids given here.
 *
 * - LOG1: one process writes: `open` holds a lock until `close`, and says where the server stands.
 * - LOG2: a batch is stored whole or not at all, and is durable once `commit` resolves.
 * - LOG3: within an origin the sequences are contiguous: no reader ever sees 8 before 7. Entries come back byte
 *   for byte, those that nobody here understands too.
 * - LOG4: of a document's entries, only the changes that this version knows and did not set aside make it.
 * - LOG5: rows of players come back as they were, and are listed in one order on every store.
 */
import type { ChangeHash } from "../../crdt/change.ts";
import type { Entry } from "../../crdt/entry.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import type { Player } from "../../crdt/player.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import type { Digest } from "../../crdt/set-digest.ts";
import type { VersionVector } from "../../crdt/version-vector.ts";

export interface LogStore {
  /**
   * Connects, takes the lock, brings the tables up to date and reads where the server stands. Called again
   * after a failed commit: it returns once any commit of unknown outcome is decided.
   * @throws StorageError
   */
  open(): Promise<StoredState>;
  /** One transaction. @throws StorageError; `OutcomeUnknownError` when it may have been committed. */
  commit(batch: Batch): Promise<void>;
  /** Those of the documents that have a row. */
  documents(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentRow>>;
  /**
   * All stored changes of these documents, in no particular order. Left out are quarantined ones, and entries of
   * a kind or version that this server does not know.
   */
  changes(ids: readonly DocumentId[]): Promise<Map<DocumentId, Uint8Array[]>>;
  /** The entries of an origin from a sequence on, in order: as many as fit both limits, but at least one. */
  entries(origin: Origin, from: number, limit: PageLimit): Promise<Entry[]>;
  player(id: DocumentId): Promise<StoredPlayer | undefined>;
  /** One more than `limit` is never returned; `next` is set when there are more. */
  players(query: PlayerQuery): Promise<PlayerPage>;
  /** Where the change of a document stands in the log. */
  positionOf(id: DocumentId, change: ChangeHash): Promise<Position | undefined>;
  quarantined(): Promise<number>;
  /** Whether the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What the database says when it is opened. */
export interface StoredState {
  readonly vector: VersionVector;
  readonly clock: Stamp;
  readonly totals: Totals;
  /** The server that each known origin is an incarnation of. */
  readonly servers: ReadonlyMap<Origin, string>;
}

/** Running totals over everything stored. */
export interface Totals {
  readonly documents: number;
  readonly entries: number;
  readonly headsDigest: Digest;
  readonly stateDigest: Digest;
}

/** What one transaction stores. */
export interface Batch {
  /** Each continues its origin's sequence; what is there already is refused. */
  readonly entries: readonly Entry[];
  readonly documents: readonly DocumentRow[];
  /** Those of `documents` that are not there yet; if one is, the batch is refused (SQLSTATE 23505). */
  readonly newDocuments: ReadonlySet<DocumentId>;
  readonly players: readonly Player[];
  readonly origins: readonly OriginRow[];
  readonly quarantined: readonly QuarantineRow[];
  readonly clock: Stamp;
  readonly totals: Totals;
}

export interface DocumentRow {
  readonly id: DocumentId;
  readonly kind: DocumentKind;
  /** Sorted; empty while no change could be applied because its parents are missing. */
  readonly heads: readonly ChangeHash[];
  readonly stateDigest: Digest | null;
}

export interface OriginRow {
  readonly origin: Origin;
  /** Null while the entry that says so has not come, and in a batch: unchanged. */
  readonly server: string | null;
  readonly lastSequence: number;
}

export interface QuarantineRow {
  readonly origin: Origin;
  readonly sequence: number;
  readonly reason: string;
  readonly detail: string;
}

export interface PageLimit {
  readonly entriesMax: number;
  /** As `entryBytes` counts them. */
  readonly bytesMax: number;
}

export interface StoredPlayer {
  readonly player: Player;
  readonly heads: readonly ChangeHash[];
}

/** Filters are joined by "and". Ordered by id, or by name (by code point) and id when a prefix is given. */
export interface PlayerQuery {
  readonly username?: string | undefined;
  readonly prefix?: string | undefined;
  readonly region?: string | undefined;
  readonly platform?: string | undefined;
  readonly status?: string | undefined;
  readonly limit: number;
  readonly after?: PlayerCursor | undefined;
}

export interface PlayerCursor {
  readonly id: DocumentId;
  /** The normalised name, when the page is ordered by name. */
  readonly usernameKey: string | null;
}

export interface PlayerPage {
  readonly items: readonly Player[];
  readonly next: PlayerCursor | null;
}
