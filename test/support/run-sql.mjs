/** Runs the SQL in a file on a database: `node run-sql.mjs <url> <file>`; rows are printed as JSON lines. */
import { readFileSync } from "node:fs";
import pg from "pg";

const [, , url, file] = process.argv;
const client = new pg.Client(url);
await client.connect();
try {
  const results = [await client.query(readFileSync(file, "utf8"))].flat();
  for (const row of results.flatMap(({ rows }) => rows)) process.stdout.write(`${JSON.stringify(row)}\n`);
} finally {
  await client.end();
}
