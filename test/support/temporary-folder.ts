/**
 * Folders for one run of the tests. The name has the pid of the run, so that what a killed run left behind can
 * be told from what a running one uses.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identify } from "../../src/cli/demo/process-identity.ts";

const PREFIX = "rollcall-test-";

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function temporaryFolder(purpose: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${purpose}-${process.pid}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Those of runs that are over. */
export async function abandonedFolders(purpose: string): Promise<readonly string[]> {
  const start = `${PREFIX}${purpose}-`;
  return (await readdir(tmpdir()))
    .filter((name) => name.startsWith(start))
    .filter((name) => identify(Number.parseInt(name.slice(start.length), 10)) === undefined)
    .map((name) => join(tmpdir(), name));
}
