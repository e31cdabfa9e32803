/** The HTTP side on a registry in memory, with everything around it fixed or settable. */
import type { RequestListener } from "node:http";
import { type Logger, pino } from "pino";
import { uuidv7 } from "uuidv7";
import { holds } from "../../crdt/version-vector.ts";
import { PRESENCE_LEASE_MS } from "../../src/gossip/presence-board.ts";
import { createApp } from "../../src/http/app.ts";
import type { ClusterPort, ClusterSample, MemberReport, UnheardMember } from "../../src/http/cluster-port.ts";
import type { AllowedOrigins } from "../../src/http/cors.ts";
import { EventHub } from "../../src/http/events/event-hub.ts";
import type { AccessOptions, PresencePort, ReadinessReport } from "../../src/http/http-options.ts";
import { Registry } from "../../src/registry/registry.ts";
import { Verification } from "../../src/registry/verification/verification.ts";
import { MemoryDisk } from "../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../src/storage/memory/memory-log-store.ts";
import { checked } from "./checked-listener.ts";

export const API_KEY = "key-of-a-trusted-back-end";
export const OPS_TOKEN = "token-of-the-operators";
/** Of the cluster. */
export const SECRET = "0123456789abcdef0123456789abcdef";
export const ORIGIN = "0123456789abcdef0123456789abcdef";

/** What a player's client says of itself. */
export type Announcement = Parameters<PresencePort["announce"]>[0];

export interface HttpWorld {
  readonly app: RequestListener;
  readonly registry: Registry;
  /** Whose presence was announced; a test adds to it what others were heard to say. */
  readonly present: Announcement[];
  /** Added to the wall clock, milliseconds; the clock of limits shows this alone. */
  readonly clock: { aheadMs: number };
  /** What the registry reported as trouble. */
  readonly troubles: unknown[];
  /** Lines that were logged. */
  readonly log: Record<string, unknown>[];
  readonly events: EventHub;
  /** A second passes for events. */
  tick(): void;
}

export interface HttpWorldOptions {
  readonly access?: Partial<AccessOptions>;
  readonly readiness?: ReadinessReport;
  readonly members?: readonly MemberReport[];
  readonly samples?: readonly ClusterSample[];
  readonly unheard?: readonly UnheardMember[];
  readonly acknowledged?: ClusterPort["acknowledged"];
  readonly journalMax?: number;
  readonly listenersMax?: number;
  readonly rateLimitPerMinute?: number;
  readonly allowedOrigins?: AllowedOrigins;
  readonly listensOnLoopback?: boolean;
  readonly consoleFolder?: string;
  readonly logLevel?: string;
  readonly disk?: MemoryDisk;
  readonly server?: string;
  readonly version?: string;
  readonly origin?: string;
  /** Awaited before each commit; what it throws is what the store throws. */
  readonly commitDelay?: () => Promise<void>;
  /** It is made to answer what no operation does, so its answers are not held to the OpenAPI document. */
  readonly undocumented?: true;
  /** Gives a registry that behaves otherwise. */
  readonly registry?: (registry: Registry) => Registry;
}

export async function openHttpWorld(options: HttpWorldOptions = {}): Promise<HttpWorld> {
  const {
    server = "eu-1",
    version = "1.2.3",
    origin = ORIGIN,
    disk = new MemoryDisk(),
    commitDelay,
  } = options;
  const troubles: unknown[] = [];
  const present: Announcement[] = [];
  const clock = { aheadMs: 0 };
  const nowMs = (): number => Date.now() + clock.aheadMs;
  const store = new MemoryLogStore(disk, { realm: "test", ...(commitDelay && { commitDelay }) });
  const registry = new Registry({
    realm: "test",
    incarnation: { server, origin },
    store,
    presence: {
      of: (id) => present.findLast(({ playerId }) => playerId === id),
      present: () => present.map(({ playerId }) => playerId),
      silentForMs: () => 0,
      leaseMs: PRESENCE_LEASE_MS,
    },
    nowMs,
    monotonicMs: nowMs,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    newId: uuidv7,
    onTrouble: (error) => troubles.push(error),
    onFatal: (error) => troubles.push(error),
  });
  await registry.open();
  const log: Record<string, unknown>[] = [];
  const cluster: ClusterPort = {
    members: () => options.members ?? [],
    unheard: () => options.unheard ?? [],
    acknowledged: options.acknowledged ?? (async () => false),
    holders: (position) => [{ server, has: holds(registry.vector, position) }],
  };
  let tick: () => void = () => undefined;
  const { journalMax, listenersMax } = options;
  const events = new EventHub({
    registry,
    cluster,
    every: (_, call) => {
      tick = call;
      return () => undefined;
    },
    ...(journalMax !== undefined && { journalMax }),
    ...(listenersMax !== undefined && { listenersMax }),
  });
  events.start();
  const listener = createApp({
    registry: options.registry?.(registry) ?? registry,
    server: { name: server, realm: "test", version },
    cluster,
    samples: () => options.samples ?? [],
    verification: new Verification({
      store,
      nowMs,
      monotonicMs: nowMs,
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      onFault: (fault) => troubles.push(fault),
      onDone: () => undefined,
      onTrouble: (error) => troubles.push(error),
    }),
    events,
    presence: { announce: (announcement) => present.push(announcement) },
    readiness: () => options.readiness ?? { ready: true, degraded: [], reasons: [] },
    metrics: async () => ({ contentType: "text/plain; version=0.0.4", text: "rollcall_up 1\n" }),
    access: {
      apiKeys: [API_KEY],
      opsToken: OPS_TOKEN,
      openWrites: true,
      secrets: [SECRET],
      issuers: [],
      ...options.access,
    },
    rateLimitPerMinute: options.rateLimitPerMinute ?? "off",
    allowedOrigins: options.allowedOrigins ?? [],
    listensOnLoopback: options.listensOnLoopback ?? true,
    consoleFolder: options.consoleFolder,
    logger: memoryLogger(log, options.logLevel ?? "info"),
    nowMs,
    monotonicMs: () => clock.aheadMs,
  });
  return {
    app: options.undocumented ? listener : checked(listener),
    registry,
    present,
    clock,
    troubles,
    log,
    events,
    tick: () => tick(),
  };
}

function memoryLogger(log: Record<string, unknown>[], level: string): Logger {
  return pino({ level }, { write: (line: string) => log.push(JSON.parse(line)) });
}
