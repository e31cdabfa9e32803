/**
 * The port to a server's own database: the replicated log, the documents and the query tables that are
 * projected from them. `test/contract/log-store-contract.ts` is the suite that every implementation passes;
 * its titles carry the rule ids given here.
 *
 * - LOG1: one process writes: `open` holds a lock until `close`, and says where the server stands.
 * - LOG2: a batch is stored whole or not at all, and is durable once `commit` resolves.
 * - LOG3: within an origin the sequences are contiguous: no reader ever sees 8 before 7. Entries come back byte
 *   for byte, those that nobody here understands too; of an erased document only their places are left.
 * - LOG4: of a document's entries, only the changes that this version knows and did not set aside make it.
 * - LOG5: rows of records come back as they were, and are listed in one order on every store.
 */
import type { ChangeHash } from "../../crdt/change.ts";
import type { ClaimGroup, ClaimKey } from "../../crdt/claim.ts";
import type { Conflict } from "../../crdt/conflict.ts";
import type { Entry } from "../../crdt/entry.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import type { Digest } from "../../crdt/set-digest.ts";
import type { VersionVector } from "../../crdt/version-vector.ts";
import type { AuditRow, AuditStore } from "./audit-store.ts";
import type { PlayerRow } from "./player-row.ts";
import type { RatingMark, RatingStore, RatingUpdate } from "./rating-store.ts";
import type { RecordQueries } from "./record-queries.ts";
import type { RequestStore, StoredRequest } from "./request-store.ts";

export interface LogStore extends RecordQueries, RatingStore, RequestStore, AuditStore {
  /** For who plans a batch: the same reads, which wait for no other reader. */
  readonly planning: PlanReads;
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
   * All stored changes of these documents, in no particular order. Left out are quarantined ones, entries of a
   * kind or version that this server does not know, and those of erased documents.
   */
  changes(ids: readonly DocumentId[]): Promise<Map<DocumentId, StoredChange[]>>;
  /** The same of one document, for one that may have thousands. */
  changesOf(id: DocumentId): Promise<StoredChange[]>;
  /** The claim groups of these keys; a key that nobody claims has none. */
  claims(keys: readonly ClaimKey[]): Promise<ClaimGroup[]>;
  /** All players that these are joined to by merges, over any number of steps, themselves included (CLM4). */
  mergeGroup(ids: readonly DocumentId[]): Promise<PlayerRow[]>;
  /** The entries of an origin from a sequence on, in order: as many as fit both limits, but at least one. */
  entries(origin: Origin, from: number, limit: PageLimit): Promise<Entry[]>;
  /** Where the change of a document stands in the log. */
  positionOf(id: DocumentId, change: ChangeHash): Promise<Position | undefined>;
  /** Where the erasure of a document stands in the log; of several one of them. */
  erasureOf(id: DocumentId): Promise<Position | undefined>;
  quarantined(): Promise<number>;
  /** Whether the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What is asked for to plan a batch. */
export type PlanReads = Pick<LogStore, "documents" | "changes" | "claims" | "mergeGroup" | "firstMatches">;

/** What the database says when it is opened. */
export interface StoredState {
  readonly vector: VersionVector;
  readonly clock: Stamp;
  readonly totals: Totals;
  /** The server that each known origin is an incarnation of. */
  readonly servers: ReadonlyMap<Origin, string>;
  /** Incarnations that are no members any more (MBR1), each with the server's name. */
  readonly forgotten: ReadonlyMap<Origin, string>;
  /** What every member was seen to hold: from here on a claim is confirmed (CLM2). */
  readonly stable: VersionVector;
}

/** Running totals over everything stored. */
export interface Totals {
  /** Not counting erased ones. */
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
  readonly players: readonly PlayerRow[];
  readonly matches: readonly Match[];
  /** Whole groups as they are from now on; one without claims goes. */
  readonly claims: readonly ClaimGroup[];
  /** Those of `claims` that are not there yet; if one is, the batch is refused (SQLSTATE 23505). */
  readonly newClaims: ReadonlySet<ClaimGroup>;
  /** Conflicts are replaced by scope: all stored ones of these scopes go that are not among `conflicts`. */
  readonly conflictScopes: readonly string[];
  readonly conflicts: readonly Conflict[];
  /**
   * Their rows of records, the content of all their stored changes, what is remembered of requests for them and what
   * operators did to them go;
   * their entries keep their places.
   */
  readonly erased: readonly DocumentId[];
  /** Where ratings have to be folded again from (RAT1). */
  readonly ratingMarks: readonly RatingMark[];
  /** What a fold of ratings came to; refused (SQLSTATE 23505) if the mode is at another revision. */
  readonly ratings: RatingUpdate | null;
  /** Their keys are not there yet; if one is, the batch is refused (SQLSTATE 23505). Those of `erased` are left out. */
  readonly requests: readonly StoredRequest[];
  /** What operators did. Those of `erased` are left out, but for their erasure. */
  readonly audits: readonly AuditRow[];
  readonly origins: readonly OriginRow[];
  readonly quarantined: readonly QuarantineRow[];
  readonly clock: Stamp;
  readonly totals: Totals;
  /** Sequences that every member holds, of the origins for which that changed. */
  readonly stable: VersionVector;
  /** Incarnations that are no members from now on (MBR1), each with the server's name; nothing may be held of them. */
  readonly forgotten: ReadonlyMap<Origin, string>;
}

export interface DocumentRow {
  readonly id: DocumentId;
  readonly kind: DocumentKind;
  /** Sorted; empty while no change could be applied because its parents are missing, and once it is erased. */
  readonly heads: readonly ChangeHash[];
  /** What stands in the state digest for it; null while there is no state. */
  readonly stateDigest: Digest | null;
  /** The hash of its conflicts of kind `field`; null when it has none. */
  readonly fieldConflictsDigest: Digest | null;
  readonly erased: boolean;
}

export interface StoredChange {
  readonly hash: ChangeHash;
  readonly bytes: Uint8Array;
  readonly position: Position;
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
