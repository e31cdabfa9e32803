/**
 * Listens, within limits that keep slow or many clients from taking the server for themselves, and ends without cutting
 * anybody off.
 *
 * Draining: no new connections; requests under way are answered; connections are closed as they fall idle; what
 * is not done in time is cut.
 */
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Beyond them, new ones are closed at once. */
  readonly connectionsMax: number;
  /** How long draining may take; ten seconds unless told otherwise. */
  readonly drainMsMax?: number;
  /** Shorter ones are for tests. */
  readonly timeouts?: Partial<Timeouts>;
}

interface Timeouts {
  /** From the connection, or the first byte of a further request, to the end of its headers. */
  readonly headersTimeout: number;
  /** To the end of the whole request. */
  readonly requestTimeout: number;
  /** Between an answer and the next request. */
  readonly keepAliveTimeout: number;
  /** How often the first two are looked at. */
  readonly connectionsCheckingInterval: number;
}

export interface Listener {
  /** Where it can be reached from this machine. */
  readonly url: string;
  readonly port: number;
  /** Resolves when nothing is connected any more. */
  drain(): Promise<void>;
}

const TIMEOUTS_MS: Timeouts = {
  // A client that takes longer for its headers is slow on purpose.
  headersTimeout: 10_000,
  // Of at most 32 KiB.
  requestTimeout: 30_000,
  // Longer than the minute after which common load balancers drop an idle connection, so that they end it.
  keepAliveTimeout: 65_000,
  // Node's own, 30 s, would make of ten seconds up to forty.
  connectionsCheckingInterval: 5_000,
};
/** With the path, which has room for an ID token. Node's default, said here because limits rely on it. */
const HEADER_BYTES_MAX = 16_384;
/** As long as a request may wait for a position. */
const DRAIN_MS_DEFAULT = 10_000;
const DRAIN_CHECK_MS = 20;

/** Rejects with the error of the system when the address cannot be had. */
export async function startListener(app: RequestListener, options: ListenOptions): Promise<Listener> {
  const { host, port, connectionsMax, drainMsMax = DRAIN_MS_DEFAULT, timeouts } = options;
  // Requests of one connection are not limited: they are by address and by player.
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, ...TIMEOUTS_MS, ...timeouts }, app);
  server.maxConnections = connectionsMax;
  const sockets = trackSockets(server);
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  let drained: Promise<void> | undefined;
  return {
    url: `http://${reachableHost(address)}:${address.port}`,
    port: address.port,
    drain: () => (drained ??= drain(server, sockets, drainMsMax)),
  };
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return sockets;
}

function drain(server: Server, sockets: ReadonlySet<Socket>, msMax: number): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => {
      server.closeIdleConnections();
      // To Node, a connection that has not sent anything yet is about to.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }, DRAIN_CHECK_MS);
    const cut = setTimeout(() => server.closeAllConnections(), msMax);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(cut);
      resolve();
    });
  });
}

/** An address that listens everywhere is reached by the loopback. */
function reachableHost({ address, family }: AddressInfo): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  if (address === "::") return "[::1]";
  return family === "IPv6" ? `[${address}]` : address;
}
