/** What a server's PostgreSQL holds, in whatever table. */
import { Client, escapeIdentifier } from "pg";

const SCHEMA = "rollcall_store";

/** An entry of the log, as far as an erasure has to do with it. */
export interface StoredEntry {
  readonly kind: number;
  readonly hash: string | null;
  readonly bodyBytes: number;
}

/** The entries of a document. */
export function storedEntries(databaseUrl: string, documentId: string): Promise<StoredEntry[]> {
  return connected(databaseUrl, async (client) => {
    const { rows } = await client.query<StoredEntry>(
      `select kind, encode(hash, 'hex') as hash, length(body) as "bodyBytes"
       from ${SCHEMA}.entry where document_id = $1 order by origin, sequence`,
      [documentId],
    );
    return rows;
  });
}

/** The tables that have the text in a row, as text or in bytes. */
export function tablesWith(databaseUrl: string, text: string): Promise<string[]> {
  const bytes = Buffer.from(text).toString("hex");
  return connected(databaseUrl, async (client) => {
    const tables = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = $1 order by 1",
      [SCHEMA],
    );
    const found: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query(
        `select from ${SCHEMA}.${escapeIdentifier(name)} as t
         where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0 limit 1`,
        [text, bytes],
      );
      if (rows.length > 0) found.push(name);
    }
    return found;
  });
}

async function connected<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl, ssl: false });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
