/** The event stream, against small servers that keep to the contract of `GET /v1/events`. */
import { getEventListeners, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import {
  type ClientOptions,
  createClient,
  EventTooLargeError,
  ProblemError,
  type ServerEvent,
} from "../../../src/client/client.ts";
import { answer, refuse, type SmallServer, startSmallServer } from "../../support/small-server.ts";

const TOKEN = "token-of-the-operators";
/** However busy the machine is, a server that answers is not taken for a silent one. */
const PATIENCE_MS = 30_000;
const running: SmallServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.kill();
});

/** Events that all servers have, numbered from 1, as servers that replicate do. */
class Log {
  #length = 0;
  readonly #listeners = new Set<() => void>();

  append(count: number): void {
    this.#length += count;
    for (const listener of this.#listeners) listener();
  }

  /** Sends what comes after `Last-Event-ID`, and what follows. */
  stream(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": welcome\n\n");
    let sent = Number(request.headers["last-event-id"] ?? 0);
    const send = (): void => {
      while (sent < this.#length)
        response.write(`id: ${++sent}\nevent: change\ndata: {"number":${sent}}\n\n`);
    };
    this.#listeners.add(send);
    response.on("close", () => this.#listeners.delete(send));
    send();
  }
}

interface Seen {
  readonly server: number;
  readonly lastEventId: string | undefined;
  readonly authorization: string | undefined;
}

type Events = (request: IncomingMessage, response: ServerResponse) => void;

async function servers(...each: readonly Events[]): Promise<{ servers: SmallServer[]; seen: Seen[] }> {
  const seen: Seen[] = [];
  const started: SmallServer[] = [];
  for (const [server, events] of each.entries()) {
    started.push(
      await startSmallServer((request, response) => {
        if (request.url === "/readyz") return answer(response, 200, { status: "ready", degraded: [] });
        const { "last-event-id": lastEventId, authorization } = request.headers;
        seen.push({ server, lastEventId: lastEventId as string | undefined, authorization });
        events(request, response);
      }),
    );
  }
  running.push(...started);
  return { servers: started, seen };
}

function clientOf(of: readonly SmallServer[], options: Partial<ClientOptions> = {}) {
  return createClient({
    servers: of.map(({ url }) => url),
    token: TOKEN,
    patienceMs: PATIENCE_MS,
    ...options,
  });
}

async function take(events: AsyncIterator<ServerEvent>, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) throw new RangeError("the stream has ended");
    taken.push(value);
  }
  return taken;
}

function numbered(from: number, to: number): ServerEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const number = from + index;
    return { id: String(number), type: "change", data: { number } };
  });
}

describe("resuming", () => {
  it("goes on at another server after the last event, again and again, and misses none", async () => {
    const log = new Log();
    const { servers: three, seen } = await servers(
      ...Array(3).fill((rq: IncomingMessage, rs: ServerResponse) => log.stream(rq, rs)),
    );
    const events = clientOf(three).events();
    const taken: unknown[] = [];
    for (let turn = 0; turn < 6; turn++) {
      log.append(5);
      taken.push(...(await take(events, 5)));
      const server = three[seen.at(-1)?.server ?? 0];
      await server?.kill();
      log.append(5);
      taken.push(...(await take(events, 5)));
      await server?.start();
    }
    expect(taken).toEqual(numbered(1, 60));
    expect(seen.map(({ lastEventId }) => lastEventId)).toEqual([
      undefined,
      "5",
      "15",
      "25",
      "35",
      "45",
      "55",
    ]);
    for (const [turn, { server }] of seen.slice(1).entries()) expect(server).not.toBe(seen[turn]?.server);
    await events.return();
  });

  it("does not miss the event that was under way", async () => {
    let isFirst = true;
    const cut: Events = (request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const sent = Number(request.headers["last-event-id"] ?? 0);
      if (!isFirst) return void response.write(`id: ${sent + 1}\ndata: {"number":${sent + 1}}\n\n`);
      isFirst = false;
      response.write('id: 1\ndata: {"number":1}\n\nid: 2\ndata: {"num', () => response.destroy());
    };
    const { servers: one } = await servers(cut);
    const events = clientOf(one).events();
    expect(await take(events, 2)).toMatchObject([{ id: "1" }, { id: "2", data: { number: 2 } }]);
    await events.return();
  });

  it("goes on after an event of an earlier stream", async () => {
    const log = new Log();
    log.append(9);
    const { servers: one } = await servers((request, response) => log.stream(request, response));
    const events = clientOf(one).events({ lastEventId: "7" });
    expect(await take(events, 2)).toEqual(numbered(8, 9));
    await events.return();
  });

  it("leaves a server that is silent, or does not begin to answer, or is not ready", async () => {
    const log = new Log();
    log.append(2);
    const silent: Events = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": welcome\n\n");
    };
    const { servers: four, seen } = await servers(
      silent,
      () => undefined,
      (_request, response) => refuse(response, 503, "not-ready"),
      (request, response) => log.stream(request, response),
    );
    const troubles: string[] = [];
    const events = clientOf(four, { patienceMs: 400, onTrouble: ({ code }) => troubles.push(code) }).events({
      silenceMs: 200,
    });
    expect(await take(events, 2)).toEqual(numbered(1, 2));
    expect(seen.at(-1)?.server).toBe(3);
    for (const code of troubles) expect(["server-silent", "not-ready"]).toContain(code);
    await events.return();
  });
});

describe("who listens", () => {
  it("is said with each connection", async () => {
    const log = new Log();
    log.append(1);
    const { servers: one, seen } = await servers((request, response) => log.stream(request, response));
    const events = clientOf(one).events();
    await take(events, 1);
    expect(seen).toMatchObject([{ authorization: `Bearer ${TOKEN}` }]);
    await events.return();
  });

  it("is refused once and for all", async () => {
    const { servers: two, seen } = await servers(
      ...Array(2).fill((_request: IncomingMessage, response: ServerResponse) =>
        refuse(response, 403, "forbidden"),
      ),
    );
    const refused = clientOf(two).events().next();
    await expect(refused).rejects.toBeInstanceOf(ProblemError);
    await expect(refused).rejects.toMatchObject({ code: "forbidden" });
    expect(seen).toHaveLength(1);
  });
});

describe("bounds", () => {
  it("ends the connection when the caller leaves the loop", async () => {
    const log = new Log();
    log.append(3);
    let closed: Promise<unknown> | undefined;
    const { servers: one } = await servers((request, response) => {
      closed = once(response, "close");
      log.stream(request, response);
    });
    const { signal } = new AbortController();
    for await (const { id } of clientOf(one).events({ signal })) if (id === "2") break;
    await closed;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("ends with the caller's signal, while it waits and while no server is there", async () => {
    const ending = new AbortController();
    const { servers: one, seen } = await servers((request, response) => new Log().stream(request, response));
    const waiting = clientOf(one).events({ signal: ending.signal }).next();
    const away = clientOf([{ url: "http://127.0.0.1:9" } as SmallServer])
      .events({ signal: ending.signal })
      .next();
    const reason = new RangeError("the game is over");
    while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    ending.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(away).rejects.toBe(reason);
  });

  it("does not take an event without end", async () => {
    const { servers: one } = await servers((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const more = (): void => void (response.destroyed || response.write("x".repeat(65_536), more));
      response.write("data: ", more);
    });
    await expect(clientOf(one).events().next()).rejects.toBeInstanceOf(EventTooLargeError);
  });

  it("leaves what answers with something else", async () => {
    const log = new Log();
    log.append(1);
    const { servers: two } = await servers(
      (_request, response) => answer(response, 200, {}),
      (request, response) => log.stream(request, response),
    );
    const events = clientOf(two).events();
    expect(await take(events, 1)).toEqual(numbered(1, 1));
    await events.return();
  });

  it("gives data that is no JSON as it came", async () => {
    const { servers: one } = await servers((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: hello\n\n");
    });
    const events = clientOf(one).events();
    expect(await take(events, 1)).toEqual([{ id: "", type: "message", data: "hello" }]);
    await events.return();
  });
});
