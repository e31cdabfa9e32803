/**
 * Whether this server can do its work: its own PostgreSQL, and everything its peers had when it started.
 * Peers or brokers that are away make it degraded, not unready: it goes on taking reads and writes.
 */
import type { Broker } from "../gossip/broker.ts";
import type { Gossiper } from "../gossip/gossiper.ts";
import type { Registry } from "../registry/registry.ts";

export interface Readiness {
  readonly ready: boolean;
  /** What is away without stopping the server. */
  readonly degraded: readonly string[];
  /** Why it is not ready. */
  readonly reasons: readonly string[];
}

/** CLK2: a wall clock further off than this is reported. */
const CLOCK_OFFSET_MAX_MS = 2_000;

export function readiness(parts: {
  /** This server's name. */
  readonly server: string;
  readonly registry: Registry;
  readonly gossiper: Gossiper;
  readonly broker: Broker;
}): Readiness {
  const { server: self, registry, gossiper, broker } = parts;
  const reasons: string[] = [];
  const { mode } = registry.condition();
  // What is not open yet knows of nothing.
  if (mode === "closed") return { ready: false, degraded: [], reasons: ["waiting for PostgreSQL"] };
  if (mode !== "open") reasons.push("PostgreSQL does not answer");
  if (!gossiper.caughtUp) reasons.push(`pulling what was missed: ${gossiper.entriesBehind()} entries to go`);
  const degraded: string[] = [];
  for (const { url, own, state } of broker.links()) {
    if (state !== "subscribed") degraded.push(`${own ? "own" : "peer's"} broker ${url} is ${state}`);
  }
  const peers = gossiper.peers();
  for (const server of registry.members()) {
    const isPeer = server !== self && !peers.some((peer) => peer.server === server);
    if (isPeer) degraded.push(`${server} was not heard of since this server began`);
  }
  for (const { server, state, clockOffsetMs } of peers) {
    if (state === "suspect" || state === "down") degraded.push(`${server} is ${state}`);
    if (clockOffsetMs !== null && Math.abs(clockOffsetMs) > CLOCK_OFFSET_MAX_MS) {
      degraded.push(`the clock of ${server} differs by ${clockOffsetMs} ms`);
    }
  }
  return { ready: reasons.length === 0, degraded, reasons };
}
