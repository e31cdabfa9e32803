/** A small HTTP server that acts as the API is described, where the real one is not needed or cannot yet. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface SmallServer {
  readonly url: string;
  /** Cuts every connection and refuses new ones, as the end of a process does. */
  kill(): Promise<void>;
  /** Again, at the same URL. */
  start(): Promise<void>;
}

export async function startSmallServer(listener: RequestListener): Promise<SmallServer> {
  let server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async kill() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
    async start() {
      server = createServer(listener).listen(port, "127.0.0.1");
      await once(server, "listening");
    },
  };
}

export async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  return (await json(request)) as Record<string, unknown>;
}

export function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export function refuse(response: ServerResponse, status: number, code: string): void {
  const problem = {
    type: `urn:rollcall:problem:${code}`,
    title: code,
    status,
    detail: code,
    instance: "/",
    code,
  };
  response
    .writeHead(status, { "content-type": "application/problem+json" })
    .end(JSON.stringify({ ...problem, requestId: "request-1" }));
}
