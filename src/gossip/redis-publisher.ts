/**
 * Publishes on one broker, now or not at all.
 *
 * Invariants: a frame is handed to a connection that is up, or dropped; never kept for later. Every publish is
 * settled within the time-out and a little. What waits for the broker's answer is bounded in number and bytes.
 * Redis answers in order, so when the oldest is overdue the connection is of no use and ended: all that waits
 * is dropped with it, and what a frozen broker has not read yet is not added to. (What it did read it may
 * still deliver when it wakes, though `false` was answered.)
 */
import type { Redis } from "ioredis";
import { PUBLISH_DROP_REASONS, type PublishDropReason, type PublishDrops } from "./broker.ts";
import type { BrokerAddress } from "./broker-url.ts";
import { startDeadline } from "./deadline.ts";
import { type BrokerLog, type ConnectionState, RedisConnection } from "./redis-connection.ts";
import { brokerFault, isRefusal } from "./redis-dial.ts";

export interface RedisPublisherOptions {
  readonly address: BrokerAddress;
  /** Decides the node of a cluster. */
  readonly channel: string;
  readonly silenceMs: number;
  readonly answerMs: number;
  readonly publishTimeoutMs: number;
  readonly publishesMax: number;
  readonly publishBytesMax: number;
  readonly log: BrokerLog;
  /** The state is another one. */
  changed(): void;
}

interface Waiting {
  readonly sentAt: number;
  readonly bytes: number;
  resolve(taken: boolean): void;
}

export class RedisPublisher {
  readonly #options: RedisPublisherOptions;
  readonly #connection: RedisConnection;
  readonly #drops = Object.fromEntries(PUBLISH_DROP_REASONS.map((reason) => [reason, 0])) as Record<
    PublishDropReason,
    number
  >;
  /** The oldest first. */
  readonly #waiting = new Set<Waiting>();
  #waitingBytes = 0;
  #overdue = false;
  #stopWatch: (() => void) | undefined;

  constructor(options: RedisPublisherOptions) {
    this.#options = options;
    this.#connection = new RedisConnection({
      address: options.address,
      channel: options.channel,
      purpose: "publisher",
      silenceMs: options.silenceMs,
      answerMs: options.answerMs,
      log: options.log,
      greet: (redis) => redis.ping(),
      changed: () => {
        if (this.state === "down") this.#dropAll(this.#overdue ? "timeout" : "away");
        options.changed();
      },
    });
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  open(): void {
    this.#connection.open();
  }

  publish(channel: string, frame: Uint8Array): Promise<boolean> {
    const { redis } = this.#connection;
    if (!redis) return this.#drop("away");
    const full =
      this.#waiting.size >= this.#options.publishesMax ||
      this.#waitingBytes + frame.length > this.#options.publishBytesMax;
    if (full) return this.#drop("overflow");
    return new Promise((resolve) => {
      const waiting: Waiting = { sentAt: performance.now(), bytes: frame.length, resolve };
      this.#waiting.add(waiting);
      this.#waitingBytes += waiting.bytes;
      this.#stopWatch ??= this.#watchOldest(this.#options.publishTimeoutMs);
      this.#send(redis, channel, frame).then(
        () => this.#taken(waiting),
        (error: unknown) => this.#refused(waiting, error),
      );
    });
  }

  drops(): PublishDrops {
    return { ...this.#drops };
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #send(redis: Redis, channel: string, frame: Uint8Array): Promise<unknown> {
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
    return this.#options.address.cluster ? redis.spublish(channel, bytes) : redis.publish(channel, bytes);
  }

  #taken(waiting: Waiting): void {
    if (this.#settle(waiting, true)) this.#connection.heard();
  }

  #refused(waiting: Waiting, error: unknown): void {
    if (!this.#settle(waiting, false)) return;
    this.#drops[isRefusal(error) ? "refused" : "away"] += 1;
    if (brokerFault(error) === "MOVED") this.#connection.fail("moved");
  }

  /** False when it was settled before. */
  #settle(waiting: Waiting, taken: boolean): boolean {
    if (!this.#waiting.delete(waiting)) return false;
    this.#waitingBytes -= waiting.bytes;
    waiting.resolve(taken);
    return true;
  }

  #drop(reason: PublishDropReason): Promise<boolean> {
    this.#drops[reason] += 1;
    return Promise.resolve(false);
  }

  #dropAll(reason: PublishDropReason): void {
    this.#stopWatch?.();
    this.#stopWatch = undefined;
    for (const waiting of this.#waiting) {
      if (this.#settle(waiting, false)) this.#drops[reason] += 1;
    }
  }

  /** One timer for all, which sleeps when nothing waits. */
  #watchOldest(delayMs: number): () => void {
    return startDeadline(delayMs, () => {
      this.#stopWatch = undefined;
      const [oldest] = this.#waiting;
      if (!oldest) return;
      const leftMs = oldest.sentAt + this.#options.publishTimeoutMs - performance.now();
      if (leftMs > 0) {
        this.#stopWatch = this.#watchOldest(leftMs);
        return;
      }
      this.#overdue = true;
      this.#connection.fail("no answer");
      this.#overdue = false;
    });
  }
}
