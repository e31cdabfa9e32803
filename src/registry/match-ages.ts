/**
 * For how long this server has held a match, by its own monotonic clock: what a match says of its creation is by
 * the clock of the server that created it, and nothing here is measured by another's clock (MAT4, CLK2).
 *
 * Kept is what came in the last `keptMs`. What is not kept is held since this server began or, if there was no room
 * for it, since the last that went for want of room: an age is never told greater than it is.
 *
 * Invariant: matches stand in the order in which they came, the oldest first.
 */
import type { DocumentId } from "../../crdt/ids.ts";

export interface MatchAgesOptions {
  readonly monotonicMs: () => number;
  readonly keptMs: number;
  readonly matchesMax?: number | undefined;
}

/** Those of a minute at more than a thousand a second; some ten megabytes. */
const MATCHES_MAX = 100_000;

export class MatchAges {
  readonly #options: MatchAgesOptions;
  readonly #heldSinceMs = new Map<DocumentId, number>();
  #othersSinceMs: number | undefined;

  constructor(options: MatchAgesOptions) {
    this.#options = options;
  }

  /** From now on matches are held. */
  begin(): void {
    this.#othersSinceMs = this.#options.monotonicMs();
  }

  /** A match is about to be stored for the first time: nobody is to find it there before its age is known. */
  note(id: DocumentId): void {
    const { monotonicMs, keptMs, matchesMax = MATCHES_MAX } = this.#options;
    const nowMs = monotonicMs();
    this.#heldSinceMs.delete(id); // to stand last
    this.#heldSinceMs.set(id, nowMs);
    for (const [oldest, sinceMs] of this.#heldSinceMs) {
      const isOld = nowMs - sinceMs > keptMs;
      if (!isOld && this.#heldSinceMs.size <= matchesMax) return;
      this.#heldSinceMs.delete(oldest);
      if (!isOld) this.#othersSinceMs = sinceMs;
    }
  }

  heldForMs(id: DocumentId): number {
    const nowMs = this.#options.monotonicMs();
    return nowMs - (this.#heldSinceMs.get(id) ?? this.#othersSinceMs ?? nowMs);
  }

  /** Those that are held for no longer than this; undefined when any match may be one. */
  heldForUpTo(ms: number): DocumentId[] | undefined {
    const nowMs = this.#options.monotonicMs();
    if (nowMs - (this.#othersSinceMs ?? nowMs) <= ms) return undefined;
    return [...this.#heldSinceMs].filter(([, sinceMs]) => nowMs - sinceMs <= ms).map(([id]) => id);
  }
}
