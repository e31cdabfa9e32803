/**
 * A session of the readers' pool that reads the tables as they are at one moment, for as long as it is open.
 *
 * A connection that is lost tells of it by an event as well, also while nothing is asked; nobody listening, that
 * would end the process. What is asked next fails by itself, so there is nothing more to do about it here.
 */
import type pg from "pg";
import type { Reader, ReadQuery } from "./reader.ts";
import { readError } from "./sql-state.ts";

export class Snapshot {
  readonly #client: pg.PoolClient;
  #ended = false;

  private constructor(client: pg.PoolClient) {
    this.#client = client;
    client.on("error", ignore);
  }

  /** To be ended. @throws StorageError */
  static async open({ pool }: Reader): Promise<Snapshot> {
    let snapshot: Snapshot | undefined;
    try {
      snapshot = new Snapshot(await pool.connect());
      await snapshot.#client.query("begin isolation level repeatable read read only");
      return snapshot;
    } catch (error) {
      snapshot?.discard();
      throw readError(error);
    }
  }

  /** @throws StorageError */
  async rows<Row extends pg.QueryResultRow>(query: ReadQuery): Promise<Row[]> {
    try {
      const { rows } = await this.#client.query<Row>(query);
      return rows;
    } catch (error) {
      throw readError(error);
    }
  }

  /** Gives the session back to the pool. @throws StorageError */
  async end(): Promise<void> {
    try {
      await this.#client.query("commit");
    } catch (error) {
      this.discard();
      throw readError(error);
    }
    this.#ended = true;
    this.#client.off("error", ignore);
    this.#client.release();
  }

  /** Ends the session itself, unless it is ended. */
  discard(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#client.release(true);
  }
}

function ignore(): void {
  // Whoever asks next is told.
}
