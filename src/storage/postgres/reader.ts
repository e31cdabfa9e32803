/** What reads: pools of sessions beside the one that writes, and what an error of theirs means. */
import type { Kysely } from "kysely";
import pg from "pg";
import { kyselyOn } from "./kysely-on-pool.ts";
import { readError } from "./sql-state.ts";

export interface ReaderOptions {
  readonly databaseUrl: string;
  /** As PostgreSQL lists its sessions. */
  readonly name: string;
  readonly sessionsMax: number;
  /** Told of errors of idle connections, which are replaced by themselves. */
  readonly onIdleError: (error: Error) => void;
}

/** PostgreSQL ends a read itself, so that none outlives its session. */
const READ_TIMEOUT_MS = 5_000;
/** A frozen database, or one behind a cut cable, is given up after this, and the session with it. */
const ANSWER_TIMEOUT_MS = 6_000;
/** No query takes as long as PostgreSQL would take to compile it. */
const NO_COMPILING = "-c jit=off";
const CONNECT_TIMEOUT_MS = 2_000;

/** A query with a name is planned once a session: for what is found in one way, however full the tables are. */
export interface ReadQuery {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/** Whatever reads rows: the pool, or a snapshot. */
export interface RowReader {
  /** @throws StorageError */
  rows<Row extends pg.QueryResultRow>(query: ReadQuery): Promise<Row[]>;
}

export class Reader implements RowReader {
  readonly pool: pg.Pool;
  readonly #kysely: Kysely<unknown>;

  constructor({ databaseUrl, name, sessionsMax, onIdleError }: ReaderOptions) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: name,
      options: NO_COMPILING,
      max: sessionsMax,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      statement_timeout: READ_TIMEOUT_MS,
      keepAlive: true,
    });
    this.pool.on("error", onIdleError);
    this.#kysely = kyselyOn(this.pool);
  }

  /** @throws StorageError */
  async rows<Row extends pg.QueryResultRow>(query: ReadQuery): Promise<Row[]> {
    try {
      const { rows } = await this.pool.query<Row>(query);
      return rows;
    } catch (error) {
      throw readError(error);
    }
  }

  /** For queries that are put together from parts. @throws StorageError */
  async built<Result>(read: (kysely: Kysely<unknown>) => Promise<Result>): Promise<Result> {
    try {
      return await read(this.#kysely);
    } catch (error) {
      throw readError(error);
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
