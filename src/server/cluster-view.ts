/** The cluster as this server sees it, for REST: itself and every peer it has heard. */
import type { Origin } from "../../crdt/position.ts";
import { holds } from "../../crdt/version-vector.ts";
import type { Broker } from "../gossip/broker.ts";
import type { Gossiper } from "../gossip/gossiper.ts";
import type { ClusterPort, MemberReport } from "../http/cluster-port.ts";
import type { Registry } from "../registry/registry.ts";

export interface ViewedParts {
  readonly self: { readonly server: string; readonly incarnation: Origin };
  readonly registry: Registry;
  readonly gossiper: Gossiper;
  readonly broker: Broker;
}

const MS_PER_SECOND = 1_000;

export function clusterView(parts: ViewedParts): ClusterPort {
  const { self, registry, gossiper } = parts;
  return {
    members: () => [selfReport(parts), ...peerReports(parts)],
    unheard: () =>
      gossiper
        .unheard()
        .map(({ server, heardMsAgo }) => ({ name: server, seconds: Math.floor(heardMsAgo / MS_PER_SECOND) })),
    acknowledged: (position, peers, withinMs) => gossiper.acknowledged(position, peers, withinMs),
    holders: (position) =>
      [{ server: self.server, has: holds(registry.vector, position) }, ...gossiper.holders(position)].sort(
        (a, b) => (a.server < b.server ? -1 : 1),
      ),
  };
}

function selfReport({ self, registry, gossiper, broker }: ViewedParts): MemberReport {
  const behind = gossiper.entriesBehind();
  return {
    name: self.server,
    incarnation: self.incarnation,
    self: true,
    state: gossiper.caughtUp ? "alive" : "starting",
    lastHeardAt: new Date().toISOString(),
    entriesBehind: behind,
    secondsBehind: behind === 0 ? 0 : null,
    clockOffsetMs: 0,
    brokers: broker.links().map(({ url, own, state }) => ({ url, own, state })),
    queues: { writesWaiting: registry.condition().waiting, ...gossiper.queues() },
  };
}

/** One that was forgotten and still speaks is no member (MBR2). */
function peerReports({ registry, gossiper }: ViewedParts): MemberReport[] {
  const members = gossiper.peers().filter(({ incarnation }) => !registry.forgotten.has(incarnation));
  return members.map((peer) => ({
    name: peer.server,
    incarnation: peer.incarnation,
    self: false,
    state: peer.state,
    lastHeardAt: new Date(Date.now() - peer.heardMsAgo).toISOString(),
    entriesBehind: peer.entriesBehind,
    secondsBehind: peer.msBehind / MS_PER_SECOND,
    clockOffsetMs: peer.clockOffsetMs,
    brokers: [],
    queues: {},
  }));
}
