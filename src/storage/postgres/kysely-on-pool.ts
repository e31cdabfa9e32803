/**
 * Kysely puts queries together, and the pool runs them: it ends a session whose query failed. Kysely's own driver would
 * give it back to the pool with its query still running, for the next one to wait behind.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import type pg from "pg";

/** For single queries: there are no transactions and no streams. */
export function kyselyOn(pool: pg.Pool): Kysely<unknown> {
  return new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new PoolDriver(pool),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

class PoolDriver extends DummyDriver {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    super();
    this.#pool = pool;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const none = await super.acquireConnection();
    return {
      executeQuery: (query) => this.#run(query),
      streamQuery: (query, size) => none.streamQuery(query, size),
    };
  }

  async #run<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows } = await this.#pool.query(sql, [...parameters]);
    return { rows };
  }
}
