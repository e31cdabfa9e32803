/**
 * Expires open matches whose lease has run out (MAT4): one with a host when its person was silent for longer than
 * the lease of presence, one without when nobody took a seat in it for a day. Matches of other servers are given
 * twice as long, so that their own server comes first.
 *
 * Whether it is time is judged by what passed at this server alone (CLK2): by its monotonic clock since it first
 * held the match, and for its own matches without a host, which outlive its restarts, also by its wall clock since it
 * created them. That it was time is a fact like any other, from which all servers take the state of the match (MAT1).
 */
import { invariant, RollcallError } from "../../crdt/errors.ts";
import { stampMs } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import { expireWrites } from "../../crdt/match-intents.ts";
import type { LogStore } from "../storage/log-store.ts";
import type { MatchCursor } from "../storage/record-queries.ts";
import { MatchNotExpiredError } from "./errors.ts";
import { HostlessWatch } from "./hostless-watch.ts";
import type { MatchAges } from "./match-ages.ts";
import { personIdsOf } from "./person-ids.ts";
import type { PresenceSource } from "./presence-source.ts";
import type { Author, WriteQueue } from "./write-queue.ts";

export interface ExpirySweepOptions {
  readonly server: string;
  readonly store: Pick<LogStore, "overdueMatches" | "mergeGroup">;
  readonly queue: WriteQueue;
  readonly presence: PresenceSource;
  readonly ages: MatchAges;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  /** Told of each match that could not be expired. */
  readonly onTrouble: (error: unknown) => void;
}

/** The ids of each host's person. */
type Persons = ReadonlyMap<DocumentId, readonly DocumentId[]>;

/** `kept`: not due any more, or refused for what is in it; `not-now`: the server may be able to write it later. */
type Outcome = "expired" | "kept" | "not-now";

/** Matches that are read, and written, together. */
const PAGE_MATCHES = 100;

/**
 * A day. Nobody gives signs for such a match, so this is for those that were forgotten; one that waits for its
 * players from one evening to the next is none of them.
 */
const HOSTLESS_LEASE_MS = 24 * 60 * 60 * 1000;

/** So often all without a host are looked at, whenever they are said to have been created. */
const HOSTLESS_ROUND_MS = 10 * 60 * 1000;

export class ExpirySweep {
  readonly #options: ExpirySweepOptions;
  readonly #hostless: HostlessWatch;
  #nextRoundMs = Number.NEGATIVE_INFINITY;

  constructor(options: ExpirySweepOptions) {
    this.#options = options;
    this.#hostless = new HostlessWatch(options);
  }

  /**
   * To be run every few seconds; resolves with how many it expired. A match that cannot be expired is told of, left
   * for the next sweep, and keeps none of the others; where it is the server that cannot write for now, the sweep
   * ends with the page.
   * @throws StorageError when the matches cannot be read
   */
  async run(author: Author): Promise<number> {
    const { store, presence, ages, nowMs, monotonicMs } = this.#options;
    const startedAtMs = monotonicMs();
    const isRound = startedAtMs >= this.#nextRoundMs;
    const newIds = ages.heldForUpTo(presence.leaseMs);
    const overdue = {
      heard: newIds && { newIds, hosts: presence.present() },
      hostlessBeforeMs: isRound ? Number.MAX_SAFE_INTEGER : nowMs() - HOSTLESS_LEASE_MS,
      limit: PAGE_MATCHES,
    };
    if (isRound) this.#hostless.beginRound();
    let expired = 0;
    let after: MatchCursor | undefined;
    do {
      const { items, next } = await store.overdueMatches({ ...overdue, after });
      const matches = items.map(({ match }) => match);
      const persons = await personIdsOf(
        store,
        matches.flatMap(({ hostId }) => hostId ?? []),
      );
      const due = matches.filter((match) => this.#isDue(match, persons));
      const outcomes = await Promise.all(due.map(({ id }) => this.#expire(id, persons, author)));
      expired += outcomes.filter((outcome) => outcome === "expired").length;
      if (outcomes.includes("not-now")) return expired;
      after = next ?? undefined;
    } while (after);
    if (isRound) {
      this.#hostless.endRound();
      this.#nextRoundMs = startedAtMs + HOSTLESS_ROUND_MS;
    }
    return expired;
  }

  /** It is looked at once more when it is written: a sign, or a player, may have come. */
  async #expire(id: DocumentId, persons: Persons, author: Author): Promise<Outcome> {
    try {
      const { record } = await this.#options.queue.edit(
        {
          documentKind: "match",
          documentId: id,
          expects: "record",
          decide: (current, { stamp }) => {
            invariant(current?.kind === "match", "a match that was read is there");
            const isDue = this.#isDue(current.match, persons);
            return { reason: "expire", writes: isDue ? expireWrites(current.match, stamp) : [] };
          },
        },
        author,
      );
      return record.kind === "match" && record.match.state === "expired" ? "expired" : "kept";
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      this.#options.onTrouble(new MatchNotExpiredError(id, error));
      return error.retryable ? "not-now" : "kept";
    }
  }

  #isDue(match: Match, persons: Persons): boolean {
    const { server, presence } = this.#options;
    const leaseMs = match.hostId === null ? HOSTLESS_LEASE_MS : presence.leaseMs;
    const silentMs = match.hostId === null ? this.#unseatedForMs(match) : this.#unheardForMs(match, persons);
    return silentMs > (match.homeServer === server ? leaseMs : 2 * leaseMs);
  }

  /** A host is heard by its match having come, and by the presence of its person. */
  #unheardForMs({ id, hostId }: Match, persons: Persons): number {
    const { presence, ages } = this.#options;
    invariant(hostId, "a match that waits for its host has one");
    const ids = persons.get(hostId) ?? [hostId];
    return Math.min(ages.heldForMs(id), ...ids.map((playerId) => presence.silentForMs(playerId)));
  }

  /** Stamps of seats may be of other clocks: they keep a match for what it is watched for, and end none earlier. */
  #unseatedForMs(match: Match): number {
    const { server, nowMs } = this.#options;
    const watchedMs = this.#hostless.silentForMs(match);
    if (match.homeServer !== server) return watchedMs;
    const seatedAtMs = match.seats.map(({ stamp }) => stampMs(stamp));
    return Math.max(watchedMs, nowMs() - Math.max(match.createdAtMs, ...seatedAtMs));
  }
}
