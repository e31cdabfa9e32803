/** What reads: a pool of sessions beside the one that writes, and what an error of theirs means. */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { readError } from "./sql-state.ts";

export interface ReaderOptions {
  readonly databaseUrl: string;
  /** Told of errors of idle connections, which are replaced by themselves. */
  readonly onIdleError: (error: Error) => void;
}

const READERS_MAX = 6;
const READ_TIMEOUT_MS = 5_000;
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

  constructor({ databaseUrl, onIdleError }: ReaderOptions) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: "rollcall reader",
      options: NO_COMPILING,
      max: READERS_MAX,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: READ_TIMEOUT_MS,
      statement_timeout: READ_TIMEOUT_MS,
      keepAlive: true,
    });
    this.pool.on("error", onIdleError);
    this.#kysely = new Kysely({ dialect: new PostgresDialect({ pool: this.pool }) });
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
