/**
 * Who waits until so many peers hold a position (ACK1), and how the peers come to be asked (ACK2).
 *
 * Intuition: a heartbeat would tell, within a second. Whoever waits asks the peers to tell at once; questions that
 * come together are gathered, so that the traffic is bounded by time and not by the number of writes.
 *
 * Waits of one origin and one number of peers end in the order of their sequences, so one comparison of each such
 * group tells whether a frame ended any.
 */
import type { Origin, Position } from "../../crdt/position.ts";

export interface AcknowledgementsOptions {
  /** Up to where so many peers hold the entries of an origin. */
  readonly heldBy: (origin: Origin, peers: number) => number;
  /** Asks all peers to tell once they hold it. */
  readonly inquire: (position: Position) => void;
  readonly nowMs: () => number;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

interface Wait {
  readonly sequence: number;
  readonly endsAtMs: number;
  readonly end: (held: boolean) => void;
}

interface Group {
  readonly origin: Origin;
  readonly peers: number;
  /** What so many peers were last seen to hold. */
  held: number;
  waits: Wait[];
}

/** Some megabytes, with the requests that wait. */
const WAITS_MAX = 10_000;
/** A question a hundredth of a second at most, whatever is written. */
const GATHER_MS = 10;

export class Acknowledgements {
  readonly #options: AcknowledgementsOptions;
  readonly #groups = new Map<string, Group>();
  #waiting = 0;
  /** Questions of the pause that is under way. */
  readonly #gathered = new Map<Origin, number>();
  #gathering = false;

  constructor(options: AcknowledgementsOptions) {
    this.#options = options;
  }

  /** True once so many peers hold the position; false when the time is over, or too many wait already. */
  wait(position: Position, peers: number, withinMs: number): Promise<boolean> {
    const { heldBy, nowMs } = this.#options;
    const { origin, sequence } = position;
    if (heldBy(origin, peers) >= sequence) return Promise.resolve(true);
    if (withinMs <= 0 || this.#waiting >= WAITS_MAX) return Promise.resolve(false);
    return new Promise((resolve) => {
      const key = `${origin} ${peers}`;
      const group = this.#groups.get(key) ?? { origin, peers, held: 0, waits: [] };
      this.#groups.set(key, group);
      group.waits.push({ sequence, endsAtMs: nowMs() + withinMs, end: resolve });
      this.#waiting++;
      this.#ask(position);
    });
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** To be called whenever a peer said what it holds. */
  advanced(): void {
    for (const group of this.#groups.values()) {
      const held = this.#options.heldBy(group.origin, group.peers);
      // It goes back, too: when a peer that restarted has lost what it held.
      if (held > group.held) this.#end(group, (wait) => (wait.sequence <= held ? true : undefined));
      group.held = held;
    }
  }

  /** To be called several times a second. */
  expire(): void {
    const nowMs = this.#options.nowMs();
    for (const group of this.#groups.values()) {
      this.#end(group, (wait) => (wait.endsAtMs <= nowMs ? false : undefined));
    }
  }

  #end(group: Group, outcomeOf: (wait: Wait) => boolean | undefined): void {
    const before = group.waits.length;
    group.waits = group.waits.filter((wait) => {
      const outcome = outcomeOf(wait);
      if (outcome !== undefined) wait.end(outcome);
      return outcome === undefined;
    });
    this.#waiting -= before - group.waits.length;
    if (group.waits.length === 0) this.#groups.delete(`${group.origin} ${group.peers}`);
  }

  #ask({ origin, sequence }: Position): void {
    this.#gathered.set(origin, Math.max(sequence, this.#gathered.get(origin) ?? 0));
    if (!this.#gathering) this.#inquire();
  }

  #inquire(): void {
    this.#gathering = this.#gathered.size > 0;
    for (const [origin, sequence] of this.#gathered) this.#options.inquire({ origin, sequence });
    this.#gathered.clear();
    if (this.#gathering) void this.#options.pause(GATHER_MS).then(() => this.#inquire());
  }
}
