import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../src/cli/demo/free-port.ts";
import type { LocalBroker } from "../../src/cli/demo/local-broker.ts";
import type { Broker } from "../../src/gossip/broker.ts";
import { RedisBroker, type RedisBrokerOptions } from "../../src/gossip/redis-broker.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { brokerCommand } from "./broker-command.ts";
import { ALL, brokerContract, Recorder, TO_ONE } from "./broker-contract.ts";
import { createRedisWorld } from "./broker-redis-world.ts";
import { until } from "./broker-until.ts";

brokerContract("redis", () => createRedisWorld());

describe("broker: redis alone", () => {
  const tests: TestBroker[] = [];
  const opened: Broker[] = [];

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((broker) => broker.close()));
    await Promise.all(tests.splice(0).map((test) => test.remove()));
  });

  async function startRedis(): Promise<LocalBroker> {
    const test = await startTestBroker({ engine: "redis-server" });
    tests.push(test);
    return test.broker;
  }

  function start(options: Partial<RedisBrokerOptions> & { own: string }) {
    const lines: { fields: Readonly<Record<string, unknown>>; text: string }[] = [];
    const log = {
      warn: (fields: Readonly<Record<string, unknown>>, text: string) => lines.push({ fields, text }),
    };
    const broker = new RedisBroker({ peers: [], channels: [ALL, TO_ONE], log, ...options });
    const heard = new Recorder();
    opened.push(broker);
    broker.open(heard);
    const states = () => broker.links().map(({ state }) => state);
    const subscribed = () =>
      until(() => states().every((state) => state === "subscribed"), "the subscriptions");
    return { broker, heard, lines, states, subscribed };
  }

  it("notices by its silence that a peer's broker is frozen, and recovers when it goes on", async () => {
    const [own, peer] = [await startRedis(), await startRedis()];
    const { heard, states, subscribed } = start({
      own: own.url,
      peers: [peer.url],
      silenceMs: 300,
      answerMs: 300,
    });
    await subscribed();
    peer.freeze();
    await until(() => heard.count(`lost ${peer.url}`) === 1, "the loss to be told");
    expect(states()).toEqual(["subscribed", "lost"]);
    peer.thaw();
    await subscribed();
    expect(heard.events.filter((event) => event.endsWith(peer.url))).toEqual(
      ["subscribed", "lost", "subscribed"].map((event) => `${event} ${peer.url}`),
    );
    await brokerCommand(peer.port, "PUBLISH", ALL, "after");
    await until(() => heard.texts().includes("after"), "a frame after the recovery");
  });

  it("drops what its frozen broker does not answer in time, and all after that until it does", async () => {
    const redis = await startRedis();
    const { broker, heard, states, subscribed } = start({ own: redis.url, publishTimeoutMs: 500 });
    await subscribed();
    redis.freeze();
    const began = performance.now();
    expect(await broker.publish(ALL, Buffer.from("first"))).toBe(false);
    expect(performance.now() - began).toBeGreaterThan(490);
    expect(performance.now() - began).toBeLessThan(2500);
    expect(states()).toEqual(["lost"]);
    expect(await broker.publish(ALL, Buffer.from("second"))).toBe(false);
    expect(broker.drops()).toEqual({ timeout: 1, away: 1, overflow: 0, refused: 0 });
    redis.thaw();
    await subscribed();
    expect(await broker.publish(ALL, Buffer.from("third"))).toBe(true);
    await until(() => heard.texts().includes("third"), "a frame after the recovery");
    expect(heard.texts()).not.toContain("second");
  });

  it("tells of a subscription when every channel was acknowledged, not when the connection is ready", async () => {
    const [redis, peer] = [await startRedis(), await startHesitantBroker()];
    const { broker, heard, states, subscribed } = start({ own: redis.url, peers: [peer.url] });
    const goRoundOnce = async (text: string) => {
      await until(() => broker.publish(ALL, Buffer.from(text)), "publishing");
      await until(() => heard.texts().includes(text), "a frame through the own broker");
    };
    await until(() => peer.asked(), "the peer's broker to be asked");
    await goRoundOnce("none is acknowledged");
    expect(states()).toEqual(["subscribed", "connecting"]);
    peer.acknowledge(ALL, 1);
    await goRoundOnce("one is acknowledged");
    expect(states()).toEqual(["subscribed", "connecting"]);
    peer.acknowledge(TO_ONE, 2);
    await subscribed();
    expect(heard.count(`subscribed ${peer.url}`)).toBe(1);
    await broker.close();
    await peer.end();
  });

  it("asks a silent broker whether it lives, and keeps the link when it does", async () => {
    const redis = await startRedis();
    const { broker, heard, subscribed } = start({ own: redis.url, silenceMs: 50, answerMs: 300 });
    await subscribed();
    let asked = 0;
    let last = 0;
    await until(() => {
      const ago = broker.links()[0]?.heardMsAgo ?? 0;
      if (ago < last) asked += 1;
      last = ago;
      return asked === 5;
    }, "five answers");
    expect(heard.events).toEqual([`subscribed ${redis.url}`]);
  });

  it("keeps no more unanswered frames than it may, by number and by bytes", async () => {
    const redis = await startRedis();
    const { broker, subscribed } = start({ own: redis.url, publishesMax: 3, publishBytesMax: 1000 });
    await subscribed();
    redis.freeze();
    const results = await Promise.all([
      broker.publish(ALL, Buffer.alloc(900)),
      broker.publish(ALL, Buffer.alloc(200)),
      broker.publish(ALL, Buffer.alloc(50)),
      broker.publish(ALL, Buffer.alloc(50)),
      broker.publish(ALL, Buffer.alloc(0)),
    ]);
    expect(results).toEqual([false, false, false, false, false]);
    expect(broker.drops()).toMatchObject({ overflow: 2, timeout: 3 });
    redis.thaw();
    await subscribed();
    expect(await broker.publish(ALL, Buffer.from("after"))).toBe(true);
  });

  it.each(["pubsub", "normal"])(
    "tells of a loss, and comes back, when its %s connection is ended",
    async (type) => {
      const redis = await startRedis();
      const { broker, heard, subscribed } = start({ own: redis.url });
      await subscribed();
      await brokerCommand(redis.port, "CLIENT", "KILL", "TYPE", type);
      await until(() => heard.count(`subscribed ${redis.url}`) === 2, "the second subscription");
      expect(heard.count(`lost ${redis.url}`)).toBe(1);
      expect(await broker.publish(ALL, Buffer.from("after"))).toBe(true);
      await until(() => heard.texts().includes("after"), "a frame");
    },
  );

  it("hears a broker once that is named with and without its database and credentials", async () => {
    const redis = await startRedis();
    const { broker, heard, subscribed } = start({
      own: redis.url,
      peers: [`${redis.url}/0`, redis.url.replace("redis://", "REDIS://:password@")],
    });
    expect(broker.links()).toHaveLength(1);
    await subscribed();
    expect(await broker.publish(ALL, Buffer.from("x"))).toBe(true);
    await until(() => heard.frames.length === 1, "the frame");
  });

  it("shows credentials nowhere: not in links, not in the log, right or wrong", async () => {
    const redis = await startRedis();
    await brokerCommand(redis.port, "CONFIG", "SET", "requirepass", "hunter2");
    const url = (password: string) => `redis://:${password}@127.0.0.1:${redis.port}`;
    const right = start({ own: url("hunter2") });
    await right.subscribed();
    const wrong = start({ own: url("hunter3") });
    await until(() => wrong.lines.length === 2, "both connections to fail");
    expect(wrong.lines).toContainEqual({
      fields: { broker: redis.url, purpose: "subscriber", reason: "WRONGPASS" },
      text: "broker is away",
    });
    await redis.kill();
    await until(() => right.states()[0] === "lost", "the loss");
    const shown = JSON.stringify(
      [right, wrong].map(({ broker, lines, heard }) => [broker.links(), lines, heard]),
    );
    expect(shown).toContain(redis.url);
    expect(shown).not.toMatch(/hunter/);
  });

  it("logs changes of state, not attempts", async () => {
    const redis = await startRedis();
    const { lines, subscribed } = start({ own: redis.url });
    await subscribed();
    await redis.kill();
    await until(() => lines.length === 2, "both losses");
    const attempts = await countAttempts(redis.port, 8);
    await until(() => attempts.all(), "several attempts to come back");
    await attempts.end();
    await redis.start();
    await subscribed();
    expect(lines.map(({ text }) => text)).toEqual([
      "broker is away",
      "broker is away",
      "broker is back",
      "broker is back",
    ]);
  });

  it("needs no other rights than those to its channels", async () => {
    const redis = await startRedis();
    const allow = (user: string, channels: string) =>
      brokerCommand(
        redis.port,
        ...(["ACL", "SETUSER", user, "on", ">pw", channels, "+subscribe", "+publish", "+ping"] as const),
      );
    await allow("rollcall", "&rollcall:{test}:*");
    await allow("stranger", "&other");
    const { broker, heard, subscribed } = start({ own: `redis://rollcall:pw@127.0.0.1:${redis.port}` });
    await subscribed();
    expect(await broker.publish(ALL, Buffer.from("x"))).toBe(true);
    const stranger = start({ own: `redis://stranger:pw@127.0.0.1:${redis.port}` });
    await until(() => stranger.states()[0] === "lost", "the refusal");
    expect(stranger.lines[0]?.fields).toMatchObject({ purpose: "subscriber", reason: "NOPERM" });
    await until(async () => {
      expect(await stranger.broker.publish(ALL, Buffer.from("forged"))).toBe(false);
      return stranger.broker.drops().refused > 0;
    }, "the publish to be refused");
    expect(heard.texts()).not.toContain("forged");
  });
});

/** Stands in for a killed broker: takes connections and ends them, until there were so many. */
async function countAttempts(port: number, wanted: number) {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    all: () => count >= wanted,
    end: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers what a client says first, and keeps it waiting for each subscription. */
async function startHesitantBroker() {
  let subscriber: Socket | undefined;
  const server = createServer((socket) => {
    socket.on("data", (bytes) => {
      if (bytes.includes("\r\nsubscribe\r\n")) subscriber = socket;
      else socket.write("+OK\r\n");
    });
  });
  server.listen(await freePort(), "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    asked: () => subscriber !== undefined,
    acknowledge: (channel: string, count: number) =>
      subscriber?.write(`*3\r\n$9\r\nsubscribe\r\n$${channel.length}\r\n${channel}\r\n:${count}\r\n`),
    end: async () => {
      server.close();
      await once(server, "close");
    },
  };
}
