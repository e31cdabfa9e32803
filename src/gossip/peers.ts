/**
 * What this server knows of the others, from what it heard them say. Pure: it is given the time.
 *
 * `alive` while heartbeats come; `suspect` after three were missed; `down` after ten, or at once when the peer
 * said that it leaves. A peer is known by its name; a new incarnation takes the place of the old one.
 */
import type { Origin } from "../../crdt/position.ts";
import { entriesBehind, mergeVectors, type VersionVector } from "../../crdt/version-vector.ts";
import type { Heartbeat } from "./message.ts";

export const HEARTBEAT_MS = 1_000;
const SUSPECT_AFTER_MS = 3 * HEARTBEAT_MS;
const DOWN_AFTER_MS = 10 * HEARTBEAT_MS;
/** More names than any cluster has: what is said beyond is not remembered. */
const PEERS_MAX = 1_000;

export type PeerState = "starting" | "alive" | "suspect" | "down";

interface Peer {
  incarnation: Origin;
  heardAtMs: number;
  vector: VersionVector;
  said: Heartbeat["state"];
  /** What it said it had in its first heartbeat. */
  introduction: VersionVector | undefined;
  /** Its wall clock minus ours, milliseconds. */
  clockOffsetMs: number | null;
  /** It has every entry that this server had at this time. */
  completeAtMs: number;
  /** What this server had at a later time, until the peer is seen to have it too. */
  goal: { readonly vector: VersionVector; readonly setAtMs: number };
}

export interface ReachablePeer {
  readonly server: string;
  readonly vector: VersionVector;
  readonly introduction: VersionVector | undefined;
}

export interface PeerReport {
  readonly server: string;
  readonly incarnation: Origin;
  readonly state: PeerState;
  readonly heardMsAgo: number;
  readonly vector: VersionVector;
  readonly entriesBehind: number;
  readonly msBehind: number;
  readonly clockOffsetMs: number | null;
}

export class Peers {
  readonly #peers = new Map<string, Peer>();

  /** Any message is a sign of life. Returns false for a name that cannot be taken up. */
  heard(server: string, incarnation: Origin, nowMs: number): boolean {
    const peer = this.#peers.get(server);
    if (!peer) {
      if (this.#peers.size >= PEERS_MAX) return false;
      this.#peers.set(server, newPeer(incarnation, nowMs));
    } else {
      if (peer.incarnation !== incarnation) Object.assign(peer, newPeer(incarnation, nowMs));
      peer.heardAtMs = nowMs;
    }
    return true;
  }

  heartbeat(server: string, { vector, wallMs, state }: Heartbeat, nowMs: number, ownWallMs: number): void {
    const peer = this.#peers.get(server);
    if (!peer) return;
    peer.vector = vector;
    peer.said = state;
    peer.introduction ??= vector;
    peer.clockOffsetMs = Math.round(wallMs - ownWallMs);
    peer.heardAtMs = nowMs;
  }

  /** The peer was seen to have the entries of an origin up to here. */
  has(server: string, origin: Origin, sequence: number): void {
    const peer = this.#peers.get(server);
    if (peer && (peer.vector.get(origin) ?? 0) < sequence) {
      peer.vector = new Map(peer.vector).set(origin, sequence);
    }
  }

  /** The peer was asked and has none of the origin from here on, whatever it said before. */
  lacks(server: string, origin: Origin, from: number): void {
    const peer = this.#peers.get(server);
    if (peer && (peer.vector.get(origin) ?? 0) >= from) {
      peer.vector = new Map(peer.vector).set(origin, from - 1);
    }
  }

  /** Those that can be asked. */
  reachable(nowMs: number): ReachablePeer[] {
    return [...this.#peers]
      .filter(([, peer]) => stateOf(peer, nowMs) !== "down")
      .map(([server, { vector, introduction }]) => ({ server, vector, introduction }));
  }

  /** Those whose heartbeats stay out. Cheap: asked with every request. */
  unheard(nowMs: number): { server: string; heardMsAgo: number }[] {
    return [...this.#peers]
      .filter(([, peer]) => ["suspect", "down"].includes(stateOf(peer, nowMs)))
      .map(([server, { heardAtMs }]) => ({ server, heardMsAgo: nowMs - heardAtMs }));
  }

  /** To be called several times a second with what this server holds: measures how far behind each peer is. */
  observe(own: VersionVector, nowMs: number): void {
    for (const peer of this.#peers.values()) {
      if (entriesBehind(peer.vector, peer.goal.vector) > 0) continue;
      peer.completeAtMs = peer.goal.setAtMs;
      peer.goal = { vector: own, setAtMs: nowMs };
    }
  }

  /** Of all peers, given what this server holds. */
  report(own: VersionVector, nowMs: number): PeerReport[] {
    return [...this.#peers].map(([server, peer]) => {
      const behind = entriesBehind(peer.vector, own);
      return {
        server,
        incarnation: peer.incarnation,
        state: stateOf(peer, nowMs),
        heardMsAgo: nowMs - peer.heardAtMs,
        vector: peer.vector,
        entriesBehind: behind,
        msBehind: behind === 0 ? 0 : nowMs - peer.completeAtMs,
        clockOffsetMs: peer.clockOffsetMs,
      };
    });
  }

  /** Everything that any peer was heard to have. */
  union(): VersionVector {
    return [...this.#peers.values()].reduce<VersionVector>(
      (all, { vector }) => mergeVectors(all, vector),
      new Map(),
    );
  }
}

function newPeer(incarnation: Origin, nowMs: number): Peer {
  return {
    incarnation,
    heardAtMs: nowMs,
    vector: new Map(),
    said: "starting",
    introduction: undefined,
    clockOffsetMs: null,
    completeAtMs: nowMs,
    goal: { vector: new Map(), setAtMs: nowMs },
  };
}

function stateOf({ said, heardAtMs }: Peer, nowMs: number): PeerState {
  const silentMs = nowMs - heardAtMs;
  if (said === "leaving" || silentMs > DOWN_AFTER_MS) return "down";
  if (silentMs > SUSPECT_AFTER_MS) return "suspect";
  return said === "starting" ? "starting" : "alive";
}
