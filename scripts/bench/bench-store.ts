/** A log store for one benchmark, on a durable PostgreSQL of its own that goes with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../src/cli/demo/embedded-postgres.ts";
import { PostgresLogStore } from "../../src/storage/postgres/postgres-log-store.ts";

/** The store is open. */
export async function withStore<T>(measure: (store: PostgresLogStore) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
  const postgres = await startEmbeddedPostgres({ folder, durable: true });
  try {
    await postgres.createDatabase("bench");
    const store = new PostgresLogStore({
      databaseUrl: postgres.url("bench"),
      realm: "bench",
      allowUnsafe: false,
      onIdleError: () => undefined,
    });
    try {
      await store.open();
      return await measure(store);
    } finally {
      await store.close();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
