/**
 * Keeps one connection to a broker alive, through everything that may happen to the broker.
 *
 *   connecting --greeted--> up --fault--> down --greeted--> up …
 *   connecting --fault----> down
 *
 * Each attempt is a session: one connection, its timers, and a signal that ends all of it. A session is never
 * mended; at the first fault it is thrown away, and a new one begun after a pause. A fault is an error, an end,
 * a slot that moved, or silence: who has heard nothing for a while asks, and gets an answer in time or ends the
 * session. A frozen broker, or a connection cut on the way, shows itself in no other manner.
 *
 * Invariants: at most one session lives; what comes from an older one is ignored; it is `up` only after the
 * greeting was answered; a change is told once, not once an attempt, and none after that to a closed `down`.
 */
import type { Redis } from "ioredis";
import type { BrokerAddress } from "./broker-url.ts";
import { startDeadline } from "./deadline.ts";
import { brokerFault, dialRedis } from "./redis-dial.ts";

export interface BrokerLog {
  warn(fields: Readonly<Record<string, unknown>>, text: string): void;
}

export type ConnectionState = "connecting" | "up" | "down";

export interface RedisConnectionOptions {
  readonly address: BrokerAddress;
  /** Decides the node of a cluster. */
  readonly channel: string;
  /** What the connection is for, in the log and in `CLIENT LIST`. */
  readonly purpose: "publisher" | "subscriber";
  readonly silenceMs: number;
  readonly answerMs: number;
  readonly log: BrokerLog;
  /** Makes a fresh connection usable; it is up when this has resolved. */
  greet(redis: Redis): Promise<unknown>;
  /** The state is another one: `up` or `down`. Closing ends in `down`. */
  changed(): void;
}

/**
 * An attempt and the longest pause behind it bound for how long a broker that is back, or a network that has healed,
 * is not noticed: servers are to agree two seconds later.
 */
const ATTEMPT_MS = 2_000;
const PAUSE_MIN_MS = 100;
const PAUSE_MAX_MS = 1_000;

interface Session {
  readonly ending: AbortController;
  redis?: Redis;
  stopTimer: () => void;
}

export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  readonly #unfinished = new Set<Redis>();
  #state: ConnectionState = "connecting";
  #session: Session | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  #attempts = 0;
  #failures = 0;
  #upAt = 0;
  #heardAt: number | null = null;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get heardMsAgo(): number | null {
    return this.#heardAt === null ? null : Math.round(performance.now() - this.#heardAt);
  }

  /** The connection, while it is up. */
  get redis(): Redis | undefined {
    return this.#state === "up" ? this.#session?.redis : undefined;
  }

  open(): void {
    if (this.#closed || this.#session) return;
    const session: Session = {
      ending: new AbortController(),
      stopTimer: startDeadline(ATTEMPT_MS, () => this.#end(session, "no answer")),
    };
    this.#session = session;
    this.#attempt(session).catch((error: unknown) => this.#end(session, brokerFault(error)));
  }

  /** False for the connection of a session that was thrown away, from which something may still come. */
  isCurrent(redis: Redis): boolean {
    return this.#session?.redis === redis;
  }

  /** The broker showed that it lives. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  /** Ends the session, which the user of the connection found to be of no use. */
  fail(reason: string): void {
    if (this.#session) this.#end(this.#session, reason);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.fail("closed");
    await Promise.all(
      [...this.#unfinished].map((redis) => new Promise<void>((end) => redis.once("end", end))),
    );
  }

  async #attempt(session: Session): Promise<void> {
    const { address, channel, purpose, greet } = this.#options;
    const redis = await dialRedis({
      address,
      channel,
      startAt: this.#attempts++,
      connectionName: `rollcall-${purpose}`,
      connectTimeoutMs: ATTEMPT_MS,
      signal: session.ending.signal,
      unfinished: this.#unfinished,
    });
    session.redis = redis;
    redis.once("close", () => this.#end(session, "closed"));
    redis.once("moved", () => this.#end(session, "moved"));
    await greet(redis);
    this.#begin(session);
  }

  #begin(session: Session): void {
    if (this.#session !== session) return;
    session.stopTimer();
    const wasDown = this.#state === "down";
    this.#state = "up";
    this.#upAt = performance.now();
    this.heard();
    this.#awaitSilence(session);
    if (wasDown) this.#log("broker is back");
    this.#options.changed();
  }

  #end(session: Session, reason: string): void {
    if (this.#session !== session) return;
    session.stopTimer();
    session.ending.abort();
    this.#session = undefined;
    const wasState = this.#state;
    this.#state = "down";
    if (wasState === "up" && performance.now() - this.#upAt >= PAUSE_MAX_MS) this.#failures = 0;
    if (!this.#closed) {
      this.#retry = setTimeout(() => this.open(), pauseMs(this.#failures++));
      if (wasState !== "down") this.#log("broker is away", reason);
    }
    if (wasState !== "down") this.#options.changed();
  }

  #awaitSilence(session: Session): void {
    const leftMs = this.#options.silenceMs - (performance.now() - (this.#heardAt ?? 0));
    session.stopTimer = startDeadline(Math.max(leftMs, 0), () => {
      const silent = (this.heardMsAgo ?? 0) >= this.#options.silenceMs;
      if (silent) this.#askIfAlive(session);
      else this.#awaitSilence(session);
    });
  }

  /** A frame is as good an answer as the one to PING, which may stand behind many frames. */
  #askIfAlive(session: Session): void {
    const { answerMs } = this.#options;
    session.stopTimer = startDeadline(answerMs, () => {
      if ((this.heardMsAgo ?? 0) > answerMs) this.#end(session, "silent");
      else this.#awaitSilence(session);
    });
    const answered = () => {
      if (this.#session !== session) return;
      session.stopTimer();
      this.heard();
      this.#awaitSilence(session);
    };
    session.redis?.ping().then(answered, (error: unknown) => this.#end(session, brokerFault(error)));
  }

  #log(text: string, reason?: string): void {
    const { address, purpose, log } = this.#options;
    log.warn({ broker: address.shown, purpose, ...(reason !== undefined && { reason }) }, text);
  }
}

/** Doubling, and half of it random: servers that lost one broker do not come back to it in step. */
function pauseMs(failures: number): number {
  const fullMs = Math.min(PAUSE_MIN_MS * 2 ** failures, PAUSE_MAX_MS);
  return fullMs * (0.5 + Math.random() / 2);
}
