/** What the registry asks of presence, by the machine's monotonic time. */
import { PRESENCE_LEASE_MS, type PresenceBoard } from "../gossip/presence-board.ts";
import type { PresenceSource } from "../registry/presence-source.ts";
import { SYSTEM_CLOCK } from "./system-clock.ts";

/** The board is asked for when it is needed, as gossip is built after the registry. */
export function presenceOf(board: () => PresenceBoard): PresenceSource {
  const { monotonicMs } = SYSTEM_CLOCK;
  return {
    leaseMs: PRESENCE_LEASE_MS,
    of: (playerId) => board().of(playerId, monotonicMs()),
    present: () => board().hosts(monotonicMs()),
    silentForMs: (playerId) => board().silentForMs(playerId, monotonicMs()),
  };
}
