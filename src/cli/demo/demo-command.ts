/** `rollcall demo`: a cluster on this machine to look at, until Ctrl-C. */
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { endInOrder } from "../end-in-order.ts";
import { describeCluster } from "./demo-text.ts";
import { assertPortFree } from "./free-port.ts";

import { startLocalCluster } from "./local-cluster.ts";
import { LocalProcessError } from "./local-process-error.ts";
import type { LocalServer } from "./local-server.ts";

interface DemoOptions {
  readonly servers: number;
  readonly folder: string;
}

const DEFAULT_FOLDER = ".rollcall/demo";
const SERVERS_MAX = 9;
const PORTS_FROM = 7401;
/** Time to write on another server while one is down. */
const RESTART_AFTER_MS = 15_000;
const STOP_WITHIN_MS = 60_000;

export function demoCommand(): Command {
  return new Command("demo")
    .description("run a whole cluster on this machine: PostgreSQL, Redis and servers, nothing to install")
    .option("--servers <number>", "how many servers", parseServers, 3)
    .option("--folder <path>", "where its data is kept between runs", DEFAULT_FOLDER)
    .addHelpText(
      "after",
      "\nExample:\n  rollcall demo --servers 3\n  curl -s http://127.0.0.1:7401/v1/players",
    )
    .action(demo);
}

async function demo({ servers, folder: relativeFolder }: DemoOptions): Promise<void> {
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
  say(describeCluster(cluster, folder));
  for (const server of cluster.servers) void bringBack(server, () => stopping);
}

/** A server that dies (the reader was invited to kill one) returns after a while. */
async function bringBack(server: LocalServer, stopping: () => boolean): Promise<void> {
  for (;;) {
    const { signal, code } = await server.ended;
    if (stopping()) return;
    say(`${server.name} ended (${signal ?? `exit code ${code}`}). Write to another one; it returns in 15 s.`);
    await new Promise((resolved) => setTimeout(resolved, RESTART_AFTER_MS));
    if (stopping()) return;
    await server.start();
    say(`${server.name} is back as process ${server.pid}, with everything it missed: ${server.url}`);
  }
}

/** The demo's own ports if they are free, so that its addresses are the same each time. */
async function freePortsFrom(servers: number): Promise<number | undefined> {
  try {
    for (let index = 0; index < servers; index++) await assertPortFree(PORTS_FROM + index, "the demo");
    return PORTS_FROM;
  } catch (error) {
    if (!(error instanceof LocalProcessError)) throw error;
    return undefined;
  }
}

function exitWith(error: unknown): never {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

function parseServers(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > SERVERS_MAX) {
    throw new InvalidArgumentError(`expected a number from 1 to ${SERVERS_MAX}`);
  }
  return number;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
