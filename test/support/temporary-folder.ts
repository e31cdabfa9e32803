/** Folders for one run of the tests. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { folderForTests } from "./run-folder.ts";

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function temporaryFolder(purpose: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(folderForTests(), `rollcall-test-${purpose}-${process.pid}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
