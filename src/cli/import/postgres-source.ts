/** Rows of a query, by a cursor in a transaction that can write nothing, so that it is one state of the source. */
import pg from "pg";
import { CommandError } from "../command-error.ts";
import type { Source, SourceItem } from "./source-row.ts";

const CONNECT_TIMEOUT_MS = 10_000;
/** Some 0.2 MB of players. */
const ROWS_A_FETCH = 1_000;

/** @throws CommandError */
export async function postgresSource(url: string, statement: string): Promise<Source> {
  const query = statement.replace(/[;\s]+$/, "");
  const client = new pg.Client({
    connectionString: url,
    application_name: "rollcall import",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // It ends the fetch under way too, which is where it is heard of.
  client.on("error", () => undefined);
  let total = 0;
  let read = 0;
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    const { rows } = await client.query<{ count: string }>(`select count(*) from (${query}\n) counted`);
    total = Number(rows[0]?.count);
    await client.query(`declare rollcall_import cursor for ${query}`);
  } catch (error) {
    await client.end();
    throw sourceError(error);
  }
  return {
    name: "--query",
    sameColumns: true,
    async *items(): AsyncGenerator<SourceItem> {
      for (;;) {
        const { rows } = await client
          .query<Record<string, unknown>>(`fetch ${ROWS_A_FETCH} from rollcall_import`)
          .catch((error: unknown) => {
            throw sourceError(error);
          });
        if (rows.length === 0) return;
        for (const values of rows) yield { line: ++read, values };
      }
    },
    progress: () => (total === 0 ? 1 : read / total),
    close: () => client.end(),
  };
}

function sourceError(cause: unknown): CommandError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CommandError("bad-source", `the source database does not answer --query: ${why}`, { cause });
}
