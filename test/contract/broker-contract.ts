/**
 * What every implementation of the broker port does (`src/gossip/broker.ts`, rules BRK1 to BRK4).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Broker, BrokerListener } from "../../src/gossip/broker.ts";
import { until } from "./broker-until.ts";

export interface BrokerOptions {
  readonly own: string;
  readonly peers: readonly string[];
  readonly channels: readonly string[];
}

/** Two brokers that run, and the means to stop them. */
export interface BrokerWorld {
  readonly urls: readonly [string, string];
  broker(options: BrokerOptions): Broker;
  /** Ends a broker without a farewell. */
  kill(url: string): Promise<void>;
  /** Does nothing if it runs. */
  restart(url: string): Promise<void>;
  dispose(): Promise<void>;
}

/** Channels of one realm: in a Redis Cluster they share a slot. */
export const ALL = "rollcall:{test}:all";
export const TO_ONE = "rollcall:{test}:to:one";
const TO_OTHER = "rollcall:{test}:to:other";

/** A publish is settled in this time, whatever the broker does. */
const PUBLISH_MS = 1500;

/** Writes down what a broker tells. */
export class Recorder implements BrokerListener {
  readonly frames: Buffer[] = [];
  readonly events: string[] = [];

  frame(bytes: Uint8Array): void {
    this.frames.push(Buffer.from(bytes));
  }

  subscribed(url: string): void {
    this.events.push(`subscribed ${url}`);
  }

  lost(url: string): void {
    this.events.push(`lost ${url}`);
  }

  texts(): string[] {
    return this.frames.map((frame) => frame.toString());
  }

  count(event: string): number {
    return this.events.filter((each) => each === event).length;
  }
}

export function brokerContract(name: string, createWorld: () => Promise<BrokerWorld>): void {
  describe(`broker: ${name}`, () => {
    let world: BrokerWorld;
    let opened: Broker[];

    beforeAll(async () => {
      world = await createWorld();
    });

    beforeEach(async () => {
      opened = [];
      await Promise.all(world.urls.map((url) => world.restart(url)));
    });

    afterEach(() => Promise.all(opened.map((broker) => broker.close())));

    afterAll(() => world.dispose());

    function start(options: Partial<BrokerOptions> = {}): { broker: Broker; heard: Recorder } {
      const [own, peer] = world.urls;
      const broker = world.broker({ own, peers: [peer], channels: [ALL, TO_ONE], ...options });
      const heard = new Recorder();
      opened.push(broker);
      broker.open(heard);
      return { broker, heard };
    }

    async function subscribed(...brokers: readonly Broker[]): Promise<void> {
      const all = () =>
        brokers.every((broker) => broker.links().every(({ state }) => state === "subscribed"));
      await until(all, "all links to be subscribed");
    }

    /** Two servers, each with its own broker, that hear each other. */
    async function startPair() {
      const [a, b] = world.urls;
      const one = start();
      const other = start({ own: b, peers: [a], channels: [ALL, TO_OTHER] });
      await subscribed(one.broker, other.broker);
      return { one, other };
    }

    it("[BRK1] tells of each subscription once, and then everybody hears everybody, and itself", async () => {
      const { one, other } = await startPair();
      expect([...one.heard.events].sort()).toEqual(world.urls.map((url) => `subscribed ${url}`).sort());
      expect(await one.broker.publish(ALL, Buffer.from("from one"))).toBe(true);
      expect(await other.broker.publish(ALL, Buffer.from("from other"))).toBe(true);
      for (const { heard } of [one, other]) {
        await until(() => heard.frames.length === 2, "both frames");
        expect(heard.texts().sort()).toEqual(["from one", "from other"]);
      }
    });

    it("[BRK1] publishes and hears from the moment of `subscribed`", async () => {
      const [own] = world.urls;
      for (let round = 0; round < 20; round++) {
        const heard = new Recorder();
        const broker = world.broker({ own, peers: [], channels: [ALL, TO_ONE] });
        opened.push(broker);
        const published = new Promise<boolean>((resolve) => {
          broker.open({
            frame: (bytes) => heard.frame(bytes),
            lost: (url) => heard.lost(url),
            subscribed: () => resolve(broker.publish(TO_ONE, Buffer.from("now"))),
          });
        });
        expect(await published, `round ${round}`).toBe(true);
        await until(() => heard.texts().includes("now"), `the frame of round ${round}`);
        await broker.close();
      }
    });

    it("[BRK1] opens while every broker is away, and comes when they do", async () => {
      for (const url of world.urls) await world.kill(url);
      const { broker, heard } = start();
      await until(() => heard.events.length === 2, "both losses");
      expect([...heard.events].sort()).toEqual(world.urls.map((url) => `lost ${url}`).sort());
      expect(broker.links().map(({ state }) => state)).toEqual(["lost", "lost"]);
      for (const url of world.urls) await world.restart(url);
      await subscribed(broker);
    });

    it("[BRK1] comes back to a broker that was killed, and tells of both", async () => {
      const { one, other } = await startPair();
      const [, b] = world.urls;
      await world.kill(b);
      await until(() => one.heard.count(`lost ${b}`) === 1, "the loss to be told");
      expect(one.broker.links().map(({ state }) => state)).toEqual(["subscribed", "lost"]);
      expect(await one.broker.publish(ALL, Buffer.from("through the own broker"))).toBe(true);
      await world.restart(b);
      await until(() => one.heard.count(`subscribed ${b}`) === 2, "the subscription to be told again");
      expect(one.heard.count(`lost ${b}`)).toBe(1);
      await subscribed(other.broker);
      expect(await other.broker.publish(ALL, Buffer.from("back"))).toBe(true);
      await until(() => one.heard.texts().includes("back"), "a frame over the broker that came back");
    });

    it("[BRK2] drops what is published while the broker is away, at once and for good", async () => {
      const { one, other } = await startPair();
      const [a] = world.urls;
      await world.kill(a);
      const began = performance.now();
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) => one.broker.publish(ALL, Buffer.from(`lost ${index}`))),
      );
      expect(performance.now() - began).toBeLessThan(PUBLISH_MS);
      expect(results.some(Boolean)).toBe(false);
      const dropped = Object.values(one.broker.drops()).reduce((sum, count) => sum + count, 0);
      expect(dropped).toBe(50);
      await until(() => other.heard.count(`lost ${a}`) === 1, "the loss to be told");
      await world.restart(a);
      await subscribed(one.broker, other.broker);
      expect(await one.broker.publish(ALL, Buffer.from("marker"))).toBe(true);
      await until(() => other.heard.texts().includes("marker"), "the frame published last");
      expect(other.heard.texts().filter((text) => text.startsWith("lost"))).toEqual([]);
    });

    it("[BRK2] reaches those who subscribed to the channel, and nobody else", async () => {
      const { one, other } = await startPair();
      await one.broker.publish(TO_ONE, Buffer.from("to one"));
      await one.broker.publish(TO_OTHER, Buffer.from("to other"));
      await one.broker.publish(ALL, Buffer.from("to all"));
      await until(() => one.heard.frames.length + other.heard.frames.length === 4, "four deliveries");
      expect(one.heard.texts()).toEqual(["to one", "to all"]);
      expect(other.heard.texts()).toEqual(["to other", "to all"]);
    });

    it("[BRK2] carries any bytes unchanged, in order", async () => {
      const { one, other } = await startPair();
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      const sent = [Buffer.alloc(0), every, Buffer.alloc(1024 * 1024, every)];
      for (let index = 0; index < 500; index++) sent.push(Buffer.from(`frame ${index}`));
      const results = await Promise.all(sent.map((frame) => one.broker.publish(ALL, frame)));
      expect(results.every(Boolean)).toBe(true);
      await until(() => other.heard.frames.length === sent.length, "all frames");
      expect(other.heard.frames.every((frame, index) => frame.equals(sent[index] ?? every))).toBe(true);
    });

    it("[BRK3] has one link for each broker, the own one first, however often it is named", async () => {
      const [a, b] = world.urls;
      const { broker, heard } = start({ own: b, peers: [a, b, a] });
      await subscribed(broker);
      expect(broker.links().map(({ url, own }) => ({ url, own }))).toEqual([
        { url: b, own: true },
        { url: a, own: false },
      ]);
      expect(broker.links().every(({ heardMsAgo }) => heardMsAgo !== null && heardMsAgo < 10_000)).toBe(true);
      expect(await broker.publish(ALL, Buffer.from("once"))).toBe(true);
      expect(await broker.publish(ALL, Buffer.from("end"))).toBe(true);
      await until(() => heard.texts().includes("end"), "the last frame");
      expect(heard.texts()).toEqual(["once", "end"]);
    });

    it("[BRK3] has links that are connecting, and never heard, before it is opened", () => {
      const [own] = world.urls;
      const broker = world.broker({ own, peers: [], channels: [ALL] });
      expect(broker.links()).toEqual([{ url: own, own: true, state: "connecting", heardMsAgo: null }]);
    });

    it("[BRK4] delivers, tells and publishes nothing after it was closed, which may happen twice", async () => {
      const { one, other } = await startPair();
      const before = [...one.heard.events];
      await one.broker.close();
      await one.broker.close();
      expect(await other.broker.publish(ALL, Buffer.from("too late"))).toBe(true);
      await until(() => other.heard.frames.length === 1, "the other to hear itself");
      await world.kill(world.urls[0]);
      await until(() => other.heard.count(`lost ${world.urls[0]}`) === 1, "the other to lose the broker");
      expect(one.heard.frames).toEqual([]);
      expect(one.heard.events).toEqual(before);
      expect(await one.broker.publish(ALL, Buffer.from("x"))).toBe(false);
    });

    it("[BRK4] closes while it is connecting, or was never opened", async () => {
      const [own] = world.urls;
      const { broker, heard } = start();
      await broker.close();
      const unopened = world.broker({ own, peers: [], channels: [ALL] });
      expect(await unopened.publish(ALL, Buffer.from("x"))).toBe(false);
      await unopened.close();
      expect(heard.events).toEqual([]);
    });
  });
}
