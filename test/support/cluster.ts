/** A real cluster for one test file: processes of their own, in a folder that goes when the file ends. */
import { type LocalCluster, startLocalCluster } from "../../src/cli/demo/local-cluster.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface TestCluster extends LocalCluster {
  /** No server hears another until `healed`: all brokers are dead. */
  split(): Promise<void>;
  heal(): Promise<void>;
  remove(): Promise<void>;
}

export async function startTestCluster(
  servers: number,
  postgres: "shared" | "each" = "shared",
): Promise<TestCluster> {
  const folder = await temporaryFolder("cluster");
  try {
    const cluster = await startLocalCluster({
      folder: folder.path,
      servers,
      postgres,
      settings: { ROLLCALL_RATE_LIMIT: "off" },
    });
    return {
      ...cluster,
      async split() {
        await Promise.all(cluster.brokers.map((broker) => broker.kill()));
      },
      async heal() {
        await Promise.all(cluster.brokers.map((broker) => broker.start()));
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
