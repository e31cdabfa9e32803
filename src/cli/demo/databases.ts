/** Creating and dropping databases on a PostgreSQL that we administer. */
import { Client, escapeIdentifier } from "pg";
import { hasCode } from "./error-code.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** SQLSTATE duplicate_database. */
const DUPLICATE_DATABASE = "42P04";

/** As a copy of the template, if one is given; nobody may be connected to that meanwhile. */
export async function createDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  const from = template === undefined ? "" : ` TEMPLATE ${escapeIdentifier(template)}`;
  await runAsAdmin(adminUrl, `CREATE DATABASE ${escapeIdentifier(name)}${from}`);
}

/** For data that is kept between runs: `false` if the database was there already. */
export async function createDatabaseIfMissing(adminUrl: string, name: string): Promise<boolean> {
  try {
    await createDatabase(adminUrl, name);
    return true;
  } catch (error) {
    if (hasCode(error, DUPLICATE_DATABASE)) return false;
    throw error;
  }
}

/** Ends the sessions that are still in it. A missing one is as good as a dropped one. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
}

/** Connects and leaves again: how readiness is asked. */
export async function probeDatabase(adminUrl: string): Promise<void> {
  await runAsAdmin(adminUrl, "SELECT 1");
}

async function runAsAdmin(adminUrl: string, sql: string): Promise<void> {
  const client = new Client({
    connectionString: adminUrl,
    ssl: false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A connection lost between queries is reported as an event; the query that follows reports it to its caller.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}
