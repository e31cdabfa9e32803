/** Whether a server's PostgreSQL keeps what was acknowledged, and lets Rollcall in. Nothing is written to it. */
import pg from "pg";
import type { Settings } from "../../server/settings.ts";
import { type Check, clockCheck } from "./check.ts";

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 5_000;
const VERSION_MIN = 15;
const DURABLE_SETTINGS = ["fsync", "synchronous_commit", "full_page_writes"] as const;

/** What a database says of itself. */
export interface DatabaseState {
  readonly version: number;
  readonly encoding: string;
  readonly inRecovery: boolean;
  /** May make its schemas, or has them. */
  readonly mayCreate: boolean;
  readonly user: string;
  readonly database: string;
  readonly durable: Readonly<Record<(typeof DURABLE_SETTINGS)[number], string>>;
  readonly clockMs: number;
}

export async function databaseChecks({ databaseUrl, allowUnsafeDatabase }: Settings): Promise<Check[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: "rollcall doctor",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  // Heard of by the query under way.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const askedMs = Date.now();
    const state = await readState(client);
    const clock = { theirsMs: state.clockMs, askedMs, answeredMs: Date.now() };
    return [...stateChecks(state, allowUnsafeDatabase), clockCheck("database", "PostgreSQL", clock)];
  } catch (error) {
    return [unreachable(error)];
  } finally {
    await client.end();
  }
}

export function stateChecks(state: DatabaseState, allowUnsafe: boolean): Check[] {
  const { version, encoding, inRecovery, mayCreate, user, database } = state;
  const check = (isWell: boolean, found: string, todo: string, verdict: Check["verdict"] = "bad"): Check =>
    isWell ? { about: "database", verdict: "ok", found } : { about: "database", verdict, found, todo };
  return [
    check(
      version >= VERSION_MIN,
      `PostgreSQL ${version}, reachable as ${user}`,
      `Rollcall needs PostgreSQL ${VERSION_MIN} or newer: pg_upgrade, or a new one that this server fills from its peers.`,
    ),
    ...DURABLE_SETTINGS.map((name) =>
      check(
        state.durable[name] !== "off",
        `${name} is ${state.durable[name]}`,
        `A crash loses acknowledged writes. As a superuser: alter system set ${name} = on; select pg_reload_conf();`,
        allowUnsafe ? "warning" : "bad",
      ),
    ),
    check(
      encoding === "UTF8",
      `its encoding is ${encoding}`,
      "Names of players need UTF8: create database … encoding 'UTF8' template template0;",
    ),
    check(
      !inRecovery,
      inRecovery ? "it is a standby, and takes no writes" : "it takes writes",
      "Give each server a PostgreSQL of its own: Rollcall replicates by itself.",
    ),
    check(
      mayCreate,
      `${user} may ${mayCreate ? "" : "not "}make schemas in ${database}`,
      `grant create on database "${database}" to "${user}";`,
    ),
  ];
}

async function readState(client: pg.Client): Promise<DatabaseState> {
  const { rows } = await client.query<{
    version: number;
    encoding: string;
    in_recovery: boolean;
    may_create: boolean;
    user: string;
    database: string;
    fsync: string;
    synchronous_commit: string;
    full_page_writes: string;
    clock_ms: number;
  }>(`select current_setting('server_version_num')::int / 10000 as version,
    current_setting('server_encoding') as encoding,
    pg_is_in_recovery() as in_recovery,
    has_database_privilege(current_database(), 'create') or (
      select count(*) = 2 from pg_namespace
      where nspname in ('rollcall', 'rollcall_store') and has_schema_privilege(oid, 'create')
    ) as may_create,
    current_user as "user",
    current_database() as database,
    current_setting('fsync') as fsync,
    current_setting('synchronous_commit') as synchronous_commit,
    current_setting('full_page_writes') as full_page_writes,
    (extract(epoch from clock_timestamp()) * 1000)::float8 as clock_ms`);
  const [row] = rows;
  if (!row) throw new RangeError("a select without a from has one row");
  const { fsync, synchronous_commit, full_page_writes } = row;
  return {
    ...{ version: row.version, encoding: row.encoding, user: row.user, database: row.database },
    ...{ inRecovery: row.in_recovery, mayCreate: row.may_create, clockMs: row.clock_ms },
    durable: { fsync, synchronous_commit, full_page_writes },
  };
}

/** By SQLSTATE, or by the code of the system. */
const TODO: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Nothing listens there: start PostgreSQL, or mend host and port in ROLLCALL_DATABASE_URL.",
  ENOTFOUND: "No such host: mend ROLLCALL_DATABASE_URL.",
  "28P01": "The password is wrong: mend ROLLCALL_DATABASE_URL, or alter role … password.",
  "28000": "It does not let this role in from here: see pg_hba.conf.",
  "3D000": "There is no such database: create database … encoding 'UTF8' template template0;",
  "53300": "It has no connection left: raise max_connections, or end what holds them.",
};
const TODO_DEFAULT = "See whether it runs, and what its log says; then mend ROLLCALL_DATABASE_URL.";

function unreachable(error: unknown): Check {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return {
    ...{ about: "database", verdict: "bad" },
    found: `PostgreSQL cannot be asked: ${cause instanceof Error ? cause.message : String(cause)}`,
    todo: TODO[code] ?? TODO_DEFAULT,
  };
}
