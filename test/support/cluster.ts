/** A real cluster for one test file: processes of their own, in a folder that goes when the file ends. */
import { expect } from "vitest";
import { type LocalCluster, startLocalCluster } from "../../src/cli/demo/local-cluster.ts";
import type { LocalServer } from "../../src/cli/demo/local-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface TestCluster extends LocalCluster {
  /** Of a trusted back end, which sees what the public does not. */
  readonly apiKey: string;
  /** The first two servers: where both sides of a split write. */
  readonly sides: readonly [LocalServer, LocalServer];
  /** No server hears another until `heal`: all brokers are dead. */
  split(): Promise<void>;
  heal(): Promise<void>;
  /** What `read` gives of each server, expected to be the same of all. */
  everywhere<T>(read: (server: LocalServer) => Promise<T>): Promise<T>;
  remove(): Promise<void>;
}

const API_KEY = "key-of-the-tests";

export async function startTestCluster(
  servers: 2 | 3,
  postgres: "shared" | "each" = "shared",
): Promise<TestCluster> {
  const folder = await temporaryFolder("cluster");
  try {
    const cluster = await startLocalCluster({
      folder: folder.path,
      servers,
      postgres,
      settings: {
        ROLLCALL_RATE_LIMIT: "off",
        ROLLCALL_API_KEYS: API_KEY,
        // These tests are about replication; who may write has tests of its own.
        ROLLCALL_ALLOW_OPEN_WRITES: "on",
      },
    });
    const [left, right] = cluster.servers;
    if (!left || !right) throw new RangeError("a cluster that can be split has two servers");
    return {
      ...cluster,
      apiKey: API_KEY,
      sides: [left, right],
      async split() {
        await Promise.all(cluster.brokers.map((broker) => broker.kill()));
      },
      async heal() {
        await Promise.all(cluster.brokers.map((broker) => broker.start()));
      },
      async everywhere(read) {
        const answer = await read(left);
        for (const server of cluster.servers) expect(await read(server), server.name).toEqual(answer);
        return answer;
      },
      async remove() {
        try {
          await cluster.stop();
        } finally {
          await folder.remove();
        }
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
