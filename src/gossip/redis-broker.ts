/**
 * The broker port on Redis and Redis Cluster: one connection that publishes on the own broker, and one that
 * subscribes at each broker, the own one too.
 *
 * A cluster is spoken to with sharded channels (SSUBSCRIBE, SPUBLISH), so that a frame does not visit all its
 * nodes. Hence all channels of a server, and those it publishes on, carry one hash tag: `rollcall:{realm}:…`.
 *
 * Invariant: brokers are told apart by their normalised address; one that is named twice is heard once.
 */
import { invariant } from "../../crdt/errors.ts";
import type { Broker, BrokerLink, BrokerListener, PublishDrops } from "./broker.ts";
import { parseBrokerUrl } from "./broker-url.ts";
import type { BrokerLog } from "./redis-connection.ts";
import { RedisLink } from "./redis-link.ts";
import { RedisPublisher } from "./redis-publisher.ts";

/** Three heartbeats: who hears not even itself for so long has a connection that may be dead. */
const SILENCE_MS = 3_000;
const ANSWER_MS = 2_000;

/** One heartbeat. A broker near by answers in a millisecond, but a machine may be busy for a good part of a second. */
const PUBLISH_TIMEOUT_MS = 1_000;

/** Without an answer: a second of heavy traffic, and never more memory than this. */
const PUBLISHES_MAX = 1_000;
const PUBLISH_BYTES_MAX = 32 * 1024 * 1024;

export interface RedisBrokerOptions {
  /** The address of this server's own broker: where it publishes. */
  readonly own: string;
  /** The addresses of the peers' brokers; the own one may be among them. */
  readonly peers: readonly string[];
  /** What to subscribe to, at every broker. At least one; all with one hash tag. */
  readonly channels: readonly string[];
  readonly log: BrokerLog;
  /** A broker that was not heard for so long is asked whether it lives. */
  readonly silenceMs?: number;
  /** How long it has to answer. */
  readonly answerMs?: number;
  readonly publishTimeoutMs?: number;
  /** How many frames may wait for the broker's answer. */
  readonly publishesMax?: number;
  readonly publishBytesMax?: number;
}

export class RedisBroker implements Broker {
  readonly #publisher: RedisPublisher;
  readonly #links: readonly RedisLink[];

  /** @throws BrokerUrlError when an address is none. */
  constructor(options: RedisBrokerOptions) {
    const { channels, log, silenceMs = SILENCE_MS, answerMs = ANSWER_MS } = options;
    const [channel] = channels;
    invariant(channel !== undefined, "a broker needs a channel to subscribe to");
    const own = parseBrokerUrl(options.own);
    const publisher = new RedisPublisher({
      address: own,
      channel,
      publishTimeoutMs: options.publishTimeoutMs ?? PUBLISH_TIMEOUT_MS,
      publishesMax: options.publishesMax ?? PUBLISHES_MAX,
      publishBytesMax: options.publishBytesMax ?? PUBLISH_BYTES_MAX,
      silenceMs,
      answerMs,
      log,
      changed: () => this.#links[0]?.update(),
    });
    this.#publisher = publisher;
    const addresses = new Map([[own.shown, own]]);
    for (const address of options.peers.map(parseBrokerUrl)) {
      if (!addresses.has(address.shown)) addresses.set(address.shown, address);
    }
    this.#links = [...addresses.values()].map((address) => {
      const shared = { address, channels, silenceMs, answerMs, log };
      return new RedisLink({ ...shared, publisher: address === own ? publisher : null });
    });
  }

  open(listener: BrokerListener): void {
    this.#publisher.open();
    for (const link of this.#links) link.open(listener);
  }

  publish(channel: string, frame: Uint8Array): Promise<boolean> {
    return this.#publisher.publish(channel, frame);
  }

  links(): readonly BrokerLink[] {
    return this.#links.map((link) => link.view());
  }

  drops(): PublishDrops {
    return this.#publisher.drops();
  }

  async close(): Promise<void> {
    // The links first: they no longer tell that the publisher ends.
    await Promise.all([...this.#links.map((link) => link.close()), this.#publisher.close()]);
  }
}
