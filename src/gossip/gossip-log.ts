/** The port to the server's own log, as far as gossip needs it. */
import type { Entry } from "../../crdt/entry.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { Origin } from "../../crdt/position.ts";
import type { VersionVector } from "../../crdt/version-vector.ts";
import type { PAGE, Standing } from "./protocol.ts";

export interface GossipLog extends Standing {
  /** The names of all members that the entries held here tell of (MBR1); this one may be among them. */
  members(): readonly string[];
  /** Incarnations that are no members any more, each with the server's name. */
  readonly forgotten: ReadonlyMap<Origin, string>;
  /** Stores entries of one origin that continue what is here; rejects when they could not be stored. */
  receive(entries: readonly Entry[]): Promise<void>;
  entries(origin: Origin, from: number, limit: typeof PAGE): Promise<Entry[]>;
  /** A stamp was received: the hybrid logical clock has to be past it from now on (CLK1). */
  observe(stamp: Stamp): void;
  onCommitted(listener: (committed: { local: readonly Entry[]; vector: VersionVector }) => void): void;
}
