/**
 * Requests a minute, by address and by player. Counted in memory: each server alone, so that it works in a split too.
 *
 * Each client's minute begins with its first request. The headers are those of draft-ietf-httpapi-ratelimit-headers-08:
 * `RateLimit-Policy` and `RateLimit`, and `Retry-After` once a limit is passed.
 */
import { hash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { LRUCache } from "lru-cache";
import type { DocumentId } from "../../crdt/ids.ts";
import { type Counted, RateLimitedError } from "./errors.ts";

const WINDOW_MS = 60_000;
/** Clients counted at a time, some 300 bytes each; beyond it the one that was silent longest is forgotten. */
const CLIENTS_MAX = 20_000;
/** As many hexadecimal digits of a hash tell clients apart in the headers. */
const PARTITION_LENGTH = 12;

interface Window {
  readonly endsAtMs: number;
  /** Names the client without saying who it is. */
  readonly partition: string;
  requests: number;
}

export interface RateLimitsOptions {
  readonly perMinute: number;
  /** A clock that is never set back. */
  readonly monotonicMs: () => number;
}

export class RateLimits {
  readonly #options: RateLimitsOptions;
  readonly #byAddress = new LRUCache<string, Window>({ max: CLIENTS_MAX });
  readonly #byPlayer = new LRUCache<string, Window>({ max: CLIENTS_MAX });

  constructor(options: RateLimitsOptions) {
    this.#options = options;
  }

  /** @throws RateLimitedError */
  passAddress(address: string, response: ServerResponse): void {
    this.#pass("address", this.#byAddress, address, response);
  }

  /** One player from many addresses. @throws RateLimitedError */
  passPlayer(id: DocumentId, response: ServerResponse): void {
    this.#pass("player", this.#byPlayer, id, response);
  }

  #pass(counted: Counted, windows: LRUCache<string, Window>, key: string, response: ServerResponse): void {
    const { perMinute, monotonicMs } = this.#options;
    const nowMs = monotonicMs();
    let window = windows.get(key);
    if (!window || window.endsAtMs <= nowMs) {
      window = { endsAtMs: nowMs + WINDOW_MS, partition: partitionOf(key), requests: 0 };
      windows.set(key, window);
    }
    window.requests++;
    const left = Math.max(0, perMinute - window.requests);
    const secondsLeft = Math.ceil((window.endsAtMs - nowMs) / 1_000);
    const policy = `q=${perMinute}; w=${WINDOW_MS / 1_000}; pk=:${window.partition}:`;
    response.appendHeader("RateLimit-Policy", `"${counted}"; ${policy}`);
    response.appendHeader("RateLimit", `"${counted}"; r=${left}; t=${secondsLeft}`);
    if (window.requests > perMinute) throw new RateLimitedError(counted, perMinute, secondsLeft);
  }
}

function partitionOf(key: string): string {
  const digits = hash("sha256", key, "hex").slice(0, PARTITION_LENGTH);
  return Buffer.from(digits).toString("base64");
}
