/**
 * A real PostgreSQL 18 on this machine, without one being installed.
 *
 * - It listens on 127.0.0.1 alone, on no Unix socket, and asks for a password (SCRAM), also of us.
 * - Its data stays in the folder; starting again on the same folder finds it, also after a crash.
 * - `stop` and `kill` resolve when nothing of it runs any more, its backends included.
 * - It is durable as PostgreSQL is by default, unless told otherwise.
 */
import { createDatabase, createDatabaseIfMissing, dropDatabase, probeDatabase } from "./databases.ts";
import { assertPortFree, freePort } from "./free-port.ts";
import { type LocalProcess, type ProcessEnd, startLocalProcess } from "./local-process.ts";
import { dataFolderArgument, openCluster, POSTGRES_ENVIRONMENT, SUPERUSER } from "./postgres-cluster.ts";
import { clearLeftovers, endBackends, markOf } from "./postgres-leftovers.ts";

export interface EmbeddedPostgresOptions {
  /** Belongs to this PostgreSQL alone; made if missing. */
  readonly folder: string;
  /** Any free one, if none is given. */
  readonly port?: number;
  /** As in postgresql.conf; they go before our own choices, except for what keeps it to itself. */
  readonly settings?: Readonly<Record<string, string>>;
  /** `false` loses what was committed when the machine (not the process) crashes: for tests that don't care. */
  readonly durable: boolean;
}

export interface EmbeddedPostgres {
  readonly port: number;
  /** Of the postmaster, of its last start. */
  readonly pid: number;
  /** When the postmaster that runs now ends, by whatever cause. */
  readonly ended: Promise<ProcessEnd>;
  /** For its superuser, with the password. */
  url(database: string): string;
  createDatabase(name: string, template?: string): Promise<void>;
  /** `false` if it was there already. */
  createDatabaseIfMissing(name: string): Promise<boolean>;
  dropDatabase(name: string): Promise<void>;
  /** In order: sessions are ended, everything is on disk. Does nothing if it does not run. */
  stop(): Promise<void>;
  /** As a crash: SIGKILL to the postmaster. */
  kill(): Promise<void>;
  /** Again, on the same data and port. Does nothing if it runs. */
  start(): Promise<void>;
}

const NAME = "postgres";

/** Recovery after a crash is part of a start, and may have up to `max_wal_size` to read. */
const START_WITHIN_MS = 60_000;

/** Fast shutdown (a checkpoint on a slow disk takes its time); immediate shutdown; then by force. */
const STOP_STEPS = [
  { signal: "SIGINT", waitMs: 20_000 },
  { signal: "SIGQUIT", waitMs: 5_000 },
  { signal: "SIGKILL", waitMs: 30_000 },
] as const;

const DEFAULT_SETTINGS = {
  max_connections: "100",
  shared_buffers: "64MB",
  max_wal_size: "1GB",
  timezone: "UTC",
  log_timezone: "UTC",
} as const;

const DURABLE_SETTINGS = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" } as const;
const VOLATILE_SETTINGS = { fsync: "off", synchronous_commit: "on", full_page_writes: "off" } as const;

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { folder, durable } = options;
  const cluster = await openCluster(folder, durable);
  const port = options.port ?? (await freePort());
  const url = (database: string) =>
    `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}`;
  const adminUrl = url("postgres");
  const mark = markOf(cluster.dataFolder);
  const settings = {
    ...DEFAULT_SETTINGS,
    ...(durable ? DURABLE_SETTINGS : VOLATILE_SETTINGS),
    ...options.settings,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    cluster_name: mark,
  };

  const launch = (): Promise<LocalProcess> =>
    startLocalProcess({
      name: NAME,
      folder,
      command: cluster.binaries.postgres,
      args: [
        "-D",
        dataFolderArgument(cluster.dataFolder, cluster.account),
        ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      cwd: cluster.dataFolder,
      env: POSTGRES_ENVIRONMENT,
      account: cluster.account,
      stopSteps: STOP_STEPS,
      beforeStart: async () => {
        await clearLeftovers(cluster.dataFolder, STOP_STEPS);
        await assertPortFree(port, NAME);
      },
    });
  const ready = (): Promise<void> => postmaster.ready(() => probeDatabase(adminUrl), START_WITHIN_MS);

  let postmaster = await launch();
  await ready();
  return {
    port,
    get pid() {
      return postmaster.pid;
    },
    get ended() {
      return postmaster.ended;
    },
    url,
    createDatabase: (name, template) => createDatabase(adminUrl, name, template),
    createDatabaseIfMissing: (name) => createDatabaseIfMissing(adminUrl, name),
    dropDatabase: (name) => dropDatabase(adminUrl, name),
    async stop() {
      await postmaster.stop();
      await endBackends(mark);
    },
    async kill() {
      await postmaster.kill();
      await endBackends(mark);
    },
    async start() {
      if (postmaster.isRunning()) return;
      // Known before it is ready, so that it can be stopped while it starts.
      postmaster = await launch();
      await ready();
    },
  };
}
