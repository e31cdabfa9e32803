/** Records as this server sees them now: what the documents say, with what only a moment's look can tell. */
import type { ChangeHash } from "../../crdt/change.ts";
import type { DocumentId, Identity } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import type { Seat } from "../../crdt/match-seats.ts";
import type { Player } from "../../crdt/player.ts";
import type { Position } from "../../crdt/position.ts";

/** CLM2: `confirmed` can no longer be lost to anybody; what is `provisional` can. */
export type UsernameStatus = "none" | "provisional" | "confirmed" | "lost";

export interface PlayerView {
  readonly player: Player;
  readonly heads: readonly ChangeHash[];
  /** PLY3, at the time of asking. */
  readonly status: "active" | "banned";
  readonly usernameStatus: UsernameStatus;
  /** The name to show: the username, or `name#xxxx` when it was lost (CLM1). */
  readonly handle: string | null;
  /** Also those of players that were merged into it, where they were looked up (CLM4). */
  readonly identities: readonly Identity[];
  /** What the player should be told. */
  readonly notices: readonly Notice[];
}

export interface Notice {
  readonly code: "username-lost" | "seat-overflow" | "seat-late";
  /** For people. */
  readonly detail: string;
  /** Of the seat. */
  readonly matchId?: DocumentId;
}

export interface MatchView {
  readonly match: Match;
  readonly heads: readonly ChangeHash[];
  /** Where to connect: what the host said last, or what the match was created with. */
  readonly address: string | null;
  /** Of those whom a settled result ranks and who were merged into others: for whom it counts (CLM4). */
  readonly ratedAs: { readonly [playerId: DocumentId]: DocumentId };
}

/** What came of a write. */
export interface WrittenRecord {
  /** Of the entry that was made; when nothing was to change, of one that made the record what it is. */
  readonly position: Position;
  /** The document did not exist before. */
  readonly created: boolean;
}

export type WrittenPlayer = PlayerView & WrittenRecord;
export type WrittenMatch = MatchView & WrittenRecord;

/** A match with the seat in it of the one who joined, under whichever of its ids (CLM4). */
export type JoinedMatch = WrittenMatch & { readonly seat: Seat };
