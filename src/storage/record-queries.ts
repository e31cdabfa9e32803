/** What is asked of the query tables: records one by one, and lists by keyset pages. */
import type { ChangeHash } from "../../crdt/change.ts";
import type { Conflict, ConflictKind } from "../../crdt/conflict.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match, MatchState } from "../../crdt/match.ts";
import type { PlayerRow } from "./player-row.ts";

export interface RecordQueries {
  /** Also an erased one, as `erased`. */
  player(id: DocumentId): Promise<StoredPlayer | "erased" | undefined>;
  /** One more than `limit` is never returned; `next` is set when there are more. Erased players are in no list. */
  players(query: PlayerQuery): Promise<PlayerPage>;
  /** Those of these players that survive in another one, with that one (CLM4). */
  survivorsOf(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentId>>;
  /** Who owns the identity `provider:subject` (CLM4): the holder of the first claim of its group. */
  ownerOfIdentity(key: string): Promise<DocumentId | undefined>;
  match(id: DocumentId): Promise<StoredMatch | undefined>;
  /** By (creation, id), newest first. */
  matches(query: MatchQuery): Promise<MatchPage>;
  /** Open matches that may have to expire (MAT4), by (creation, id), oldest first. */
  overdueMatches(query: OverdueQuery): Promise<MatchPage>;
  /** All matches in which one of these players has or had a seat, or came too late, or which one hosts, by (creation, id), newest first. */
  matchesOf(query: PlayerMatchesQuery): Promise<MatchPage>;
  /** By (stamp of the latest candidate, id), newest first. */
  conflicts(query: ConflictQuery): Promise<ConflictPage>;
}

/** A player with what other records make of it. */
export interface StoredPlayer extends PlayerRow {
  readonly heads: readonly ChangeHash[];
  /** The owner of the player's username (CLM1); null when it has none. */
  readonly usernameOwnerId: DocumentId | null;
}

/** Filters are joined by "and". Ordered by id, or by name (by code point) and id when a prefix is given. */
export interface PlayerQuery {
  readonly username?: string | undefined;
  readonly prefix?: string | undefined;
  readonly region?: string | undefined;
  readonly platform?: string | undefined;
  /** Banned: with a ban in force at `nowMs`. */
  readonly status?: "active" | "banned" | undefined;
  readonly nowMs: number;
  readonly limit: number;
  readonly after?: PlayerCursor | undefined;
}

export interface PlayerCursor {
  readonly id: DocumentId;
  /** The normalised name, when the page is ordered by name. */
  readonly usernameKey: string | null;
}

export interface PlayerPage {
  readonly items: readonly StoredPlayer[];
  readonly next: PlayerCursor | null;
}

export interface StoredMatch {
  readonly match: Match;
  readonly heads: readonly ChangeHash[];
}

/** Of matches by creation: milliseconds since 1970 and id. */
export interface MatchCursor {
  readonly createdAtMs: number;
  readonly id: DocumentId;
}

export interface MatchQuery {
  readonly state?: MatchState | undefined;
  readonly mode?: string | undefined;
  readonly region?: string | undefined;
  /** Of open matches only those that have no host, or are heard (MAT4); all when absent. */
  readonly heard?: HeardMatches | undefined;
  readonly limit: number;
  readonly after?: MatchCursor | undefined;
}

/** A match with a host is heard if it is new, or its host is one of `hosts` or was merged with one (MAT4, CLM4). */
export interface HeardMatches {
  readonly newIds: readonly DocumentId[];
  readonly hosts: readonly DocumentId[];
}

export interface OverdueQuery {
  /** With a host: those that are not heard; none when absent. */
  readonly heard?: HeardMatches | undefined;
  /** Without a host: created before this time, milliseconds since 1970. */
  readonly hostlessBeforeMs: number;
  readonly limit: number;
  readonly after?: MatchCursor | undefined;
}

export interface PlayerMatchesQuery {
  readonly playerIds: readonly DocumentId[];
  readonly limit: number;
  readonly after?: MatchCursor | undefined;
}

export interface MatchPage {
  readonly items: readonly StoredMatch[];
  readonly next: MatchCursor | null;
}

export interface ConflictQuery {
  readonly kind?: ConflictKind | undefined;
  /** Those that concern this document. */
  readonly documentId?: DocumentId | undefined;
  /** Of kind `field`: of which one of these changes wrote a candidate. Asked together with a document. */
  readonly changes?: readonly ChangeHash[] | undefined;
  /** Whose latest candidate has this stamp or a later one. */
  readonly since?: Stamp | undefined;
  readonly limit: number;
  readonly after?: ConflictCursor | undefined;
}

export interface ConflictCursor {
  readonly stamp: Stamp;
  readonly id: string;
}

export interface ConflictPage {
  readonly items: readonly Conflict[];
  readonly next: ConflictCursor | null;
}
