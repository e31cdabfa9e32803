/**
 * One PostgreSQL for all test files of a run: started before the first, stopped and removed after the last,
 * whatever became of the tests. vitest calls `setup` once for each project; they share it. Beside it runs the sweeper,
 * which ends all that was started if the run cannot, and what tests that failed have left.
 *
 * It does not wait for the disk, so it is fast and knows nothing of a power failure. A test that kills its
 * PostgreSQL, or that is about durability, starts its own.
 */
import type { TestProject } from "vitest/node";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/cli/demo/embedded-postgres.ts";
import { abandonedRunFolders, makeRunFolder } from "./run-folder.ts";
import { type RunSweeper, startSweeper } from "./run-sweeper.ts";
import { sweep } from "./sweep.ts";
import { temporaryFolder } from "./temporary-folder.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Of the shared PostgreSQL, as its superuser. */
    readonly adminDatabaseUrl: string;
  }
}

interface SharedPostgres {
  readonly starting: Promise<{ postgres: EmbeddedPostgres; sweeper: RunSweeper }>;
  users: number;
}

/** Each project loads this module anew; what they share has to be outside it. */
const KEY = Symbol.for("rollcall.test.shared-postgres");
const everywhere = globalThis as { [KEY]?: SharedPostgres | undefined };

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
  const { postgres, sweeper } = await shared.starting;
  try {
    await postgres.stop();
  } finally {
    await sweeper.end();
  }
}

async function start() {
  for (const folder of await abandonedRunFolders()) await sweep(folder, ["worker", "command"]);
  const sweeper = startSweeper(await makeRunFolder());
  try {
    const { path: folder } = await temporaryFolder("postgres");
    const settings = { max_connections: "200" };
    return { sweeper, postgres: await startEmbeddedPostgres({ folder, settings, durable: false }) };
  } catch (error) {
    await sweeper.end();
    throw error;
  }
}
