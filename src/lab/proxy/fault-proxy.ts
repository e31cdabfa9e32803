/**
 * A TCP proxy on 127.0.0.1 that breaks what goes through it: between a server and a broker, or its database.
 *
 * It is healthy when it starts. `toxics` take effect at once, on connections that are open too. While it is down,
 * it refuses connections and has reset those that were open; it comes back on the same port.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { freePort } from "../../cli/demo/free-port.ts";
import { ProxiedConnection } from "./proxied-connection.ts";
import { NO_TOXICS, type Toxics } from "./toxic.ts";

export interface FaultProxyOptions {
  /** Of what stands behind it, on 127.0.0.1. */
  readonly targetPort: number;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
}

const HOST = "127.0.0.1";

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new FaultProxy(options, await freePort());
  await proxy.up();
  return proxy;
}

export class FaultProxy {
  readonly port: number;
  readonly #options: FaultProxyOptions;
  readonly #connections = new Set<ProxiedConnection>();
  #toxics = NO_TOXICS;
  #server: Server | undefined;

  constructor(options: FaultProxyOptions, port: number) {
    this.#options = options;
    this.port = port;
  }

  /** Open ones. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Whether it takes connections. */
  get isUp(): boolean {
    return this.#server !== undefined;
  }

  get toxics(): Toxics {
    return this.#toxics;
  }

  /** Takes the place of all that were set before. */
  set toxics(toxics: Toxics) {
    this.#toxics = toxics;
    for (const connection of this.#connections) connection.toxicsChanged();
  }

  async up(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const connection: ProxiedConnection = new ProxiedConnection({
        client,
        host: HOST,
        port: this.#options.targetPort,
        toxics: () => this.#toxics,
        random: this.#options.random,
        onClosed: () => this.#connections.delete(connection),
      });
      this.#connections.add(connection);
    });
    server.listen(this.port, HOST);
    await once(server, "listening");
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, "close");
    server.close();
    for (const connection of this.#connections) connection.reset();
    await closed;
  }
}
