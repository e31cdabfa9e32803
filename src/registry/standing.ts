/** Where the database stands, as this process knows: what is committed, never more; the clock may be ahead of it. */
import { laterStamp, type Stamp } from "../../crdt/hybrid-clock.ts";
import { mergeVectors, missingFrom } from "../../crdt/version-vector.ts";
import { DatabaseUnavailableError, DatabaseWentBackError } from "../storage/errors.ts";
import type { Batch, StoredState } from "../storage/log-store.ts";

export class Standing {
  #stored: StoredState | undefined;

  /** @throws DatabaseUnavailableError before it was opened */
  get stored(): StoredState {
    if (!this.#stored) throw new DatabaseUnavailableError();
    return this.#stored;
  }

  opened(stored: StoredState): void {
    this.#stored = stored;
  }

  /** Opened again after it was not known where it stands. @throws DatabaseWentBackError */
  reopened(stored: StoredState): void {
    const { vector, clock } = this.stored;
    if (missingFrom(stored.vector, vector).length > 0) throw new DatabaseWentBackError();
    this.#stored = { ...stored, clock: laterStamp(clock, stored.clock) };
  }

  /** The clock goes past a stamp that was heard of. */
  observe(stamp: Stamp): void {
    this.#stored = { ...this.stored, clock: laterStamp(this.stored.clock, stamp) };
  }

  committed(batch: Batch): void {
    this.#stored = standingAfter(this.stored, batch);
  }
}

function standingAfter(standing: StoredState, batch: Batch): StoredState {
  const vector = new Map(standing.vector);
  const stable = mergeVectors(standing.stable, batch.stable);
  const servers = new Map(standing.servers);
  for (const { origin, server, lastSequence } of batch.origins) {
    vector.set(origin, lastSequence);
    if (server !== null) servers.set(origin, server);
  }
  const { size } = batch.forgotten;
  const forgotten = size === 0 ? standing.forgotten : new Map([...standing.forgotten, ...batch.forgotten]);
  const clock = laterStamp(standing.clock, batch.clock);
  return { vector, servers, forgotten, clock, totals: batch.totals, stable };
}
