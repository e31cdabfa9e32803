/**
 * Whoever is refused too often is locked out, for longer each time.
 *
 * A key may be refused `refusalsMax` times within a quarter of an hour; then it is locked for a minute, and when that
 * happens again, for two, four, eight, at most fifteen. What is not locked for a quarter of an hour begins anew.
 */
import { LRUCache } from "lru-cache";

export interface LockoutOptions {
  readonly refusalsMax: number;
  /** A clock that is never set back. */
  readonly monotonicMs: () => number;
}

interface Refused {
  readonly refusals: number;
  readonly locks: number;
  readonly lockedUntilMs: number;
  /** When nothing of it counts any more. */
  readonly forgottenAtMs: number;
}

const MINUTE_MS = 60_000;
const FIRST_LOCK_MS = MINUTE_MS;
const LOCK_MS_MAX = 15 * MINUTE_MS;
const REMEMBERED_MS = 15 * MINUTE_MS;
/** Some 200 bytes each; beyond it the one that was refused longest ago is forgotten. */
const KEYS_MAX = 20_000;

export class Lockout {
  readonly #options: LockoutOptions;
  readonly #refused = new LRUCache<string, Refused>({ max: KEYS_MAX });

  constructor(options: LockoutOptions) {
    this.#options = options;
  }

  /** Milliseconds; 0: it is not locked. */
  lockedForMs(key: string): number {
    const { lockedUntilMs = 0 } = this.#refused.peek(key) ?? {};
    return Math.max(0, lockedUntilMs - this.#options.monotonicMs());
  }

  /** Those that were under way together when it was locked do not lock it for longer. */
  refuse(key: string): void {
    if (this.lockedForMs(key) > 0) return;
    const { refusalsMax, monotonicMs } = this.#options;
    const nowMs = monotonicMs();
    const known = this.#refused.get(key);
    const { refusals, locks, forgottenAtMs } =
      known && known.forgottenAtMs > nowMs
        ? known
        : { refusals: 0, locks: 0, forgottenAtMs: nowMs + REMEMBERED_MS };
    if (refusals + 1 < refusalsMax) {
      this.#refused.set(key, { refusals: refusals + 1, locks, lockedUntilMs: 0, forgottenAtMs });
      return;
    }
    const lockedUntilMs = nowMs + Math.min(FIRST_LOCK_MS * 2 ** locks, LOCK_MS_MAX);
    const forgetting = { lockedUntilMs, forgottenAtMs: lockedUntilMs + REMEMBERED_MS };
    this.#refused.set(key, { refusals: 0, locks: locks + 1, ...forgetting });
  }

  forget(key: string): void {
    this.#refused.delete(key);
  }
}
