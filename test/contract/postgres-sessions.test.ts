/** The sessions that read and write, on a PostgreSQL with settings of its own. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Reader } from "../../src/storage/postgres/reader.ts";
import { WriterSession } from "../../src/storage/postgres/writer-session.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(async () => {
  await database?.drop();
});

it("no session has a statement compiled, which takes longer than to run it", async () => {
  const writer = await WriterSession.open({ databaseUrl: database.url, allowUnsafe: true });
  const reader = new Reader({ databaseUrl: database.url, onIdleError: () => undefined });
  const query = { text: "select current_setting('jit') as jit", values: [] };
  expect((await writer.query(query)).rows).toEqual([{ jit: "off" }]);
  expect(await reader.rows(query)).toEqual([{ jit: "off" }]);
  await Promise.all([writer.close(), reader.close()]);
});
