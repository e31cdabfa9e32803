/**
 * One PostgreSQL for all test files of a run: started before the first, stopped and removed after the last,
 * whatever became of the tests. vitest calls `setup` once for each project; they share it.
 *
 * It does not wait for the disk, so it is fast and knows nothing of a power failure. A test that kills its
 * PostgreSQL, or that is about durability, starts its own.
 */
import { rm } from "node:fs/promises";
import type { TestProject } from "vitest/node";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
  stopOrphanedPostgres,
} from "../../src/cli/demo/embedded-postgres.ts";
import { abandonedFolders, type TemporaryFolder, temporaryFolder } from "./temporary-folder.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Of the shared PostgreSQL, as its superuser. */
    readonly adminDatabaseUrl: string;
  }
}

interface SharedPostgres {
  readonly starting: Promise<{ postgres: EmbeddedPostgres; folder: TemporaryFolder }>;
  users: number;
}

/** Each project loads this module anew; what they share has to be outside it. */
const KEY = Symbol.for("rollcall.test.shared-postgres");
const everywhere = globalThis as { [KEY]?: SharedPostgres | undefined };

const PURPOSE = "postgres";

export async function setup(project: TestProject): Promise<void> {
  everywhere[KEY] ??= { starting: start(), users: 0 };
  const shared = everywhere[KEY];
  shared.users += 1;
  const { postgres } = await shared.starting;
  project.provide("adminDatabaseUrl", postgres.url("postgres"));
}

export async function teardown(): Promise<void> {
  const shared = everywhere[KEY];
  if (shared === undefined) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  everywhere[KEY] = undefined;
  const { postgres, folder } = await shared.starting;
  try {
    await postgres.stop();
  } finally {
    await folder.remove();
  }
}

async function start() {
  await removeAbandoned();
  const folder = await temporaryFolder(PURPOSE);
  try {
    const settings = { max_connections: "200" };
    return {
      folder,
      postgres: await startEmbeddedPostgres({ folder: folder.path, settings, durable: false }),
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** A run that was killed left its PostgreSQL running, and nobody will start on that folder again. */
async function removeAbandoned(): Promise<void> {
  for (const folder of await abandonedFolders(PURPOSE)) {
    await stopOrphanedPostgres(folder);
    await rm(folder, { recursive: true, force: true });
  }
}
