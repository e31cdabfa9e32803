/**
 * Which program is the Redis of this machine: `redis-server` or `valkey-server` where one is installed, else
 * js-redis-server, a Redis in JavaScript that came with npm. The last is for demos and tests only.
 */
import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { LocalProcessError } from "./local-process-error.ts";

export type BrokerEngine = "redis-server" | "valkey-server" | "js-redis-server";

export interface BrokerCommand {
  readonly engine: BrokerEngine;
  readonly command: string;
  args(port: number, folder: string): readonly string[];
}

const INSTALLED_ENGINES = ["redis-server", "valkey-server"] as const;

/** The first that is there, or the one asked for. */
export async function brokerCommand(wanted?: BrokerEngine): Promise<BrokerCommand> {
  for (const engine of INSTALLED_ENGINES) {
    if (wanted !== undefined && wanted !== engine) continue;
    const command = await findOnPath(engine);
    if (command !== undefined) return { engine, command, args: installedArgs };
  }
  if (wanted === undefined || wanted === "js-redis-server") return jsRedisServer();
  throw new LocalProcessError("not-available", `${wanted} is not installed: it is nowhere on PATH`);
}

function installedArgs(port: number, folder: string): readonly string[] {
  return [
    ...["--port", String(port), "--bind", "127.0.0.1", "--protected-mode", "yes"],
    // Pub/sub alone is used: there is nothing to keep.
    ...["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", folder],
  ];
}

/** Its command line has no setting for the address, and by itself it listens on all of them. */
const LISTEN_ON_LOOPBACK = `
  import { Server } from "node:net";
  const { listen } = Server.prototype;
  Server.prototype.listen = function (port, ...rest) {
    return listen.call(this, { port, host: "127.0.0.1" }, ...rest);
  };
`;

function jsRedisServer(): BrokerCommand {
  const cli = join(dirname(createRequire(import.meta.url).resolve("js-redis-server")), "cli.js");
  const preload = `data:text/javascript,${encodeURIComponent(LISTEN_ON_LOOPBACK)}`;
  return {
    engine: "js-redis-server",
    command: process.execPath,
    args: (port) => ["--import", preload, cli, "--port", String(port)],
  };
}

async function findOnPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = join(folder, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
