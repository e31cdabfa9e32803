/** One command to a Redis of the loopback, on a connection of its own: what an operator would type. */
import { Redis } from "ioredis";

export async function brokerCommand(port: number, command: string, ...args: string[]): Promise<unknown> {
  const redis = new Redis({ host: "127.0.0.1", port, lazyConnect: true, retryStrategy: null });
  // The failure of the command says the same.
  redis.on("error", () => undefined);
  try {
    return await redis.call(command, ...args);
  } finally {
    redis.disconnect();
  }
}
