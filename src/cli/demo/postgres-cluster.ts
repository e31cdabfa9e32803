/**
 * The database cluster in an engine's folder: made by initdb at the first start, found again at later ones.
 *
 *   <folder>/cluster/data      what PostgreSQL calls its data directory
 *   <folder>/cluster/password  of its superuser: random, readable by its owner alone
 *
 * Both appear together, by one rename: a start that is broken off leaves no half-made cluster behind, and of
 * two that race one cluster is kept, with its own password.
 */
import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "./error-code.ts";
import { startLocalProcess } from "./local-process.ts";
import { LocalProcessError } from "./local-process-error.ts";
import { type Account, accountFor, ownerOf } from "./postgres-account.ts";
import { type PostgresBinaries, postgresBinaries } from "./postgres-binaries.ts";
import { identify } from "./process-identity.ts";

/** Followed by the pid of its maker. */
const DRAFT = "new-cluster-";

export const SUPERUSER = "rollcall";

export interface PostgresCluster {
  readonly dataFolder: string;
  readonly password: string;
  readonly account: Account | undefined;
  readonly binaries: PostgresBinaries;
}

/** `durable: false` also leaves out the wait for the disk when the cluster is made. */
export async function openCluster(folder: string, durable: boolean): Promise<PostgresCluster> {
  const cluster = join(folder, "cluster");
  const dataFolder = join(cluster, "data");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const account = await accountFor(dataFolder);
    const binaries = await postgresBinaries(account);
    if ((await ownerOf(cluster)) === undefined)
      await makeCluster(folder, cluster, durable, account, binaries);
    const password = (await readFile(join(cluster, "password"), "utf8")).trim();
    return { dataFolder, password, account, binaries };
  } catch (error) {
    if (hasCode(error, "EACCES") || hasCode(error, "EPERM")) {
      throw new LocalProcessError(
        "folder-unusable",
        `${folder} belongs to another user: start as that user, or choose another folder`,
        error,
      );
    }
    throw error;
  }
}

/**
 * How PostgreSQL is told where its data is. Another account may be unable to walk there (a checkout in root's
 * home is closed to all others), but a process is in its working directory without walking; on Linux that has
 * an absolute name.
 */
export function dataFolderArgument(dataFolder: string, account: Account | undefined): string {
  return account !== undefined && process.platform === "linux" ? "/proc/self/cwd" : dataFolder;
}

/** Nothing of our own environment: PGDATA, PGPORT, LC_ALL and the like would each change what is started. */
export const POSTGRES_ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" } as const;

/** initdb removes what it made when it is interrupted. */
const INITDB_STOP_STEPS = [
  { signal: "SIGINT", waitMs: 5_000 },
  { signal: "SIGKILL", waitMs: 5_000 },
] as const;

async function makeCluster(
  folder: string,
  cluster: string,
  durable: boolean,
  account: Account | undefined,
  binaries: PostgresBinaries,
): Promise<void> {
  const draft = await mkdtemp(join(folder, `${DRAFT}${process.pid}-`));
  try {
    const dataFolder = join(draft, "data");
    const passwordFile = join(draft, "password");
    await mkdir(dataFolder, { mode: 0o700 });
    await writeFile(passwordFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flush: true });
    if (account !== undefined) {
      for (const path of [draft, dataFolder, passwordFile]) await chown(path, account.uid, account.gid);
    }
    const initdb = await startLocalProcess({
      name: "initdb",
      folder,
      command: binaries.initdb,
      args: [
        `--pgdata=${dataFolderArgument(dataFolder, account)}`,
        `--username=${SUPERUSER}`,
        "--pwfile=../password",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        // C.UTF-8 from PostgreSQL itself: the same on every system, whatever locales that has installed.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        ...(durable ? [] : ["--no-sync"]),
      ],
      cwd: dataFolder,
      env: POSTGRES_ENVIRONMENT,
      account,
      stopSteps: INITDB_STOP_STEPS,
    });
    await initdb.succeeded();
    await syncFolder(draft);
    await rename(draft, cluster);
    await syncFolder(folder);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY")) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeAbandonedDrafts(folder);
}

/** What was created in it or renamed into it is there after a power failure, too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Of starts that were killed. The name has the pid of its maker, who may be at it still. */
async function removeAbandonedDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const makerPid = Number.parseInt(name.slice(DRAFT.length), 10);
    if (!name.startsWith(DRAFT) || identify(makerPid) !== undefined) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
