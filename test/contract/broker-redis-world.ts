/** Two single Redis processes for the contract of brokers. */
import type { BrokerEngine } from "../../src/cli/demo/broker-engine.ts";
import { RedisBroker } from "../../src/gossip/redis-broker.ts";
import { startTestBroker } from "../support/broker.ts";
import type { BrokerWorld } from "./broker-contract.ts";

export async function createRedisWorld(engine?: BrokerEngine): Promise<BrokerWorld> {
  const options = engine === undefined ? {} : { engine };
  const tests = await Promise.all([startTestBroker(options), startTestBroker(options)]);
  const [a, b] = tests;
  const at = (url: string) => (url === a.broker.url ? a.broker : b.broker);
  return {
    urls: [a.broker.url, b.broker.url],
    // What the tests mean to be taken is taken, however busy the machine.
    broker: (settings) =>
      new RedisBroker({ ...settings, publishTimeoutMs: 10_000, log: { warn: () => undefined } }),
    kill: (url) => at(url).kill(),
    restart: (url) => at(url).start(),
    dispose: async () => {
      await Promise.all(tests.map((test) => test.remove()));
    },
  };
}
