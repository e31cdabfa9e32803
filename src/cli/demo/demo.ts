/** A cluster on this machine to look at, until Ctrl-C. */
import { resolve } from "node:path";
import { endInOrder } from "../end-in-order.ts";
import { describeCluster } from "./demo-text.ts";
import { assertPortFree } from "./free-port.ts";
import { type LocalCluster, startLocalCluster } from "./local-cluster.ts";
import { LocalProcessError } from "./local-process-error.ts";
import { askDigest } from "./missed-entries.ts";
import { PartKeeper } from "./part-keeper.ts";

export interface DemoOptions {
  readonly servers: number;
  readonly folder: string;
}

const PORTS_FROM = 7401;
/** Time to write on another server while one is down. */
const SERVER_RESTART_AFTER_MS = 15_000;
/** Time to see that it is gone. */
const ENGINE_RESTART_AFTER_MS = 1_000;
const STOP_WITHIN_MS = 60_000;

export async function demo({ servers, folder: relativeFolder }: DemoOptions): Promise<void> {
  const folder = resolve(relativeFolder);
  let stopping = false;
  const starting = startLocalCluster({
    folder,
    servers,
    postgres: "shared",
    portsFrom: await freePortsFrom(servers),
    settings: { ROLLCALL_RATE_LIMIT: "off" },
    onProgress: say,
  });
  endInOrder(STOP_WITHIN_MS, async ({ err }) => {
    stopping = true;
    if (err) say(err.message);
    say("\nstopping …");
    const cluster = await starting.catch(() => undefined);
    await cluster?.stop();
    say(`stopped. The players are kept in ${folder}`);
  });
  const cluster = await starting.catch(exitWith);
  say(describeCluster(cluster, folder, process.argv[1] ?? "rollcall"));
  keepRunning(cluster, () => stopping);
}

/** What dies (the reader was invited to kill a server) returns after a while. */
function keepRunning({ servers, brokers, databases, opsToken }: LocalCluster, stopping: () => boolean): void {
  const keeper = new PartKeeper({ say, stopping, askVector: askDigest(opsToken) });
  for (const server of servers) {
    void keeper.keep({
      ...{ part: server, name: server.name, restartAfterMs: SERVER_RESTART_AFTER_MS },
      meanwhile: "Write to another one; it returns in 15 s.",
      back: () =>
        keeper.tellBack(
          server,
          servers.filter((other) => other !== server),
        ),
    });
  }
  const engines = [
    ...brokers.map((part, index) => ({
      ...{ part, name: `the broker of ${servers[index]?.name}` },
      meanwhile: "The server goes on taking reads and writes; the broker is started again.",
    })),
    ...databases.map((part) => ({
      ...{ part, name: "PostgreSQL" },
      meanwhile: "No server can write until it is back; it is started again.",
    })),
  ];
  for (const engine of engines) {
    const back = async (): Promise<void> => say(`${engine.name} is back on port ${engine.part.port}`);
    void keeper.keep({ ...engine, restartAfterMs: ENGINE_RESTART_AFTER_MS, back });
  }
}

/** The demo's own ports if they are free, so that its addresses are the same each time. */
async function freePortsFrom(servers: number): Promise<number | undefined> {
  try {
    for (let index = 0; index < servers; index++) await assertPortFree(PORTS_FROM + index, "the demo");
    return PORTS_FROM;
  } catch (error) {
    if (!(error instanceof LocalProcessError)) throw error;
    say(`a port from ${PORTS_FROM} to ${PORTS_FROM + servers - 1} is taken: the servers get other ports`);
    return undefined;
  }
}

function exitWith(error: unknown): never {
  process.stderr.write(`rollcall: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
