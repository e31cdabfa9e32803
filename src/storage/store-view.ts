/**
 * The part of the store by which it is verified (VER1): all of it as it was at one moment, for as long as the view is
 * open. What a commit writes is there whole or not at all, so nothing that is found wrong in a view is in flux. Open
 * for one page of a table, or the walk over one board: PostgreSQL keeps old rows meanwhile.
 */
import type { ClaimGroup, ClaimKey } from "../../crdt/claim.ts";
import type { Conflict } from "../../crdt/conflict.ts";
import type { Entry } from "../../crdt/entry.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import type { Skill } from "../../crdt/rating.ts";
import type { DocumentRow, PageLimit, StoredChange, StoredState } from "./log-store.ts";
import type { PlayerRow } from "./player-row.ts";
import type { RatingFold, RatingPlace } from "./rating-store.ts";

/** A store that can be verified: every log store. */
export interface ViewedStore {
  /** To be closed. @throws StorageError */
  view(): Promise<StoreView>;
}

export interface StoreView {
  state(): Promise<Pick<StoredState, "vector" | "totals" | "servers">>;
  /** As of the store itself. */
  entries(origin: Origin, from: number, limit: PageLimit): Promise<Entry[]>;
  documents(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentRow>>;
  changes(ids: readonly DocumentId[]): Promise<Map<DocumentId, StoredChange[]>>;
  mergeGroup(ids: readonly DocumentId[]): Promise<PlayerRow[]>;
  claims(keys: readonly ClaimKey[]): Promise<ClaimGroup[]>;
  erasureOf(id: DocumentId): Promise<Position | undefined>;
  /** Which entries of an origin are set aside, from a sequence to another. */
  quarantined(origin: Origin, from: number, to: number): Promise<ReadonlySet<number>>;
  /** Of the last page. */
  lastDocument(): Promise<DocumentId | undefined>;
  /** Pages of whole tables, in the order of their keys. */
  documentsAfter(id: DocumentId | undefined, limit: number): Promise<DocumentRow[]>;
  claimsAfter(key: ClaimKey | undefined, limit: number): Promise<ClaimGroup[]>;
  conflictsAfter(id: string | undefined, limit: number): Promise<StoredConflict[]>;
  /** Where what is stored is not what a batch of these rows writes. */
  differences(expected: ExpectedRows): Promise<RowDifference[]>;
  /** Those that have a board in force. */
  modes(): Promise<string[]>;
  /** An empty one where nothing of the mode was ever folded. */
  board(mode: string): Promise<BoardView>;
  leadersAfter(mode: string, playerId: DocumentId | undefined, limit: number): Promise<StoredLeader[]>;
  /** @throws StorageError when the moment was lost, and with it what was read */
  close(): Promise<void>;
  /** After an error; safe to call then in any case. */
  discard(): void;
}

/** With the columns that it is found by, which may be damaged like everything. */
export interface StoredConflict {
  readonly id: string;
  readonly scope: string;
  readonly conflict: Conflict;
}

/** A row of a leaderboard. */
export interface StoredLeader {
  readonly playerId: DocumentId;
  readonly skill: Skill;
  /** What it is sorted by. */
  readonly rating: number;
}

/** The board in force of a mode, to be folded from the beginning. */
export interface BoardView {
  readonly fold: RatingFold;
  /** From here on it is going to be folded again; null when it is up to date. */
  readonly markedFrom: RatingPlace | null;
}

/** All that may be stored of some documents, claims and conflicts. */
export interface ExpectedRows {
  readonly documentIds: readonly DocumentId[];
  readonly documents: readonly DocumentRow[];
  readonly players: readonly PlayerRow[];
  readonly matches: readonly Match[];
  readonly claimKeys: readonly ClaimKey[];
  readonly claims: readonly ClaimGroup[];
  readonly conflictScopes: readonly string[];
  readonly conflicts: readonly Conflict[];
}

export interface RowDifference {
  readonly table: "document" | "player" | "match" | "match_player" | "claim" | "conflict";
  /** Of the row, as text. */
  readonly key: string;
  /** It is not there, should not be there, or is another in these columns. */
  readonly how: "missing" | "stray" | { readonly columns: readonly string[] };
}

/** Of a board that is not there. */
export const NO_BOARD = -1;

/** Before every place of a mode. */
export const FIRST_PLACE: RatingPlace = {
  finishedAt: "0000000000000000",
  matchId: "00000000-0000-0000-0000-000000000000",
};
