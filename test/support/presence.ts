/** Presence for registries in tests: whom a test lets be there, by the test's own clock. */
import type { DocumentId } from "../../crdt/ids.ts";
import { PRESENCE_LEASE_MS, type Presence, PresenceBoard } from "../../src/gossip/presence-board.ts";
import type { PresenceSource } from "../../src/registry/presence-source.ts";

export interface TestPresence extends PresenceSource {
  put(presence: Presence): void;
}

export function testPresence(nowMs: () => number): TestPresence {
  const board = new PresenceBoard();
  board.listen(nowMs());
  return {
    leaseMs: PRESENCE_LEASE_MS,
    of: (playerId: DocumentId) => board.of(playerId, nowMs()),
    present: () => board.hosts(nowMs()),
    silentForMs: (playerId: DocumentId) => board.silentForMs(playerId, nowMs()),
    put: (presence) => board.put(presence, nowMs()),
  };
}
