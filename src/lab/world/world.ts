/**
 * The machine that a scenario breaks: real servers, each with a real broker and database, and a fault proxy on each
 * road between them. `hears` is the road by which a server hears another: from it to the other's broker, as each
 * server publishes at its own broker and subscribes at all.
 */
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmbeddedPostgres } from "../../cli/demo/embedded-postgres.ts";
import type { LocalBroker } from "../../cli/demo/local-broker.ts";
import { type LocalCluster, type Road, startLocalCluster } from "../../cli/demo/local-cluster.ts";
import type { LocalServer } from "../../cli/demo/local-server.ts";
import { type FaultProxy, startFaultProxy } from "../proxy/fault-proxy.ts";
import { type ClockFile, openClockFile } from "./clock-file.ts";

export interface WorldOptions {
  readonly servers: number;
  /** `each`: databases can be killed one by one. */
  readonly databases: "shared" | "each";
  /** From 0 to 1. */
  readonly random: () => number;
  /** The compiled command line to run, other than this checkout's own. */
  readonly command?: string | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface Server {
  readonly number: number;
  readonly name: string;
  readonly url: string;
  readonly process: LocalServer;
  readonly broker: LocalBroker;
  readonly database: EmbeddedPostgres;
  /** Past all proxies. */
  readonly databaseUrl: string;
  /** Between the server and its database. */
  readonly databaseRoad: FaultProxy;
  /** Between the server and the broker of that server, its own one too. */
  hears(other: Server): FaultProxy;
  readonly clock: ClockFile;
}

export interface World {
  readonly servers: readonly Server[];
  readonly opsToken: string;
  readonly apiKey: string;
  /** Copies what the servers logged into a folder, as `<prefix>-<server>.log`. */
  keepLogs(folder: string, prefix: string): Promise<void>;
  /** Ends all of it, and removes what it kept. */
  end(): Promise<void>;
}

/** Of a trusted back end, which may act for any player. */
const API_KEY = "key-of-the-split-brain-lab";

export async function startWorld(options: WorldOptions): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), `rollcall-lab-${process.pid}-`));
  const roads = new Map<string, FaultProxy>();
  const clocks: ClockFile[] = [];
  let cluster: LocalCluster | undefined;
  const end = async (): Promise<void> => {
    try {
      await cluster?.stop();
      for (const road of roads.values()) await road.down();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  try {
    for (let number = 1; number <= options.servers; number++) {
      clocks.push(await openClockFile(join(folder, `clock-${number}`)));
    }
    cluster = await startLocalCluster({
      folder,
      servers: options.servers,
      postgres: options.databases,
      settings: {
        ROLLCALL_RATE_LIMIT: "off",
        ROLLCALL_API_KEYS: API_KEY,
        ROLLCALL_LOG_LEVEL: "warn",
      },
      async portOf(road) {
        const proxy = await startFaultProxy({ targetPort: road.port, random: options.random });
        roads.set(roadName(road), proxy);
        return proxy.port;
      },
      program: (number) => ({
        ...(options.command !== undefined && { command: options.command }),
        nodeArguments: clocks[number - 1]?.nodeArguments ?? [],
      }),
      ...(options.onProgress && { onProgress: options.onProgress }),
    });
    const servers = serversOf(cluster, roads, clocks);
    const keepLogs = async (into: string, prefix: string): Promise<void> => {
      for (const { name, process } of servers) {
        await copyFile(process.logPath, join(into, `${prefix}-${name}.log`));
      }
    };
    return { servers, opsToken: cluster.opsToken, apiKey: API_KEY, keepLogs, end };
  } catch (error) {
    await end();
    throw error;
  }
}

function serversOf(
  cluster: LocalCluster,
  roads: ReadonlyMap<string, FaultProxy>,
  clocks: readonly ClockFile[],
): Server[] {
  const road = (from: number, to: Road["to"]) => must(roads.get(roadName({ from, to })));
  return cluster.servers.map((process, index): Server => {
    const number = index + 1;
    return {
      number,
      name: process.name,
      url: process.url,
      process,
      broker: must(cluster.brokers[index]),
      database: must(cluster.databases[index] ?? cluster.databases[0]),
      databaseUrl: must(cluster.databaseUrls[index]),
      databaseRoad: road(number, "database"),
      hears: (other) => road(number, { broker: other.number }),
      clock: must(clocks[index]),
    };
  });
}

function roadName({ from, to }: Pick<Road, "from" | "to">): string {
  return to === "database" ? `${from} database` : `${from} broker ${to.broker}`;
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError("a cluster was started with a part missing");
  return value;
}
