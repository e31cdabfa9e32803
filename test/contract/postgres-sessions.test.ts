/** The sessions that read and write, on a PostgreSQL with settings of its own. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresLogStore } from "../../src/storage/postgres/postgres-log-store.ts";
import { Reader } from "../../src/storage/postgres/reader.ts";
import { WriterSession } from "../../src/storage/postgres/writer-session.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { idOf, originOf } from "../support/log-fixtures.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

const openReader = () =>
  new Reader({ databaseUrl: database.url, name: "test", sessionsMax: 1, onIdleError: () => undefined });

afterAll(async () => {
  await database?.drop();
});

it("no session has a statement compiled, which takes longer than to run it", async () => {
  const writer = await WriterSession.open({ databaseUrl: database.url, allowUnsafe: true });
  const reader = openReader();
  const query = { text: "select current_setting('jit') as jit", values: [] };
  expect((await writer.query(query)).rows).toEqual([{ jit: "off" }]);
  expect(await reader.rows(query)).toEqual([{ jit: "off" }]);
  await Promise.all([writer.close(), reader.close()]);
});

it("a query put together by Kysely that fails leaves its session to nobody", async () => {
  const reader = openReader();
  const pid = { text: "select pg_backend_pid() as pid", values: [] };
  const [before] = await reader.rows(pid);
  const failing = reader.built((kysely) => sql`select 1 / 0`.execute(kysely));
  await expect(failing).rejects.toMatchObject({ code: "batch-refused", sqlState: "22012" });
  const [after] = await reader.rows(pid);
  expect(after).not.toEqual(before);
  await reader.close();
});

describe("what a batch is planned from", () => {
  async function openStore(): Promise<PostgresLogStore> {
    const options = { databaseUrl: database.url, allowUnsafe: true, realm: "test" };
    const store = new PostgresLogStore({ ...options, onIdleError: () => undefined });
    await store.open();
    return store;
  }

  it("is read while other readers hold every session of theirs", async () => {
    const store = await openStore();
    const views = await Promise.all(Array.from({ length: 6 }, () => store.view()));
    await expect(store.player(idOf(1))).rejects.toMatchObject({ code: "database-unavailable" });
    expect(await store.planning.documents([idOf(1)])).toEqual(new Map());
    await Promise.all(views.map((view) => view.close()));
    await store.close();
  });

  it("pages for peers, too", async () => {
    const store = await openStore();
    const views = await Promise.all(Array.from({ length: 6 }, () => store.view()));
    expect(await store.entries(originOf(1), 1, { entriesMax: 1, bytesMax: 1 })).toEqual([]);
    await Promise.all(views.map((view) => view.close()));
    await store.close();
  });
});
