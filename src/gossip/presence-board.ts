/**
 * Which players are present, in which match and where (PRS1): a sign of presence lives for its lease and is never
 * stored. Pure: it is given the time, monotonic milliseconds.
 *
 * A sign replaces an older one of the same player, never a newer one. It is remembered for twice its lease, so that
 * it can be told for how long a player has been silent; after that, and for a player who was never heard, it is as
 * long as this server has been listening.
 *
 * Invariant: signs stand in the order in which they came, the oldest first. So forgetting begins at the front and
 * ends at the first that stays, whether by age or for want of room.
 */
import { invariant } from "../../crdt/errors.ts";
import type { DocumentId } from "../../crdt/ids.ts";

/** So long a sign of presence holds. */
export const PRESENCE_LEASE_MS = 30_000;

/** Of the address of a match, in UTF-16 code units. */
export const PRESENCE_ADDRESS_LENGTH_MAX = 512;

const REMEMBERED_MS = 2 * PRESENCE_LEASE_MS;

/** Players at once; beyond, the oldest signs go. A tenth of a gigabyte with the longest addresses. */
const SIGNS_MAX = 100_000;

export interface Presence {
  readonly playerId: DocumentId;
  /** The match that the player is in. */
  readonly matchId: DocumentId | null;
  /** Where the player's game can be reached, as it says; not empty. */
  readonly address: string | null;
}

/** A presence on its way to other servers. */
export interface PresenceSign extends Presence {
  /** What is left of its lease, milliseconds. */
  readonly leftMs: number;
}

interface Kept {
  readonly presence: Presence;
  readonly untilMs: number;
  readonly cameAtMs: number;
}

export class PresenceBoard {
  readonly #signs = new Map<DocumentId, Kept>();
  readonly #signsMax: number;
  #listeningSinceMs: number | undefined;

  constructor(signsMax = SIGNS_MAX) {
    this.#signsMax = signsMax;
  }

  /** From now on peers can be heard. */
  listen(nowMs: number): void {
    this.#listeningSinceMs = nowMs;
  }

  /** A player gave a sign to this server. */
  put(presence: Presence, nowMs: number): void {
    const length = presence.address?.length ?? 1;
    invariant(
      length > 0 && length <= PRESENCE_ADDRESS_LENGTH_MAX,
      "an address of a presence fits its message",
    );
    this.#keep(presence, nowMs + PRESENCE_LEASE_MS, nowMs);
  }

  /** Players gave signs to a peer. */
  heard(signs: readonly PresenceSign[], nowMs: number): void {
    for (const { leftMs, ...presence } of signs) {
      this.#keep(presence, nowMs + Math.min(leftMs, PRESENCE_LEASE_MS), nowMs);
    }
  }

  /** Undefined once the lease has passed. */
  of(playerId: DocumentId, nowMs: number): Presence | undefined {
    const kept = this.#signs.get(playerId);
    return kept && kept.untilMs > nowMs ? kept.presence : undefined;
  }

  /** The players who are present. */
  hosts(nowMs: number): DocumentId[] {
    return [...this.#signs].filter(([, { untilMs }]) => untilMs > nowMs).map(([playerId]) => playerId);
  }

  /** How long ago the player's last sign was; as far as this server can tell, and 0 before it listens. */
  silentForMs(playerId: DocumentId, nowMs: number): number {
    const kept = this.#signs.get(playerId);
    const lastSignMs = kept ? kept.untilMs - PRESENCE_LEASE_MS : (this.#listeningSinceMs ?? nowMs);
    return nowMs - lastSignMs;
  }

  /** Signs that are remembered, also of players who have gone silent. */
  count(): number {
    return this.#signs.size;
  }

  /** Forgets those who have been silent for long. To be called now and then; costs what it forgets. */
  sweep(nowMs: number): void {
    for (const [playerId, { cameAtMs }] of this.#signs) {
      if (nowMs - cameAtMs <= REMEMBERED_MS) return;
      this.#signs.delete(playerId);
    }
  }

  #keep(presence: Presence, untilMs: number, nowMs: number): void {
    const { playerId } = presence;
    const known = this.#signs.get(playerId);
    if (known && known.untilMs > untilMs) return;
    this.#signs.delete(playerId); // to stand last
    this.#signs.set(playerId, { presence, untilMs, cameAtMs: nowMs });
    const [oldest] = this.#signs.size > this.#signsMax ? this.#signs.keys() : [];
    if (oldest !== undefined) this.#signs.delete(oldest);
  }
}
