/**
 * What this server knows of the others, from what it heard them say. Pure: it is given the time.
 *
 * `alive` while heartbeats come; `suspect` after three were missed; `down` after ten, or at once when the peer
 * said that it leaves. A peer is known by its name; a new incarnation takes the place of the old one.
 */
import type { Origin, Position } from "../../crdt/position.ts";
import {
  entriesBehind,
  holds,
  mergeVectors,
  sequenceOf,
  type VersionVector,
} from "../../crdt/version-vector.ts";
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

  /** Up to where at least so many peers were heard to hold the entries of an origin, whatever became of them since. */
  heldBy(origin: Origin, peers: number): number {
    if (peers === 0) return Number.POSITIVE_INFINITY;
    const held = Array.from(this.#peers.values(), ({ vector }) => sequenceOf(vector, origin));
    return held.sort((a, b) => b - a)[peers - 1] ?? 0;
  }

  /** Whether each of them was heard to hold a position. */
  holders(position: Position): { server: string; has: boolean }[] {
    return Array.from(this.#peers, ([server, { vector }]) => ({ server, has: holds(vector, position) }));
  }

  /** Of incarnations that are no members any more those that are silent go (MBR2). To be called several times a second. */
  forget(forgotten: { has(incarnation: Origin): boolean }, nowMs: number): void {
    for (const [server, peer] of this.#peers) {
      const isSilent = peer.said === "leaving" || nowMs - peer.heardAtMs > SUSPECT_AFTER_MS;
      if (isSilent && forgotten.has(peer.incarnation)) this.#peers.delete(server);
    }
  }

  /** Those that can be asked. */
  reachable(nowMs: number): ReachablePeer[] {
    return [...this.#peers]
      .filter(([, peer]) => stateOf(peer, nowMs) !== "down")
      .map(([server, { vector, introduction }]) => ({ server, vector, introduction }));
  }

  /**
   * Those whose heartbeats stay out for longer than a suspect's may, also one that said that it leaves, and of `members`
   * those that were never heard since this server began to listen. Cheap: asked with every request.
   */
  unheard(
    nowMs: number,
    { members, sinceMs }: { readonly members: readonly string[]; readonly sinceMs: number },
  ): { server: string; heardMsAgo: number }[] {
    const unheard: { server: string; heardMsAgo: number }[] = [];
    const add = (server: string, heardAtMs: number): void => {
      const heardMsAgo = nowMs - heardAtMs;
      if (heardMsAgo > SUSPECT_AFTER_MS) unheard.push({ server, heardMsAgo });
    };
    for (const [server, { heardAtMs }] of this.#peers) add(server, heardAtMs);
    for (const server of members) if (!this.#peers.has(server)) add(server, sinceMs);
    return unheard;
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
