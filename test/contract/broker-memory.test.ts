import { MemoryBrokerNetwork } from "../../src/gossip/memory-broker.ts";
import { brokerContract } from "./broker-contract.ts";

brokerContract("memory", async () => {
  const network = new MemoryBrokerNetwork();
  return {
    urls: ["memory:a", "memory:b"],
    broker: (options) => network.broker(options),
    kill: async (url) => network.stop(url),
    restart: async (url) => network.start(url),
    dispose: async () => undefined,
  };
});
