/**
 * The folder of one run of the tests: all temporary folders are in it, and who runs is written down in it, so that a
 * run that ends in whatever way leaves nothing (`sweep.ts`). Its name has the pid of the run, so that what a run left
 * behind can be told from what a running one uses.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identify } from "../../src/cli/demo/process-identity.ts";

/** In the environment of the run's workers. */
const VARIABLE = "TEST_RUN_FOLDER";
const PREFIX = "rollcall-test-run-";

/** What runs, beside engines and servers, which write their claims themselves: who runs tests, and what these call. */
export type Role = "worker" | "command";

/** Where temporary folders are made; without a run, as of unit tests, where all are. */
export function folderForTests(): string {
  return process.env[VARIABLE] ?? tmpdir();
}

export async function makeRunFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  for (const role of ["worker", "command"] as const) await mkdir(recordsOf(folder, role));
  process.env[VARIABLE] = folder;
  return folder;
}

/** Of runs that are over. */
export async function abandonedRunFolders(): Promise<readonly string[]> {
  return (await readdir(tmpdir()))
    .filter((name) => name.startsWith(PREFIX))
    .filter((name) => identify(Number.parseInt(name.slice(PREFIX.length), 10)) === undefined)
    .map((name) => join(tmpdir(), name));
}

/** So that it ends with the run. */
export function register(pid: number | undefined, role: Role): void {
  const identity = pid === undefined ? undefined : identify(pid);
  const folder = process.env[VARIABLE];
  if (identity === undefined || folder === undefined) return;
  mkdirSync(recordsOf(folder, role), { recursive: true });
  writeFileSync(join(recordsOf(folder, role), `${identity.pid}.json`), JSON.stringify(identity));
}

export function recordsOf(runFolder: string, role: Role): string {
  return join(runFolder, `${role}s`);
}
