/** One Rollcall server on this machine: `rollcall serve` as a process of its own, killed and started at will. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { type LocalProcess, type ProcessEnd, startLocalProcess } from "./local-process.ts";
import { LocalProcessError } from "./local-process-error.ts";

export interface ServerProgram {
  /** The compiled command line; this checkout's own, if none is given. */
  readonly command?: string;
  /** For Node.js, before it. */
  readonly nodeArguments?: readonly string[];
}

export interface LocalServerOptions extends ServerProgram {
  readonly name: string;
  /** Belongs to this server alone; made if missing. */
  readonly folder: string;
  /** Any free one, if none is given. */
  readonly port?: number | undefined;
  /** Settings beside name, host and port. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface LocalServer {
  readonly name: string;
  readonly url: string;
  /** Of all its starts. */
  readonly logPath: string;
  /** Of its last start. */
  readonly pid: number;
  isRunning(): boolean;
  /** When the process that runs now ends, by whatever cause. */
  readonly ended: Promise<ProcessEnd>;
  /** Again, on the same port and data; resolves when it is ready. Does nothing if it runs. */
  start(): Promise<void>;
  /** Likewise, but resolves at once: what it needs may be away. */
  launch(): Promise<void>;
  /** SIGTERM: it drains. */
  stop(): Promise<void>;
  /** As a crash: SIGKILL. */
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

const HOST = "127.0.0.1";
const READY_WITHIN_MS = 60_000;
const STOP_STEPS = [
  { signal: "SIGTERM", waitMs: 20_000 },
  { signal: "SIGKILL", waitMs: 5_000 },
] as const;

/** Run from source (tests), the compiled command is used; Node 20 cannot run TypeScript. */
const COMMAND = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../../dist/src/cli/main.js" : "../main.js", import.meta.url),
);

/** Starts it and waits until it is ready. @throws LocalProcessError with the end of its log. */
export async function startLocalServer({
  name,
  folder,
  port: wantedPort,
  settings,
  command = COMMAND,
  nodeArguments = [],
}: LocalServerOptions): Promise<LocalServer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const port = wantedPort ?? (await freePort());
  const url = `http://${HOST}:${port}`;

  const launch = (): Promise<LocalProcess> =>
    startLocalProcess({
      name: "rollcall",
      folder,
      command: process.execPath,
      args: [...nodeArguments, command, "serve"],
      env: {
        ...environmentOfOthers(),
        ROLLCALL_SERVER: name,
        ROLLCALL_HOST: HOST,
        ROLLCALL_PORT: String(port),
        ...settings,
      },
      stopSteps: STOP_STEPS,
    });
  const ready = (): Promise<void> => running.ready(() => requireReady(url), READY_WITHIN_MS);

  const launchIfEnded = async (): Promise<void> => {
    if (!running.isRunning()) running = await launch();
  };

  let running = await launch();
  await ready();
  return {
    name,
    url,
    logPath: running.logPath,
    get pid() {
      return running.pid;
    },
    get ended() {
      return running.ended;
    },
    isRunning: () => running.isRunning(),
    async start() {
      if (running.isRunning()) return;
      // Known before it is ready, so that it can be stopped while it starts.
      running = await launch();
      await ready();
    },
    launch: launchIfEnded,
    stop: () => running.stop(),
    kill: () => running.kill(),
    signal: (signal) => running.signal(signal),
  };
}

async function requireReady(url: string): Promise<void> {
  const response = await fetch(`${url}/readyz`);
  if (!response.ok) throw new LocalProcessError("did-not-start", `${url}/readyz answers ${response.status}`);
}

/** Settings of a real server, in the environment of whoever runs the demo, are not for this one. */
function environmentOfOthers(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ROLLCALL_")));
}
