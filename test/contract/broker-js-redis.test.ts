/** The Redis in JavaScript that the demo falls back on. */
import { brokerContract } from "./broker-contract.ts";
import { createRedisWorld } from "./broker-redis-world.ts";

brokerContract("js-redis-server", () => createRedisWorld("js-redis-server"));
