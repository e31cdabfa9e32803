/**
 * When own entries are announced: at once, as long as they come by few; once many come together, those that
 * follow are gathered for a moment, so that a busy server does not seal a frame for every group that it commits.
 */
import type { Entry } from "../../crdt/entry.ts";

export interface AnnouncerOptions {
  readonly announce: (entries: readonly Entry[]) => void;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Committed together by several clients at the same time: more are on their way. */
const STREAM_MIN = 8;
/** How much later a stream's entries may be announced; peers of a stream write at longer intervals anyway. */
const GATHER_MS = 5;

export class Announcer {
  readonly #options: AnnouncerOptions;
  #gathered: Entry[] = [];
  #gathering = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** In the order in which they were committed. */
  add(entries: readonly Entry[]): void {
    for (const entry of entries) this.#gathered.push(entry);
    if (!this.#gathering) this.#announce();
  }

  /** Announces what is gathered without waiting for more: before this server says what it holds, or ends. */
  flush(): void {
    if (this.#gathered.length > 0) this.#options.announce(this.#gathered);
    this.#gathered = [];
  }

  #announce(): void {
    const entries = this.#gathered;
    this.#gathered = [];
    this.#gathering = entries.length >= STREAM_MIN;
    if (entries.length > 0) this.#options.announce(entries);
    if (this.#gathering) void this.#options.pause(GATHER_MS).then(() => this.#announce());
  }
}
