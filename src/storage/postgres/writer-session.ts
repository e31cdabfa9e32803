/**
 * The one connection that writes. It holds the database's lock for as long as it lives, so losing the
 * connection is losing the right to write, and whoever gets the lock next knows that no statement of the
 * former holder is still running: what was unknown is decided.
 */
import { fileURLToPath } from "node:url";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { DatabaseInUseError, NotDurableError } from "../errors.ts";
import type { CommitQuery } from "./commit-statement.ts";
import type { ReadQuery, RowReader } from "./reader.ts";
import { isAnswer, readError } from "./sql-state.ts";

export interface SessionOptions {
  readonly databaseUrl: string;
  /** Serve although fsync or synchronous_commit is off. */
  readonly allowUnsafe: boolean;
}

/** "ROLL" and "CALL" as two 32-bit numbers. */
const LOCK = [0x524f4c4c, 0x43414c4c] as const;
const CONNECT_TIMEOUT_MS = 3_000;
/** A batch takes tens of milliseconds. PostgreSQL ends a statement itself, so that none outlives its session. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** A frozen database is given up after this. */
const QUERY_TIMEOUT_MS = 15_000;
/** The session of a process that was just killed ends within milliseconds. */
const LOCK_WAIT_MS = 5_000;
const LOCK_RETRY_MS = 100;
/** When the network is cut, PostgreSQL ends the session, and its lock with it, within 15 s instead of hours. */
const NOTICE_LOST_CLIENTS =
  "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 3; set tcp_keepalives_count = 3; " +
  "set tcp_user_timeout = 15000";
/**
 * Compiling a statement takes PostgreSQL half a second, and running it some milliseconds: it goes by the estimated cost,
 * which without sequential scans is astronomical.
 */
const NO_COMPILING = "set jit = off";
/** A statement is planned once, maybe on empty tables: what it looks up it has to find by index when they are full. */
const PLAN_FOR_FULL_TABLES =
  "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off";
const DURABLE_SETTINGS = ["fsync", "synchronous_commit", "full_page_writes"];
const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

export class WriterSession implements RowReader {
  readonly #client: pg.Client;
  #lost = false;

  private constructor(client: pg.Client) {
    this.#client = client;
    client.on("error", () => this.#markLost());
    client.on("end", () => this.#markLost());
  }

  static async open(options: SessionOptions): Promise<WriterSession> {
    const client = new pg.Client({
      connectionString: options.databaseUrl,
      application_name: "rollcall writer",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    const session = new WriterSession(client);
    try {
      await client.connect();
      await client.query(NOTICE_LOST_CLIENTS);
      await takeLock(client);
      if (!options.allowUnsafe) await requireDurability(client);
      await migrate(client);
      await client.query(PLAN_FOR_FULL_TABLES);
      await client.query(NO_COMPILING);
      return session;
    } catch (error) {
      session.discard();
      throw error;
    }
  }

  get lost(): boolean {
    return this.#lost;
  }

  query<Row extends pg.QueryResultRow>(query: CommitQuery | pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    return this.#client.query<Row>(query);
  }

  /** @throws StorageError */
  async rows<Row extends pg.QueryResultRow>(query: ReadQuery): Promise<Row[]> {
    try {
      const { rows } = await this.query<Row>(query);
      return rows;
    } catch (error) {
      if (!isAnswer(error)) this.discard();
      throw readError(error);
    }
  }

  /** Ends the connection at once, whatever it is doing. */
  discard(): void {
    this.#markLost();
    this.#client.end().catch(() => this.#markLost());
    this.#client.connection?.stream.destroy();
  }

  async close(): Promise<void> {
    if (!this.#lost) await this.#client.end();
  }

  #markLost(): void {
    this.#lost = true;
  }
}

async function takeLock(client: pg.Client): Promise<void> {
  const giveUpAt = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(
      "select pg_try_advisory_lock($1, $2) as locked",
      [...LOCK],
    );
    if (rows[0]?.locked) return;
    if (performance.now() > giveUpAt) throw new DatabaseInUseError();
    await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
  }
}

async function requireDurability(client: pg.Client): Promise<void> {
  for (const setting of DURABLE_SETTINGS) {
    const { rows } = await client.query<{ value: string }>("select current_setting($1) as value", [setting]);
    const value = rows[0]?.value ?? "unknown";
    if (value === "off") throw new NotDurableError(setting, value);
  }
}

async function migrate(client: pg.Client): Promise<void> {
  await runner({
    dbClient: client,
    dir: MIGRATIONS,
    ignorePattern: String.raw`(?!.*\.sql$).*`,
    direction: "up",
    migrationsTable: "rollcall_migration",
    noLock: true, // the session's own lock is held
    log: () => undefined,
  });
}
