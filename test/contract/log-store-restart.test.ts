/** PostgreSQL stopped, killed and started again under its log store; and one that waits for the disk. */

import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/cli/demo/embedded-postgres.ts";
import { DatabaseUnavailableError, NotDurableError, OutcomeUnknownError } from "../../src/storage/errors.ts";
import { PostgresLogStore } from "../../src/storage/postgres/postgres-log-store.ts";
import { eventually } from "../support/eventually.ts";
import {
  batchOf,
  documentOf,
  entriesOf,
  idOf,
  originOf,
  playerOf,
  playerRowOf,
} from "../support/log-fixtures.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

const RESTART_WITHIN_MS = 20_000;

describe("log store on a durable PostgreSQL", () => {
  let folder: TemporaryFolder;
  let postgres: EmbeddedPostgres;
  let databases = 0;
  let name: string;
  let store: PostgresLogStore;

  beforeAll(async () => {
    folder = await temporaryFolder("durable");
    postgres = await startEmbeddedPostgres({ folder: folder.path, durable: true });
  });

  afterAll(async () => {
    await postgres.stop();
    await folder.remove();
  });

  beforeEach(async () => {
    name = `durable_${++databases}`;
    await postgres.createDatabase(name);
    store = new PostgresLogStore({
      databaseUrl: postgres.url(name),
      realm: "default",
      allowUnsafe: false,
      // Whether a broken connection is noticed while idle or by the next query is chance.
      onIdleError: () => undefined,
    });
  });

  afterEach(() => store.close());

  async function set(setting: string): Promise<void> {
    const admin = new pg.Client(postgres.url("postgres"));
    await admin.connect();
    await admin.query(`alter database ${name} set ${setting}`);
    await admin.end();
  }

  it("serves one that waits for the disk, and not when a setting of the database makes it hurry", async () => {
    await set("synchronous_commit = off");
    const error = await store.open().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(NotDurableError);
    expect(String(error)).toContain("synchronous_commit = off");
    await set("synchronous_commit = on");
    await store.open();
  });

  it.each(["stop", "kill"] as const)(
    "[LOG2] comes back after a %s of PostgreSQL with all that it committed",
    async (end) => {
      await store.open();
      const row = playerRowOf(playerOf(1));
      await store.commit(batchOf({ entries: entriesOf(3), documents: [documentOf(1)], players: [row] }));
      const stored = { ...row, heads: documentOf(1).heads, usernameOwnerId: null };
      expect((await store.players({ nowMs: 0, limit: 1 })).items).toEqual([stored]);

      await postgres[end]();
      await expect(store.player(idOf(1))).rejects.toThrow(DatabaseUnavailableError);
      await expect(store.players({ nowMs: 0, limit: 1 })).rejects.toThrow(DatabaseUnavailableError);
      await expect(store.ping()).rejects.toThrow(DatabaseUnavailableError);
      const commit = await store
        .commit(batchOf({ entries: entriesOf(1, 4) }))
        .catch((error: unknown) => error);
      expect([OutcomeUnknownError, DatabaseUnavailableError].some((type) => commit instanceof type)).toBe(
        true,
      );
      await expect(store.open()).rejects.toThrow(DatabaseUnavailableError);

      await postgres.start();
      const { vector } = await eventually(() => store.open(), { withinMs: RESTART_WITHIN_MS });
      expect(vector).toEqual(new Map([[originOf(1), 3]]));
      expect(await store.player(idOf(1))).toEqual(stored);
      await store.commit(batchOf({ entries: entriesOf(1, 4) }));
      await store.ping();
    },
  );
});
