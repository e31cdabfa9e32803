/**
 * Keeps how the cluster looked to this server in the last hours: a sample every few seconds, in memory, the oldest of
 * which gives way to the newest. It begins anew with the process; whoever needs longer times asks `/metrics`.
 */
import { RollcallError } from "../../crdt/errors.ts";
import type { Origin } from "../../crdt/position.ts";
import type { Clock } from "../gossip/clock.ts";
import type { ClusterPort, ClusterSample } from "../http/cluster-port.ts";
import type { Registry } from "../registry/registry.ts";

export interface RecordedParts {
  readonly incarnation: Origin;
  readonly registry: Pick<Registry, "condition" | "digest" | "vector">;
  readonly cluster: Pick<ClusterPort, "members">;
  readonly clock: Pick<Clock, "every" | "wallMs">;
}

export const SAMPLED_EVERY_MS = 5_000;
/** Four hours: with twenty members some ten megabytes. */
const SAMPLES_MAX = 2_880;

export class ClusterRecorder {
  readonly #parts: RecordedParts;
  #samples: ClusterSample[] = [];
  #stop: (() => void) | undefined;

  constructor(parts: RecordedParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stop = this.#parts.clock.every(SAMPLED_EVERY_MS, () => this.#sample());
  }

  stop(): void {
    this.#stop?.();
  }

  /** The oldest first. */
  samples(): readonly ClusterSample[] {
    return this.#samples;
  }

  #sample(): void {
    const { registry, cluster, clock, incarnation } = this.#parts;
    const members = cluster.members();
    const sample: ClusterSample = {
      atMs: clock.wallMs(),
      database: registry.condition().mode,
      entries: known(() => registry.digest().entries),
      written: known(() => registry.vector.get(incarnation) ?? 0),
      queues: members.find(({ self }) => self)?.queues ?? {},
      members: members.map(({ name, state, entriesBehind, secondsBehind }) => {
        return { name, state, entriesBehind, secondsBehind };
      }),
    };
    this.#samples = [...this.#samples.slice(1 - SAMPLES_MAX), sample];
  }
}

/** Before the database is open for the first time, nothing is known of what it holds. */
function known(read: () => number): number | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RollcallError) return null;
    throw error;
  }
}
