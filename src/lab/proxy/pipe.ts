/**
 * One direction of one connection: what is read from a socket is written to another, when its toxics let it.
 *
 * Invariants: bytes keep their order, whatever the toxics; no more than `WAITING_BYTES_MAX` wait, then the sender
 * is no longer read, as a network would do it. Toxics are asked for at every step, so a change is felt at once by
 * what comes next; what already waits keeps its time.
 */
import type { Socket } from "node:net";
import { type Toxic, toxicOf } from "./toxic.ts";

export interface PipeOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly toxics: () => readonly Toxic[];
  /** From 0 to 1. */
  readonly random: () => number;
  /** As many bytes have passed as a toxic allows. */
  readonly onLimit: () => void;
}

interface Waiting {
  /** Empty: the end of the stream. */
  readonly bytes: Buffer;
  readonly dueMs: number;
}

const WAITING_BYTES_MAX = 1024 * 1024;

export class Pipe {
  readonly #options: PipeOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #lastDueMs = 0;
  #passedBytes = 0;
  #blocked = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PipeOptions) {
    this.#options = options;
    const { from, to } = options;
    from.on("data", (bytes: Buffer) => this.#take(bytes));
    from.on("end", () => this.#takeEnd());
    to.on("drain", () => {
      this.#blocked = false;
      this.pass();
    });
  }

  /** Writes what is due; to be called when toxics were taken away, too. */
  pass(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const { toxics, to, from } = this.#options;
    while (!this.#blocked && !toxicOf(toxics(), "timeout")) {
      const [next] = this.#waiting;
      if (!next) break;
      const leftMs = next.dueMs - performance.now();
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.pass(), leftMs);
        break;
      }
      this.#waiting.shift();
      this.#waitingBytes -= next.bytes.length;
      this.#write(next.bytes, to);
    }
    if (this.#waitingBytes < WAITING_BYTES_MAX) from.resume();
  }

  /** For good. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped = true;
    this.#waiting = [];
  }

  #take(bytes: Buffer): void {
    const toxics = this.#options.toxics();
    const latency = toxicOf(toxics, "latency");
    const bandwidth = toxicOf(toxics, "bandwidth");
    const jitterMs = (latency?.jitterMs ?? 0) * (2 * this.#options.random() - 1);
    const arrivesMs = performance.now() + Math.max(0, (latency?.latencyMs ?? 0) + jitterMs);
    const takesMs = bandwidth ? (bytes.length / bandwidth.bytesPerSecond) * 1_000 : 0;
    this.#wait(bytes, Math.max(arrivesMs, this.#lastDueMs) + takesMs);
  }

  #takeEnd(): void {
    const delayMs = toxicOf(this.#options.toxics(), "slow_close")?.delayMs ?? 0;
    this.#wait(Buffer.alloc(0), Math.max(performance.now(), this.#lastDueMs) + delayMs);
  }

  #wait(bytes: Buffer, dueMs: number): void {
    if (this.#stopped) return;
    this.#lastDueMs = dueMs;
    this.#waiting.push({ bytes, dueMs });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= WAITING_BYTES_MAX) this.#options.from.pause();
    this.pass();
  }

  #write(bytes: Buffer, to: Socket): void {
    if (bytes.length === 0) {
      to.end();
      return;
    }
    const limit = toxicOf(this.#options.toxics(), "limit_data");
    const passing = limit ? bytes.subarray(0, Math.max(0, limit.bytes - this.#passedBytes)) : bytes;
    this.#passedBytes += passing.length;
    if (passing.length > 0) this.#blocked = !to.write(passing);
    if (limit && this.#passedBytes >= limit.bytes) this.#options.onLimit();
  }
}
