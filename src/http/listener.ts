/**
 * Listens, and ends without cutting anybody off.
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
  /** How long draining may take; ten seconds unless told otherwise. */
  readonly drainMsMax?: number;
}

export interface Listener {
  /** Where it can be reached from this machine. */
  readonly url: string;
  readonly port: number;
  /** Resolves when nothing is connected any more. */
  drain(): Promise<void>;
}

/** A client that takes longer for its headers is slow on purpose. */
const HEADERS_TIMEOUT_MS = 10_000;
/** For a whole request, of at most 32 KiB. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the minute after which common load balancers drop an idle connection, so that they end it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** As long as a request may wait for a position. */
const DRAIN_MS_DEFAULT = 10_000;
const DRAIN_CHECK_MS = 20;

/** Rejects with the error of the system when the address cannot be had. */
export async function startListener(app: RequestListener, options: ListenOptions): Promise<Listener> {
  const { host, port, drainMsMax = DRAIN_MS_DEFAULT } = options;
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    app,
  );
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
