/**
 * The broker port in memory, for tests: a network of named brokers, each of which can be stopped and started.
 *
 * Frames are copied and delivered in order, in a later microtask; a stopped broker drops what is published,
 * and what was under way to those who hear it. There is no clock: `heardMsAgo` is 0 once subscribed.
 */
import {
  type Broker,
  type BrokerLink,
  type BrokerListener,
  PUBLISH_DROP_REASONS,
  type PublishDropReason,
  type PublishDrops,
} from "./broker.ts";

export interface MemoryBrokerOptions {
  readonly own: string;
  readonly peers: readonly string[];
  readonly channels: readonly string[];
}

export class MemoryBrokerNetwork {
  readonly #brokers = new Set<MemoryBroker>();
  readonly #stopped = new Set<string>();

  broker(options: MemoryBrokerOptions): Broker {
    const broker: MemoryBroker = new MemoryBroker(this, options, () => this.#brokers.delete(broker));
    this.#brokers.add(broker);
    return broker;
  }

  isRunning(url: string): boolean {
    return !this.#stopped.has(url);
  }

  /** The broker goes away, as if its process were killed. */
  stop(url: string): void {
    this.#stopped.add(url);
    for (const broker of this.#brokers) broker.update(url);
  }

  start(url: string): void {
    this.#stopped.delete(url);
    for (const broker of this.#brokers) broker.update(url);
  }

  deliver(url: string, channel: string, frame: Uint8Array): void {
    for (const broker of this.#brokers) broker.deliver(url, channel, frame);
  }
}

class MemoryBroker implements Broker {
  readonly #network: MemoryBrokerNetwork;
  readonly #own: string;
  readonly #channels: ReadonlySet<string>;
  readonly #states: Map<string, BrokerLink["state"]>;
  readonly #drops = Object.fromEntries(PUBLISH_DROP_REASONS.map((reason) => [reason, 0])) as Record<
    PublishDropReason,
    number
  >;
  readonly #leave: () => void;
  #listener: BrokerListener | undefined;

  constructor(network: MemoryBrokerNetwork, options: MemoryBrokerOptions, leave: () => void) {
    this.#network = network;
    this.#own = options.own;
    this.#channels = new Set(options.channels);
    this.#states = new Map([options.own, ...options.peers].map((url) => [url, "connecting"]));
    this.#leave = leave;
  }

  open(listener: BrokerListener): void {
    this.#listener = listener;
    for (const url of this.#states.keys()) this.update(url);
  }

  async publish(channel: string, frame: Uint8Array): Promise<boolean> {
    if (!this.#listener || !this.#network.isRunning(this.#own)) {
      this.#drops.away += 1;
      return false;
    }
    this.#network.deliver(this.#own, channel, frame);
    return true;
  }

  links(): readonly BrokerLink[] {
    return [...this.#states].map(([url, state]) => ({
      url,
      own: url === this.#own,
      state,
      heardMsAgo: state === "subscribed" ? 0 : null,
    }));
  }

  drops(): PublishDrops {
    return { ...this.#drops };
  }

  async close(): Promise<void> {
    this.#listener = undefined;
    this.#leave();
  }

  /** The broker at this address came or went. A subscription takes a moment; a loss shows at once. */
  update(url: string): void {
    if (!this.#listener || !this.#states.has(url)) return;
    if (this.#network.isRunning(url)) queueMicrotask(() => this.#subscribe(url));
    else this.#lose(url);
  }

  deliver(url: string, channel: string, frame: Uint8Array): void {
    if (this.#states.get(url) !== "subscribed" || !this.#channels.has(channel)) return;
    const copy = frame.slice();
    queueMicrotask(() => {
      if (this.#states.get(url) === "subscribed") this.#listener?.frame(copy);
    });
  }

  #subscribe(url: string): void {
    if (!this.#listener || !this.#network.isRunning(url) || this.#states.get(url) === "subscribed") return;
    this.#states.set(url, "subscribed");
    this.#listener.subscribed(url);
  }

  #lose(url: string): void {
    if (this.#states.get(url) === "lost") return;
    this.#states.set(url, "lost");
    this.#listener?.lost(url);
  }
}
