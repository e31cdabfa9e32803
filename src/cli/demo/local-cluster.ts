/**
 * A whole cluster on this machine, for the demo, the tests and the benchmarks: embedded PostgreSQL, a Redis for
 * each server, and the servers, each a process of its own. Everything listens on 127.0.0.1 alone.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { type LocalBroker, startLocalBroker } from "./local-broker.ts";
import { type LocalServer, type ServerProgram, startLocalServer } from "./local-server.ts";

export interface LocalClusterOptions {
  /** Keeps all data; made if missing. A cluster started on it again has its players. */
  readonly folder: string;
  readonly servers: number;
  /** One PostgreSQL with a database for each server, or one PostgreSQL each. */
  readonly postgres: "shared" | "each";
  /** The servers' ports, counted up from this one; any free ones, if it is not given. */
  readonly portsFrom?: number | undefined;
  /** Further settings of every server. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The port by which a server reaches a broker or its database: that of a proxy, where something stands between. */
  readonly portOf?: (road: Road) => Promise<number>;
  /** What runs a server, other than this checkout's own command. */
  readonly program?: (server: number) => ServerProgram;
  readonly onProgress?: (text: string) => void;
}

/** From a server to the broker of a server, or to its own database. Servers count from 1. */
export interface Road {
  readonly from: number;
  readonly to: { readonly broker: number } | "database";
  /** Where it ends. */
  readonly port: number;
}

export interface LocalCluster {
  readonly servers: readonly LocalServer[];
  /** `brokers[i]` is the broker of `servers[i]`. */
  readonly brokers: readonly LocalBroker[];
  /** One, or one for each server. */
  readonly databases: readonly EmbeddedPostgres[];
  /** `databaseUrls[i]` is where `servers[i]` keeps everything. */
  readonly databaseUrls: readonly string[];
  readonly opsToken: string;
  /** Of a trusted back end, unless the settings name other keys. */
  readonly apiKey: string;
  /** Ends all of it, servers first. */
  stop(): Promise<void>;
}

/** The realm of every local cluster. */
export const REALM = "demo";
const SECRET_BYTES = 32;
/** 24 characters: one of fewer than 22 would be limited like everybody, as it could be guessed. */
const TOKEN_BYTES = 12;

export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { folder, onProgress = () => undefined } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let last = stops.pop(); last; last = stops.pop()) await last();
  };
  const numbers = Array.from({ length: options.servers }, (_, index) => index + 1);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const clusterSecret = await keptSecret(join(folder, "cluster-secret"), SECRET_BYTES);
    const opsToken = await keptSecret(join(folder, "ops-token"), TOKEN_BYTES);
    const apiKey = await keptSecret(join(folder, "api-key"), TOKEN_BYTES);

    const databases: EmbeddedPostgres[] = [];
    for (const number of options.postgres === "each" ? numbers : [1]) {
      onProgress("starting PostgreSQL");
      const suffix = options.postgres === "each" ? `-${number}` : "";
      const database = await startEmbeddedPostgres({
        folder: join(folder, `postgres${suffix}`),
        durable: true,
      });
      stops.push(() => database.stop());
      databases.push(database);
    }

    onProgress("starting brokers");
    const brokers = await Promise.all(
      numbers.map((number) => startLocalBroker({ folder: join(folder, `broker-${number}`) })),
    );
    stops.push(async () => {
      await Promise.all(brokers.map((broker) => broker.stop()));
    });

    onProgress("starting servers");
    const portOf = options.portOf ?? (async ({ port }: Road) => port);
    const databaseUrls = await Promise.all(
      numbers.map(async (number) => {
        const database = databases[number - 1] ?? databases[0];
        if (!database) throw new RangeError("a cluster has a PostgreSQL");
        await database.createDatabaseIfMissing(databaseName(number));
        return database.url(databaseName(number));
      }),
    );
    const servers = await Promise.all(
      numbers.map(async (number) => {
        const name = `server-${number}`;
        const brokerUrls = await Promise.all(
          brokers.map(async ({ url, port }, index) =>
            withPort(url, await portOf({ from: number, to: { broker: index + 1 }, port })),
          ),
        );
        const databaseUrl = databaseUrls[number - 1] ?? "";
        const databasePort = await portOf({
          from: number,
          to: "database",
          port: Number(new URL(databaseUrl).port),
        });
        const server = await startLocalServer({
          name,
          folder: join(folder, name),
          port: options.portsFrom === undefined ? undefined : options.portsFrom + number - 1,
          ...options.program?.(number),
          settings: {
            ROLLCALL_REALM: REALM,
            ROLLCALL_DATABASE_URL: withPort(databaseUrl, databasePort),
            ROLLCALL_BROKER_URL: brokerUrls[number - 1] ?? "",
            ROLLCALL_PEER_BROKER_URLS: brokerUrls.join(","),
            ROLLCALL_CLUSTER_SECRET: clusterSecret,
            ROLLCALL_OPS_TOKEN: opsToken,
            ROLLCALL_API_KEYS: apiKey,
            ...options.settings,
          },
        });
        stops.push(() => server.stop());
        return server;
      }),
    );
    return { servers, brokers, databases, databaseUrls, opsToken, apiKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

function databaseName(number: number): string {
  return `rollcall_${number}`;
}

/** Made at the first start, readable by its owner alone. */
async function keptSecret(path: string, bytes: number): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    const secret = randomBytes(bytes).toString("hex");
    await writeFile(path, `${secret}\n`, { mode: 0o600 });
    return secret;
  }
}
