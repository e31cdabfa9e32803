/** What the registry asks of presence (MAT4): who is there now, as far as gossip hears. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Presence } from "../gossip/presence-board.ts";

export interface PresenceSource {
  of(playerId: DocumentId): Presence | undefined;
  /** The players that are there. */
  present(): readonly DocumentId[];
  /** How long ago a player gave a sign, or this process began to listen; milliseconds. */
  silentForMs(playerId: DocumentId): number;
  readonly leaseMs: number;
}
