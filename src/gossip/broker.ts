/**
 * The port to publish/subscribe: what carries frames between servers, and loses some.
 *
 * A server publishes on its own broker and hears its own and every peer's; one broker named by all is the
 * special case where the addresses are equal. Nothing may rely on a frame arriving: publishing never queues,
 * and what is lost is found again by comparing version vectors. Order holds within one link, not between
 * two. A frame may come more than once when several addresses lead to one broker.
 *
 * Implementations: Redis and Redis Cluster (`redis-broker.ts`), memory (`memory-broker.ts`). All pass
 * `test/contract/broker-contract.ts`, whose titles carry the rule ids given here.
 */

/** A connection that hears one broker. */
export interface BrokerLink {
  /** The broker's address without credentials. */
  readonly url: string;
  /** Whether this server publishes there. */
  readonly own: boolean;
  /**
   * `connecting` until the first attempt has ended; `subscribed` only between acknowledgement and loss, and at
   * the own broker only while publishing works, too.
   */
  readonly state: "connecting" | "subscribed" | "lost";
  /** Milliseconds since the broker last showed that it lives; null before it ever did. */
  readonly heardMsAgo: number | null;
}

/** What a broker tells its server. The functions must not throw, and are not called after `close`. */
export interface BrokerListener {
  frame(bytes: Uint8Array): void;
  /** Every channel was acknowledged, for the first time or again: version vectors must be exchanged. */
  subscribed(url: string): void;
  /** The link does not hear its broker, or no longer. Once a loss, not once an attempt to come back. */
  lost(url: string): void;
}

export const PUBLISH_DROP_REASONS = ["away", "overflow", "timeout", "refused"] as const;

/**
 * Why a frame was not published: the broker was away or went; too much waited for its answer; it did not
 * answer in time; it answered with an error.
 */
export type PublishDropReason = (typeof PUBLISH_DROP_REASONS)[number];

export type PublishDrops = Readonly<Record<PublishDropReason, number>>;

export interface Broker {
  /** BRK1: starts the connections and subscriptions; comes back at once and never fails because a broker is away. */
  open(listener: BrokerListener): void;
  /**
   * BRK2: publishes on this server's own broker. True when the broker took the frame; false when it is not
   * known to have taken it, within the time-out. Never queues for a broker that is away, never rejects.
   */
  publish(channel: string, frame: Uint8Array): Promise<boolean>;
  /** BRK3: one link for each broker, the own one first. */
  links(): readonly BrokerLink[];
  /** Frames not published so far, by reason. */
  drops(): PublishDrops;
  /** BRK4: ends all connections; nothing is delivered afterwards. May be called twice. */
  close(): Promise<void>;
}
