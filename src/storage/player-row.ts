/** A player as it is stored: what its document says, and what other records make of it. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Player } from "../../crdt/player.ts";
import type { Position } from "../../crdt/position.ts";

/** A player with what follows for it from other players. */
export interface PlayerRow {
  readonly player: Player;
  /** The least id of those it was merged with; its own when it is that, or was never merged (CLM4). */
  readonly survivorId: DocumentId;
  /** Before this time, in milliseconds since 1970, it is banned, by its own list or that of one it was merged with (PLY3). */
  readonly bannedUntilMs: number | null;
  /**
   * The claim on the username is held by whoever holds its origin's entries up to here; null when there is no
   * claim. This server's own knowledge: it may be later than the claim's own entry.
   */
  readonly usernamePosition: Position | null;
}
