/**
 * One Redis on this machine, on 127.0.0.1 alone, keeping nothing: the broker of a demo or a test.
 *
 * It can be frozen, which no client is told of, and killed; it comes back on the same port, so that clients
 * find it again.
 */
import { mkdir } from "node:fs/promises";
import { type BrokerEngine, brokerCommand } from "./broker-engine.ts";
import { assertPortFree, freePort } from "./free-port.ts";
import { type LocalProcess, type ProcessEnd, startLocalProcess } from "./local-process.ts";
import { LocalProcessError } from "./local-process-error.ts";
import { pingRedis } from "./redis-ping.ts";

export interface LocalBrokerOptions {
  /** Belongs to this broker alone; made if missing. */
  readonly folder: string;
  /** Any free one, if none is given. */
  readonly port?: number;
  /** The best one found, if none is given. */
  readonly engine?: BrokerEngine;
}

export interface LocalBroker {
  readonly url: string;
  readonly port: number;
  readonly engine: BrokerEngine;
  /** Of its last start. */
  readonly pid: number;
  isRunning(): boolean;
  /** When the process that runs now ends, by whatever cause. */
  readonly ended: Promise<ProcessEnd>;
  /** In order, also when frozen. Does nothing if it does not run. */
  stop(): Promise<void>;
  /** As a crash: SIGKILL. */
  kill(): Promise<void>;
  /** It keeps its connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  /** Again, on the same port. Does nothing if it runs. */
  start(): Promise<void>;
}

const NAME = "redis";
const START_WITHIN_MS = 15_000;
const PING_WITHIN_MS = 1_000;

/** It has nothing to save. js-redis-server would wait for its clients to leave. */
const STOP_STEPS = [
  { signal: "SIGTERM", waitMs: 1_000 },
  { signal: "SIGKILL", waitMs: 5_000 },
] as const;

export async function startLocalBroker(options: LocalBrokerOptions): Promise<LocalBroker> {
  const { folder } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { engine, command, args } = await brokerCommand(options.engine);
  const port = options.port ?? (await freePort());

  const launch = (): Promise<LocalProcess> =>
    startLocalProcess({
      name: NAME,
      folder,
      command,
      args: args(port, folder),
      cwd: folder,
      // No NODE_OPTIONS of ours for the engine in JavaScript.
      env: { PATH: process.env.PATH },
      stopSteps: STOP_STEPS,
      beforeStart: () => assertPortFree(port, NAME),
    });
  const ready = (): Promise<void> => redis.ready(() => pingRedis(port, PING_WITHIN_MS), START_WITHIN_MS);

  let redis = await launch();
  await ready();
  const signal = (value: NodeJS.Signals): void => {
    if (!redis.isRunning())
      throw new LocalProcessError("not-running", `${NAME} on port ${port} does not run`);
    redis.signal(value);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    engine,
    get pid() {
      return redis.pid;
    },
    isRunning: () => redis.isRunning(),
    get ended() {
      return redis.ended;
    },
    stop: () => redis.stop(),
    kill: () => redis.kill(),
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    async start() {
      if (redis.isRunning()) return;
      // Known before it is ready, so that it can be stopped while it starts.
      redis = await launch();
      await ready();
    },
  };
}
