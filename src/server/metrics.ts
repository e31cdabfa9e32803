/**
 * What /metrics shows. The parts count for themselves; this reads their counts when asked, so that none of
 * them knows Prometheus. Names follow its conventions: base units, `_total` for what only grows.
 */
import type { RequestListener } from "node:http";
import { LRUCache } from "lru-cache";
import { Counter, collectDefaultMetrics, Gauge, Registry as MetricsRegistry } from "prom-client";
import { canonicalConflict } from "../../crdt/conflict.ts";
import { RollcallError } from "../../crdt/errors.ts";
import type { Broker } from "../gossip/broker.ts";
import type { Gossiper } from "../gossip/gossiper.ts";
import type { EventHub } from "../http/events/event-hub.ts";
import type { Committed } from "../registry/committed.ts";
import type { Registry } from "../registry/registry.ts";
import type { VerificationReport } from "../registry/verification/verification.ts";
import type { LogStore } from "../storage/log-store.ts";
import { RequestMetrics } from "./request-metrics.ts";

type Verified = Pick<VerificationReport, "faultsFound" | "unreadableFound" | "failure">;

export interface MeteredParts {
  readonly registry: Registry;
  readonly gossiper: Gossiper;
  readonly broker: Broker;
  readonly store: LogStore;
  readonly events: Pick<EventHub, "listeners">;
  /** A clock that is never set back, milliseconds. */
  readonly monotonicMs: () => number;
  readonly verification: { latest(): Verified | undefined };
}

const MS_PER_SECOND = 1_000;
/** That were counted lately: a conflict is stored again with each change of its record. */
const CONFLICTS_MAX = 10_000;
/** Who wrote an entry is known once the first of its origin is applied. */
const WRITER_UNKNOWN = "unknown";

type SetValue = (labels: Record<string, string>, value: number) => void;

export class Metrics {
  readonly #registry = new MetricsRegistry();
  readonly #troubles: Counter;
  readonly #conflicts: Counter;
  readonly #counted = new LRUCache<string, true>({ max: CONFLICTS_MAX });
  readonly #requests: RequestMetrics;

  constructor(parts: MeteredParts) {
    collectDefaultMetrics({ register: this.#registry });
    this.#troubles = new Counter({
      name: "rollcall_troubles_total",
      help: "Failures that were survived, by code",
      labelNames: ["code"],
      registers: [this.#registry],
    });
    this.#gauge("rollcall_event_listeners", "Open streams of events", () => parts.events.listeners);
    this.#conflicts = new Counter({
      name: "rollcall_conflicts_total",
      help: "Conflicts that commits brought, or decided anew, by kind and by the rule that decided",
      labelNames: ["kind", "rule"],
      registers: [this.#registry],
    });
    this.#requests = new RequestMetrics(this.#registry, parts.monotonicMs);
    this.#gauge(
      "rollcall_verify_faults",
      "What the verification under way, or the last, found wrong; none before the first",
      () => {
        const report = parts.verification.latest();
        return report ? report.faultsFound - report.unreadableFound : 0;
      },
    );
    this.#gauge(
      "rollcall_verify_parts_unread",
      "Parts that the verification under way, or the last, could not look at to their end; none before the first",
      () => {
        const report = parts.verification.latest();
        return report ? report.unreadableFound + (report.failure ? 1 : 0) : 0;
      },
    );
    this.#registryMetrics(parts);
    this.#gossipMetrics(parts);
    this.#linkMetrics(parts);
    parts.registry.onCommitted((committed) => this.#countConflicts(committed));
  }

  /** The same listener, its answers counted and timed. */
  measured(app: RequestListener): RequestListener {
    return this.#requests.measured(app);
  }

  /** Counts a failure that was survived. */
  trouble(code: string): void {
    this.#troubles.inc({ code });
  }

  async read(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #countConflicts({ conflicts }: Committed): void {
    for (const conflict of conflicts) {
      const text = canonicalConflict(conflict);
      if (this.#counted.has(text)) continue;
      this.#counted.set(text, true);
      this.#conflicts.inc({ kind: conflict.kind, rule: conflict.rule });
    }
  }

  #registryMetrics({ registry, store }: MeteredParts): void {
    this.#gauge(
      "rollcall_documents",
      "Documents that have at least one applied change",
      () => registry.digest().documents,
    );
    this.#gauge(
      "rollcall_log_entries",
      "Entries of the replicated log held here",
      () => registry.digest().entries,
    );
    this.#gauge(
      "rollcall_writes_waiting",
      "Writes waiting for the next group commit",
      () => registry.condition().waiting,
    );
    this.#gauge(
      "rollcall_documents_cached",
      "Live documents in memory",
      () => registry.condition().cachedDocuments,
    );
    this.#gauge("rollcall_database_open", "1 while this server's PostgreSQL takes writes", () =>
      registry.condition().mode === "open" ? 1 : 0,
    );
    this.#gauge("rollcall_entries_quarantined", "Entries set aside because they could not be applied", () =>
      store.quarantined(),
    );
    this.#gauge("rollcall_ratings_folding", "1 while results wait to be folded into ratings", () =>
      registry.condition().folding ? 1 : 0,
    );
    this.#counter(
      "rollcall_entries_written_total",
      "Entries of the replicated log held here, by the server that wrote them",
      ["writer"],
      (set) => {
        // Before the database is open for the first time, nothing is known of what it holds.
        if (registry.condition().mode === "closed") return;
        for (const [origin, entries] of registry.vector) {
          set({ writer: registry.serverOf(origin) ?? WRITER_UNKNOWN }, entries);
        }
      },
    );
  }

  /** Whom this server hears, and through which brokers. */
  #linkMetrics({ gossiper, broker }: MeteredParts): void {
    this.#gauge("rollcall_caught_up", "1 once everything was pulled that peers had at the start", () =>
      gossiper.caughtUp ? 1 : 0,
    );
    this.#labelled(
      "rollcall_broker_subscribed",
      "1 while the broker is heard, and the own one takes frames",
      ["broker", "own"],
      (set) => {
        for (const { url, own, state } of broker.links()) {
          set({ broker: url, own: String(own) }, state === "subscribed" ? 1 : 0);
        }
      },
    );
    this.#labelled(
      "rollcall_member_unheard_seconds",
      "Seconds for which a member was not heard that should be; none for one that is heard",
      ["member"],
      (set) => {
        for (const { server, heardMsAgo } of gossiper.unheard()) {
          set({ member: server }, heardMsAgo / MS_PER_SECOND);
        }
      },
    );
  }

  #gossipMetrics({ gossiper, broker }: MeteredParts): void {
    this.#gauge(
      "rollcall_writes_unacknowledged",
      "Written, with an answer that waits until peers hold it",
      () => gossiper.queues().unacknowledged,
    );
    this.#gauge("rollcall_entries_behind", "Entries that a peer has and this server has not", () =>
      gossiper.entriesBehind(),
    );
    this.#gauge(
      "rollcall_entries_unstored",
      "Entries received and not yet stored",
      () => gossiper.queues().unstored,
    );
    this.#counter("rollcall_entries_received_total", "Entries of peers stored here", [], (set) =>
      set({}, gossiper.received),
    );
    this.#counter("rollcall_frames_dropped_total", "Frames dropped, by reason", ["reason"], (set) => {
      for (const [reason, count] of gossiper.dropped()) set({ reason }, count);
    });
    this.#counter(
      "rollcall_publishes_dropped_total",
      "Frames the own broker did not take",
      ["reason"],
      (set) => {
        for (const [reason, count] of Object.entries(broker.drops())) set({ reason }, count);
      },
    );
    this.#perPeer(
      "rollcall_peer_entries_behind",
      "Entries that the peer lacks",
      (peer) => peer.entriesBehind,
      gossiper,
    );
    this.#perPeer(
      "rollcall_peer_behind_seconds",
      "Seconds since the peer last had everything that this server had",
      (peer) => peer.msBehind / MS_PER_SECOND,
      gossiper,
    );
    this.#perPeer(
      "rollcall_peer_heard_seconds",
      "Seconds since the peer was last heard",
      (peer) => peer.heardMsAgo / MS_PER_SECOND,
      gossiper,
    );
    this.#perPeer(
      "rollcall_peer_clock_offset_seconds",
      "The peer's wall clock minus this server's",
      (peer) => (peer.clockOffsetMs ?? 0) / MS_PER_SECOND,
      gossiper,
    );
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      async collect() {
        this.set(await readOrUnknown(read));
      },
    });
  }

  #perPeer(
    name: string,
    help: string,
    read: (peer: ReturnType<Gossiper["peers"]>[number]) => number,
    gossiper: Gossiper,
  ): void {
    this.#labelled(name, help, ["peer"], (set) => {
      for (const peer of gossiper.peers()) set({ peer: peer.server }, read(peer));
    });
  }

  /** A gauge whose series come and go. */
  #labelled(name: string, help: string, labelNames: string[], read: (set: SetValue) => void): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        read((labels, value) => this.set(labels, value));
      },
    });
  }

  #counter(name: string, help: string, labelNames: string[], read: (set: SetValue) => void): void {
    new Counter({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        read((labels, value) => this.inc(labels, value));
      },
    });
  }
}

/** A part that cannot answer now, because its database is away, must not cost the others their figures. */
async function readOrUnknown(read: () => number | Promise<number>): Promise<number> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RollcallError) return Number.NaN;
    throw error;
  }
}
