import { once } from "node:events";
import { Agent, get, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { type Listener, startListener } from "../../../src/http/listener.ts";
import { eventually } from "../../support/eventually.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0, connectionsMax: 100 };
const OK: RequestListener = (_request, response) => {
  response.end("ok");
};

async function request(url: string, agent: Agent): Promise<{ status: number | undefined; text: string }> {
  const [response] = (await once(get(url, { agent }), "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, text };
}

/** Keeps every response for the test to end. */
async function slowListener(
  options: { drainMsMax?: number; connectionsMax?: number } = {},
): Promise<{ listener: Listener; waiting: ServerResponse[] }> {
  const waiting: ServerResponse[] = [];
  const listener = await startListener((_request, response) => waiting.push(response), {
    ...LOOPBACK,
    ...options,
  });
  return { listener, waiting };
}

/** However it came to that. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    socket.resume();
  });
}

function refuses({ port }: Listener): Promise<void> {
  return eventually(async () => {
    const socket = connect(port, "127.0.0.1");
    const code = await new Promise((resolve) => {
      socket.on("connect", () => resolve("connected"));
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    socket.destroy();
    expect(code).toBe("ECONNREFUSED");
  });
}

describe("startListener", () => {
  it("takes any free port for 0, and says which", async () => {
    const listener = await startListener(OK, LOOPBACK);
    expect(listener.port).toBeGreaterThan(0);
    expect(listener.url).toBe(`http://127.0.0.1:${listener.port}`);
    expect(await (await fetch(listener.url)).text()).toBe("ok");
    await listener.drain();
  });

  it.each(["0.0.0.0", "::", "localhost", "::1"])("gives a URL that works from here for %s", async (host) => {
    const listener = await startListener(OK, { ...LOOPBACK, host });
    expect(await (await fetch(listener.url)).text()).toBe("ok");
    await listener.drain();
  });

  it("rejects when the port is taken", async () => {
    const listener = await startListener(OK, LOOPBACK);
    await expect(startListener(OK, { ...LOOPBACK, port: listener.port })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
    await listener.drain();
  });
});

describe("a client that is slow on purpose", () => {
  const LONG_MS = 60_000;
  const timeouts = {
    headersTimeout: LONG_MS,
    requestTimeout: LONG_MS,
    keepAliveTimeout: LONG_MS,
    connectionsCheckingInterval: 10,
  };
  const HEAD = "POST / HTTP/1.1\r\nHost: x\r\n";

  it.each([
    ["sends nothing", "", { headersTimeout: 50 }],
    ["does not end its headers", `${HEAD}X-A: b\r\n`, { headersTimeout: 50 }],
    [
      "does not end its body",
      `${HEAD}Content-Length: 9\r\n\r\nab`,
      { headersTimeout: 50, requestTimeout: 50 },
    ],
  ])("is answered 408 and cut when it %s, while others are served", async (_title, sent, short) => {
    const listener = await startListener(
      (request, response) => {
        request.resume();
        request.on("end", () => response.end("ok"));
      },
      { ...LOOPBACK, timeouts: { ...timeouts, ...short } },
    );
    const slow = connect(listener.port, "127.0.0.1");
    slow.write(sent);
    expect(await text(slow)).toMatch(/^HTTP\/1\.1 408 /);
    expect(await (await fetch(listener.url)).text()).toBe("ok");
    await listener.drain();
  });

  it("and sends a byte now and then gains no time by it", async () => {
    const listener = await startListener(OK, { ...LOOPBACK, timeouts: { ...timeouts, headersTimeout: 100 } });
    const slow = connect(listener.port, "127.0.0.1");
    slow.write(`${HEAD}X-A: `);
    const drip = setInterval(() => slow.write("b"), 10);
    await closed(slow);
    clearInterval(drip);
    await listener.drain();
  });

  it("or says too much before its body is answered 431", async () => {
    const listener = await startListener(OK, LOOPBACK);
    const talkative = connect(listener.port, "127.0.0.1");
    talkative.write(`${HEAD}X-A: ${"b".repeat(17_000)}\r\n\r\n`);
    expect(await text(talkative)).toMatch(/^HTTP\/1\.1 431 /);
    await listener.drain();
  });

  it("finds no more connections than there may be", async () => {
    const { listener, waiting } = await slowListener({ connectionsMax: 1 });
    const agent = new Agent({ keepAlive: true });
    const answered = request(listener.url, agent);
    await eventually(() => expect(waiting).toHaveLength(1));
    const other = connect(listener.port, "127.0.0.1");
    await closed(other);
    waiting[0]?.end("done");
    expect(await answered).toEqual({ status: 200, text: "done" });
    agent.destroy();
    await listener.drain();
  });
});

describe("drain", () => {
  it("lets a request end, and refuses new connections", async () => {
    const { listener, waiting } = await slowListener();
    const agent = new Agent({ keepAlive: true });
    const answered = request(listener.url, agent);
    await eventually(() => expect(waiting).toHaveLength(1));
    const drained = listener.drain();
    await refuses(listener);
    waiting[0]?.end("late");
    expect(await answered).toEqual({ status: 200, text: "late" });
    // The agent would keep its connection; it is the server that ends it.
    await drained;
    agent.destroy();
  });

  it("does not wait for connections that are idle, or never sent anything", async () => {
    const { listener, waiting } = await slowListener();
    const agent = new Agent({ keepAlive: true });
    const answered = request(listener.url, agent);
    await eventually(() => expect(waiting).toHaveLength(1));
    waiting[0]?.end("done");
    await answered;
    const silent = connect(listener.port, "127.0.0.1");
    await once(silent, "connect");
    const begun = performance.now();
    const closed = once(silent, "close");
    silent.resume();
    await Promise.all([listener.drain(), closed]);
    expect(performance.now() - begun).toBeLessThan(2_000);
    agent.destroy();
  });

  it("cuts what does not end in time", async () => {
    const { listener, waiting } = await slowListener({ drainMsMax: 50 });
    const agent = new Agent({ keepAlive: true });
    const answered = request(listener.url, agent);
    const cut = expect(answered).rejects.toMatchObject({ code: "ECONNRESET" });
    await eventually(() => expect(waiting).toHaveLength(1));
    await Promise.all([listener.drain(), cut]);
  });

  it("may be asked for twice", async () => {
    const listener = await startListener(OK, LOOPBACK);
    await Promise.all([listener.drain(), listener.drain()]);
    await listener.drain();
  });
});
