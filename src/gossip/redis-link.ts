/**
 * Hears one broker: a connection that subscribes, and tells the listener.
 *
 * Invariants: `subscribed` is told when every channel was acknowledged, not when the connection is ready, since
 * what is published in between is not heard; the link to the own broker counts as subscribed only while frames
 * can be published there, too, so that who is told can answer; every frame that comes over the current
 * connection is passed on, and none after `close`.
 */
import type { Redis } from "ioredis";
import type { BrokerLink, BrokerListener } from "./broker.ts";
import type { BrokerAddress } from "./broker-url.ts";
import { type BrokerLog, type ConnectionState, RedisConnection } from "./redis-connection.ts";

export interface RedisLinkOptions {
  readonly address: BrokerAddress;
  /** Of the own broker: what publishes there. Its owner calls `update` when its state changes. */
  readonly publisher: { readonly state: ConnectionState } | null;
  readonly channels: readonly string[];
  readonly silenceMs: number;
  readonly answerMs: number;
  readonly log: BrokerLog;
}

export class RedisLink {
  readonly #options: RedisLinkOptions;
  readonly #connection: RedisConnection;
  #listener: BrokerListener | undefined;
  #state: BrokerLink["state"] = "connecting";

  constructor(options: RedisLinkOptions) {
    const { address, channels, silenceMs, answerMs, log } = options;
    this.#options = options;
    this.#connection = new RedisConnection({
      address,
      channel: channels[0] ?? "",
      purpose: "subscriber",
      silenceMs,
      answerMs,
      log,
      greet: (redis) => this.#subscribe(redis),
      changed: () => this.update(),
    });
  }

  open(listener: BrokerListener): void {
    this.#listener = listener;
    this.#connection.open();
  }

  view(): BrokerLink {
    const { address, publisher } = this.#options;
    const { heardMsAgo } = this.#connection;
    return { url: address.shown, own: publisher !== null, state: this.#state, heardMsAgo };
  }

  /** Tells the listener what became of the link. */
  update(): void {
    const { address, publisher } = this.#options;
    const state = stateOf([this.#connection.state, publisher?.state ?? "up"]);
    // Half of a lost link that comes back leaves it lost.
    if (state === this.#state || state === "connecting") return;
    this.#state = state;
    if (state === "subscribed") this.#listener?.subscribed(address.shown);
    else this.#listener?.lost(address.shown);
  }

  async close(): Promise<void> {
    this.#listener = undefined;
    await this.#connection.close();
  }

  async #subscribe(redis: Redis): Promise<void> {
    const { address, channels } = this.#options;
    redis.on(address.cluster ? "smessageBuffer" : "messageBuffer", (_channel: Buffer, frame: Buffer) => {
      if (!this.#connection.isCurrent(redis)) return;
      this.#connection.heard();
      this.#listener?.frame(frame);
    });
    await (address.cluster ? redis.ssubscribe(...channels) : redis.subscribe(...channels));
  }
}

function stateOf(connections: readonly ConnectionState[]): BrokerLink["state"] {
  if (connections.includes("down")) return "lost";
  return connections.includes("connecting") ? "connecting" : "subscribed";
}
