/**
 * Makes one connection to the Redis that serves a channel, with everything of the client switched off that
 * would act by itself: no offline queue, no reconnecting, no resending, no resubscribing. Who dials decides
 * all of that (`redis-connection.ts`).
 *
 * In a Redis Cluster the sharded channels of a realm share a hash tag, thus a slot, thus a node: it is asked
 * for, and a plain connection made to it. The client's own `Cluster` is not used, because it subscribes again
 * without telling whether that was acknowledged, and gives no way to ask the subscribed connection if it lives.
 *
 * Invariant: a connection ends when its signal aborts, at any stage; no `error` event is without a listener.
 */
import { Redis } from "ioredis";
import type { BrokerAddress, BrokerNode } from "./broker-url.ts";

export interface Dial {
  readonly address: BrokerAddress;
  /** Which node of the address to begin with, so that attempts take turns. */
  readonly startAt: number;
  /** A channel of the realm: its slot decides the node of a cluster. */
  readonly channel: string;
  /** Shown by `CLIENT LIST`. */
  readonly connectionName: string;
  readonly connectTimeoutMs: number;
  /** Ends every connection that was made. */
  readonly signal: AbortSignal;
  /** Holds every connection that was made for as long as it has a socket. */
  readonly unfinished: Set<Redis>;
}

/** A connection that is ready for commands. Rejects with what went wrong; `brokerFault` names it. */
export async function dialRedis(dial: Dial): Promise<Redis> {
  const { nodes, cluster } = dial.address;
  const start = nodes[dial.startAt % nodes.length] ?? { host: "", port: 0 };
  const redis = await connect(dial, start);
  if (!cluster) return redis;
  const owner = await ownerOf(redis, dial.channel, start);
  if (owner.host === start.host && owner.port === start.port) return redis;
  redis.disconnect();
  return connect(dial, owner);
}

/** Why a connection or command failed, as a word that is safe to log: the error itself may hold credentials. */
export function brokerFault(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (isRefusal(error)) return error.message.split(" ", 1)[0] ?? "refused";
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" ? code : "closed";
}

/** Whether Redis answered with an error. Its first word is the code that the protocol defines. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}

async function connect(dial: Dial, { host, port }: BrokerNode): Promise<Redis> {
  const { address, signal } = dial;
  signal.throwIfAborted();
  const redis = new Redis({
    host,
    port,
    ...(address.tls && { tls: {} }),
    ...(address.password !== undefined && { password: address.password }),
    ...(address.password !== undefined && address.username !== undefined && { username: address.username }),
    connectionName: dial.connectionName,
    disableClientInfo: true,
    // All that publish/subscribe needs, in every version and by every broker.
    protocol: 2,
    lazyConnect: true,
    // INFO needs a right of its own, and channels work while Redis loads its data.
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: null,
    connectTimeout: dial.connectTimeoutMs,
    // A frozen Redis would not close its side: ours is closed at once.
    disconnectTimeout: 1,
  });
  let fault: unknown;
  redis.on("error", (error) => {
    fault ??= error;
  });
  dial.unfinished.add(redis);
  redis.once("end", () => dial.unfinished.delete(redis));
  signal.addEventListener("abort", () => redis.disconnect(), { once: true });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    throw fault ?? error;
  }
}

async function ownerOf(redis: Redis, channel: string, asked: BrokerNode): Promise<BrokerNode> {
  const slot = Number(await redis.cluster("KEYSLOT", channel));
  for (const [from, to, owner] of await redis.cluster("SLOTS")) {
    if (!owner || slot < from || slot > to) continue;
    // No name, or "?", stands for the address by which the node was reached.
    const [host, port] = owner;
    return { host: !host || host === "?" ? asked.host : host, port };
  }
  throw new UnservedSlotError(slot);
}

class UnservedSlotError extends Error {
  readonly code = "CLUSTERDOWN";

  constructor(slot: number) {
    super(`no node of the cluster serves slot ${slot}`);
  }
}
