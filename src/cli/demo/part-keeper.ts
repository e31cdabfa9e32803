/**
 * Keeps the parts of a demo running: what dies is told of and started again, on its port and data.
 *
 * - A start that fails is told of and tried again.
 * - Of a server it is said that it has everything it missed once that is so, and until then how much is missing.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { ProcessEnd } from "./local-process.ts";
import type { LocalServer } from "./local-server.ts";
import { type AskVector, missingIn, union } from "./missed-entries.ts";

export interface Part {
  readonly ended: Promise<ProcessEnd>;
  start(): Promise<void>;
}

export interface PartKeeperOptions {
  readonly say: (text: string) => void;
  /** From then on what ends is meant to end. */
  readonly stopping: () => boolean;
  readonly askVector: AskVector;
  /** Between looks at what a server still misses, and after a start that failed. */
  readonly againAfterMs?: number;
}

export interface KeptPart {
  readonly part: Part;
  readonly name: string;
  /** What its end means to the reader. */
  readonly meanwhile: string;
  readonly restartAfterMs: number;
  /** Told when it runs again. */
  readonly back: () => Promise<void>;
}

const AGAIN_AFTER_MS = 2_000;

export class PartKeeper {
  readonly #options: PartKeeperOptions;
  readonly #againAfterMs: number;

  constructor(options: PartKeeperOptions) {
    this.#options = options;
    this.#againAfterMs = options.againAfterMs ?? AGAIN_AFTER_MS;
  }

  /** Until the demo stops. */
  async keep({ part, name, meanwhile, restartAfterMs, back }: KeptPart): Promise<void> {
    const { say, stopping } = this.#options;
    for (;;) {
      const { signal, code } = await part.ended;
      if (stopping()) return;
      say(`${name} ended (${signal ?? `exit code ${code}`}). ${meanwhile}`);
      await pause(restartAfterMs);
      while (!stopping() && !(await this.#started(part, name))) await pause(this.#againAfterMs);
      if (stopping()) return;
      await back();
    }
  }

  /** Says that it is back, and when it has everything that the others hold now. */
  async tellBack(server: LocalServer, others: readonly LocalServer[]): Promise<void> {
    const { say, stopping, askVector } = this.#options;
    const { name, pid, url } = server;
    const back = `${name} is back as process ${pid}`;
    const vectors = await Promise.all(others.filter((other) => other.isRunning()).map(askVector));
    const known = vectors.filter((vector) => vector !== undefined);
    if (known.length === 0)
      return say(`${back}, and no other server answers that it could hear from: ${url}`);
    const wanted = union(known);
    for (let told: number | undefined; !stopping() && server.isRunning(); ) {
      const held = await askVector(server);
      const missing = held && missingIn(held, wanted);
      if (missing === 0) return say(`${back}, with everything it missed: ${url}`);
      if (missing !== undefined && missing !== told) {
        say(`${back}; entries that others hold and it has yet to get: ${missing}`);
        told = missing;
      }
      await pause(this.#againAfterMs);
    }
  }

  async #started(part: Part, name: string): Promise<boolean> {
    try {
      await part.start();
      return true;
    } catch (error) {
      if (!this.#options.stopping()) {
        const why = error instanceof Error ? error.message : String(error);
        this.#options.say(`${name} does not start, and is tried again: ${why}`);
      }
      return false;
    }
  }
}
