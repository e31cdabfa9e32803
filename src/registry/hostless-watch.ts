/**
 * For how long nothing happened to the seats of open matches without a host, as seen here and by this server's
 * monotonic clock (MAT4, CLK2). What is seen for the first time is silent from then on, also after a restart.
 *
 * Bounded: what there is no room for waits, and is as if not silent.
 */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";

export interface HostlessWatchOptions {
  readonly monotonicMs: () => number;
  readonly matchesMax?: number | undefined;
}

interface Seen {
  /** Tells apart what the seats are from what they were; stamps are never measured. */
  readonly seats: string;
  readonly sinceMs: number;
}

/** Some twenty megabytes. */
const MATCHES_MAX = 100_000;

export class HostlessWatch {
  readonly #options: HostlessWatchOptions;
  readonly #seen = new Map<DocumentId, Seen>();
  #round = new Set<DocumentId>();

  constructor(options: HostlessWatchOptions) {
    this.#options = options;
  }

  silentForMs({ id, seats }: Pick<Match, "id" | "seats">): number {
    const { monotonicMs, matchesMax = MATCHES_MAX } = this.#options;
    const nowMs = monotonicMs();
    const last = seats.reduce((latest, { stamp }) => (stamp > latest ? stamp : latest), "");
    const asSeen = `${seats.length} ${last}`;
    const seen = this.#seen.get(id);
    this.#round.add(id);
    if (seen?.seats === asSeen) return nowMs - seen.sinceMs;
    if (seen || this.#seen.size < matchesMax) this.#seen.set(id, { seats: asSeen, sinceMs: nowMs });
    return 0;
  }

  beginRound(): void {
    this.#round = new Set();
  }

  /** All that are open were asked for since the round began: the others are forgotten. */
  endRound(): void {
    for (const id of this.#seen.keys()) if (!this.#round.has(id)) this.#seen.delete(id);
    this.#round = new Set();
  }
}
