/**
 * The composition root: settings -> parts -> start and stop, in order.
 *
 * Start: HTTP listens first, so that health can be asked, then the database is opened (tried again while it is
 * away), then gossip begins. Stop: requests end, waiting writes are stored, the others are told, connections
 * close.
 */

import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { uuidv7 } from "uuidv7";
import { RollcallError } from "../../crdt/errors.ts";
import { createFrameCodec } from "../gossip/frame.ts";
import { channelsOf, Gossiper } from "../gossip/gossiper.ts";
import { RedisBroker } from "../gossip/redis-broker.ts";
import { createApp } from "../http/app.ts";
import { EventHub } from "../http/events/event-hub.ts";
import { startListener } from "../http/listener.ts";
import { isLoopback } from "../http/local-writes.ts";
import { Registry } from "../registry/registry.ts";
import { Verification } from "../registry/verification/verification.ts";
import { DatabaseUnavailableError } from "../storage/errors.ts";
import { PostgresLogStore } from "../storage/postgres/postgres-log-store.ts";
import { ClusterRecorder } from "./cluster-recorder.ts";
import { clusterView } from "./cluster-view.ts";
import { watchForgetting } from "./forgetting-watch.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import { Metrics } from "./metrics.ts";
import { presenceOf } from "./presence-source.ts";
import { readiness } from "./readiness.ts";
import type { Settings } from "./settings.ts";
import { Sweeper } from "./sweeper.ts";
import { SYSTEM_CLOCK } from "./system-clock.ts";

export interface RunningServer {
  readonly url: string;
  /**
   * Resolves when the database is open; a database that is away is waited for. Rejects when it may not be used:
   * wrong realm, another process, not durable, no right.
   */
  readonly opened: Promise<void>;
  /** Ends in order; safe to call twice. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly settings: Settings;
  readonly version: string;
  readonly logger: Logger;
  /** The server cannot go on: another process took its database. */
  readonly onFatal: (error: unknown) => void;
  /** Operators forgot this incarnation (MBR3): it has to be stopped, and the server to be started again. */
  readonly onForgotten: () => void;
}

const INCARNATION_BYTES = 16;
const OPEN_PAUSE_MIN_MS = 100;
const OPEN_PAUSE_MAX_MS = 2_000;
/** A sixth of the lease. */
const EXPIRY_SWEEP_MS = 5_000;
/** What comes in a minute may be above what is kept. */
const REQUEST_SWEEP_MS = 60_000;

/** Beside the built code; where that was not built, as under a loader of TypeScript, there is none. */
const CONSOLE_FOLDER = fileURLToPath(new URL("../../console/", import.meta.url));

/** Resolves when it listens. @throws when the address is taken, or an issuer's file has no keys. */
export async function startServer({
  settings,
  version,
  logger,
  onFatal,
  onForgotten,
}: ServerOptions): Promise<RunningServer> {
  const self = { server: settings.server, incarnation: randomBytes(INCARNATION_BYTES).toString("hex") };
  const onTrouble = (error: unknown): void => {
    const code = error instanceof RollcallError ? error.code : "unexpected";
    metrics.trouble(code);
    logger.warn({ err: error, code }, "survived a failure");
  };
  const store = new PostgresLogStore({
    databaseUrl: settings.databaseUrl,
    realm: settings.realm,
    allowUnsafe: settings.allowUnsafeDatabase,
    notify: settings.notify,
    onIdleError: (error) => logger.debug({ err: error }, "lost an idle database connection"),
  });
  const registry = new Registry({
    realm: settings.realm,
    incarnation: { server: self.server, origin: self.incarnation },
    store,
    presence: presenceOf(() => gossiper.presence),
    nowMs: SYSTEM_CLOCK.wallMs,
    monotonicMs: SYSTEM_CLOCK.monotonicMs,
    pause: SYSTEM_CLOCK.pause,
    newId: uuidv7,
    onTrouble,
    onFatal,
  });
  const broker = new RedisBroker({
    own: settings.brokerUrl,
    peers: settings.peerBrokerUrls,
    channels: channelsOf(settings.realm, self.server),
    log: logger,
  });
  const gossiper = new Gossiper({
    self,
    realm: settings.realm,
    log: registry,
    broker,
    codec: createFrameCodec({
      secrets: settings.clusterSecrets,
      realm: settings.realm,
      incarnation: self.incarnation,
    }),
    clock: SYSTEM_CLOCK,
    onTrouble,
  });
  gossiper.onStable((stable) => {
    registry.settleStable(stable).catch(onTrouble);
  });
  const issuers = settings.oidcIssuers.map(
    (issuer) => new IssuerKeys({ issuer, clock: SYSTEM_CLOCK, onTrouble }),
  );
  await Promise.all(issuers.map((issuer) => issuer.load()));
  const sweepers = [
    new Sweeper({
      everyMs: EXPIRY_SWEEP_MS,
      sweep: () => registry.expirySweep.run({ by: "lease" }),
      clock: SYSTEM_CLOCK,
      onTrouble,
    }),
    new Sweeper({
      everyMs: REQUEST_SWEEP_MS,
      sweep: () => registry.requests.forget(),
      clock: SYSTEM_CLOCK,
      onTrouble,
    }),
  ];

  const verification = new Verification({
    store,
    nowMs: SYSTEM_CLOCK.wallMs,
    monotonicMs: SYSTEM_CLOCK.monotonicMs,
    pause: SYSTEM_CLOCK.pause,
    onFault: (fault) => logger.error({ fault }, "verification found a fault"),
    onDone: ({ documents, entries, faultsFound, failure }) => {
      if (failure) logger.error({ err: failure, documents, entries, faultsFound }, "gave up verifying");
      else logger.info({ documents, entries, faultsFound }, "verified what is stored");
    },
    onTrouble,
  });
  const cluster = clusterView({ self, registry, gossiper, broker });
  const recorder = new ClusterRecorder({
    incarnation: self.incarnation,
    registry,
    cluster,
    clock: SYSTEM_CLOCK,
  });
  const events = new EventHub({ registry, cluster, every: SYSTEM_CLOCK.every });
  const { monotonicMs } = SYSTEM_CLOCK;
  const metrics = new Metrics({ registry, gossiper, broker, store, events, verification, monotonicMs });

  const app = createApp({
    registry,
    server: { name: settings.server, realm: settings.realm, version },
    cluster,
    samples: () => recorder.samples(),
    verification,
    events,
    readiness: () => readiness({ server: settings.server, registry, gossiper, broker }),
    metrics: () => metrics.read(),
    presence: { announce: (presence) => gossiper.announcePresence(presence) },
    nowMs: SYSTEM_CLOCK.wallMs,
    monotonicMs,
    access: {
      apiKeys: settings.apiKeys,
      opsToken: settings.opsToken,
      openWrites: settings.allowOpenWrites,
      secrets: settings.clusterSecrets,
      issuers,
    },
    rateLimitPerMinute: settings.rateLimitPerMinute,
    allowedOrigins: settings.allowedOrigins,
    listensOnLoopback: isLoopback(settings.host),
    consoleFolder: CONSOLE_FOLDER,
    logger,
  });
  const { host, port, connectionsMax } = settings;
  const listener = await startListener(metrics.measured(app), { host, port, connectionsMax });

  for (const issuer of issuers) issuer.start();
  recorder.start();

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    // Streams would hold the draining up; their listeners go on at another server.
    events.close();
    recorder.stop();
    await listener.drain();
    await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
    await Promise.all(issuers.map((issuer) => issuer.stop()));
    await verification.stop();
    await registry.close();
    await gossiper.stop();
    await store.close();
  };
  const opened = openWhenReachable(registry, logger, () => stopping !== undefined).then(() => {
    if (stopping !== undefined) return;
    watchForgetting({ self, registry, logger, onForgotten });
    events.start();
    gossiper.start();
    for (const sweeper of sweepers) sweeper.start();
  });
  return {
    url: listener.url,
    opened,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** A database that is away at the start is waited for; one that may not be used is an error. */
async function openWhenReachable(registry: Registry, logger: Logger, givenUp: () => boolean): Promise<void> {
  for (let pauseMs = OPEN_PAUSE_MIN_MS; !givenUp(); pauseMs = Math.min(pauseMs * 2, OPEN_PAUSE_MAX_MS)) {
    try {
      return await registry.open();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      logger.warn({ err: error }, "waiting for PostgreSQL");
      await SYSTEM_CLOCK.pause(pauseMs);
    }
  }
}
