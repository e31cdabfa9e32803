/**
 * Listens, and ends without cutting anybody off.
 *
 * Draining: no new connections; requests under way are answered; connections are closed as they fall idle; what
 * is not done after ten seconds is cut.
 */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface Listener {
  /** Where it can be reached from this machine. */
  readonly url: string;
  readonly port: number;
  drain(): Promise<void>;
}

/** A client that takes longer for its headers is slow on purpose. */
const HEADERS_TIMEOUT_MS = 10_000;
/** For a whole request, of at most 32 KiB. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the minute after which common load balancers drop an idle connection, so that they end it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** As long as a request may wait for a position. */
const DRAIN_MS_MAX = 10_000;
const DRAIN_CHECK_MS = 20;

/** Rejects with the error of the system when the address cannot be had. */
export async function startListener(app: RequestListener, { host, port }: ListenOptions): Promise<Listener> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    app,
  );
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;

  function drain(): Promise<void> {
    return new Promise((resolve) => {
      const idle = setInterval(() => server.closeIdleConnections(), DRAIN_CHECK_MS);
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS_MAX);
      // Its only error says that the server does not listen any more, which is what is wanted.
      server.close(() => {
        clearInterval(idle);
        clearTimeout(cut);
        resolve();
      });
    });
  }

  return { url: `http://${hostOf(address, host)}:${address.port}`, port: address.port, drain };
}

/** An address that listens everywhere is reached by the loopback. */
function hostOf({ address, family }: AddressInfo, wanted: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  if (address === "::") return "[::1]";
  return family === "IPv6" ? `[${address}]` : wanted === "localhost" ? wanted : address;
}
