import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FaultProxy, startFaultProxy } from "../../../src/lab/proxy/fault-proxy.ts";
import { bothWays, NO_TOXICS } from "../../../src/lab/proxy/toxic.ts";
import { eventually } from "../../support/eventually.ts";

/** A server that sends back what it gets, and ends when its client does. */
const echo = createServer({ allowHalfOpen: true }, (socket) => {
  heard.push(socket);
  socket.on("error", () => socket.destroy());
  socket.pipe(socket);
});
const heard: Socket[] = [];
const clients: Socket[] = [];
let proxy: FaultProxy;

beforeEach(async () => {
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  proxy = await startFaultProxy({ targetPort: (echo.address() as AddressInfo).port, random: () => 0.5 });
});

afterEach(async () => {
  for (const socket of clients.splice(0)) socket.destroy();
  await proxy.down();
  const closed = once(echo, "close");
  echo.close();
  for (const socket of heard.splice(0)) socket.destroy();
  await closed;
});

/** A client with all that it got, as text, and the error that ended it. */
async function client() {
  const socket = connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
  clients.push(socket);
  const seen = { text: "", ended: false, closed: false, error: undefined as string | undefined };
  socket.on("data", (bytes) => (seen.text += bytes.toString()));
  socket.on("end", () => (seen.ended = true));
  socket.on("close", () => (seen.closed = true));
  socket.on("error", (error: NodeJS.ErrnoException) => (seen.error = error.code));
  await once(socket, "connect");
  return { socket, seen };
}

async function roundTripMs(text: string): Promise<number> {
  const { socket, seen } = await client();
  const start = performance.now();
  socket.write(text);
  await eventually(() => expect(seen.text.length).toBe(text.length));
  return performance.now() - start;
}

describe("a proxy without toxics", () => {
  it("passes on what is sent, in order, and the end of it, each way by itself", async () => {
    const { socket, seen } = await client();
    const text = "abcdefghij".repeat(200_000);
    socket.end(text);
    await eventually(() => expect(seen.ended).toBe(true));
    expect(seen.text === text).toBe(true);
  });

  it("counts its open connections", async () => {
    const { socket } = await client();
    await eventually(() => expect(proxy.connections).toBe(1));
    socket.destroy();
    await eventually(() => expect(proxy.connections).toBe(0));
  });
});

describe("toxics", () => {
  it("latency delays each way, and keeps the order with jitter", async () => {
    proxy.toxics = bothWays({ type: "latency", latencyMs: 40, jitterMs: 10 });
    expect(await roundTripMs("a")).toBeGreaterThanOrEqual(79);
    const { socket, seen } = await client();
    for (const piece of ["1", "2", "3", "4"]) socket.write(piece);
    await eventually(() => expect(seen.text).toBe("1234"));
  });

  it("bandwidth bounds bytes a second", async () => {
    proxy.toxics = { upstream: [{ type: "bandwidth", bytesPerSecond: 100_000 }], downstream: [] };
    expect(await roundTripMs("x".repeat(10_000))).toBeGreaterThanOrEqual(99);
  });

  it("timeout 0 holds what is sent, one way alone, until it is taken away", async () => {
    const { socket, seen } = await client();
    socket.write("before ");
    await eventually(() => expect(seen.text).toBe("before "));
    proxy.toxics = { upstream: [], downstream: [{ type: "timeout", timeoutMs: 0 }] };
    let reached = "";
    heard[0]?.on("data", (bytes) => (reached += bytes.toString()));
    socket.write("meanwhile");
    await eventually(() => expect(reached).toBe("meanwhile"));
    expect(seen.text).toBe("before ");
    proxy.toxics = NO_TOXICS;
    await eventually(() => expect(seen.text).toBe("before meanwhile"));
  });

  it("timeout closes the connection after its time", async () => {
    const { socket, seen } = await client();
    proxy.toxics = bothWays({ type: "timeout", timeoutMs: 20 });
    socket.write("lost");
    await eventually(() => expect(seen.closed || seen.ended).toBe(true));
    expect(seen.text).toBe("");
  });

  it("reset_peer resets", async () => {
    const { seen } = await client();
    await eventually(() => expect(proxy.connections).toBe(1));
    proxy.toxics = bothWays({ type: "reset_peer", timeoutMs: 0 });
    await eventually(() => expect(seen.error).toBe("ECONNRESET"));
  });

  it("slow_close delays the end, not what was before it", async () => {
    proxy.toxics = { upstream: [], downstream: [{ type: "slow_close", delayMs: 60 }] };
    const { socket, seen } = await client();
    const start = performance.now();
    socket.end("text");
    await eventually(() => expect(seen.ended).toBe(true));
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
    expect(seen.text).toBe("text");
  });

  it("limit_data closes after so many bytes", async () => {
    proxy.toxics = { upstream: [], downstream: [{ type: "limit_data", bytes: 5 }] };
    const { socket, seen } = await client();
    socket.write("0123456789");
    await eventually(() => expect(seen.ended).toBe(true));
    expect(seen.text).toBe("01234");
  });

  it("no more than a megabyte waits: the sender is held back", async () => {
    proxy.toxics = { upstream: [{ type: "timeout", timeoutMs: 0 }], downstream: [] };
    const { socket, seen } = await client();
    const text = "x".repeat(32 * 1024 * 1024);
    socket.write(text);
    await eventually(() => expect(socket.bytesWritten).toBeGreaterThan(1024 * 1024));
    expect(socket.writableLength).toBeGreaterThan(0);
    proxy.toxics = NO_TOXICS;
    await eventually(() => expect(seen.text.length).toBe(text.length));
  });
});

describe("down", () => {
  it("ends connections whose last bytes nobody reads", async () => {
    const { socket } = await client();
    socket.pause();
    await eventually(() => expect(heard.length).toBe(1));
    heard[0]?.write("x".repeat(8 * 1024 * 1024));
    proxy.toxics = { upstream: [{ type: "limit_data", bytes: 1 }], downstream: [] };
    socket.write("over the limit");
    await eventually(() => expect(heard[0]?.readableEnded).toBe(true));
    await proxy.down();
    await eventually(() => expect(proxy.connections).toBe(0));
  });

  it("resets what is open and refuses what comes, until it is up again on the same port", async () => {
    const { seen } = await client();
    await eventually(() => expect(proxy.connections).toBe(1));
    await proxy.down();
    await eventually(() => expect(seen.closed).toBe(true));
    await expect(client()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await proxy.up();
    expect(await roundTripMs("again")).toBeGreaterThan(0);
  });
});
