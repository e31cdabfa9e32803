/** Resident memory of servers that hold 100,000 and 200,000 players. */
import { readFile } from "node:fs/promises";
import type { LocalServer } from "../../src/cli/demo/local-server.ts";
import { entriesOf, withCluster } from "./bench-cluster.ts";
import type { Figure } from "./figure.ts";
import { registerByLoad } from "./load.ts";

const STEP = 100_000;
const CONNECTIONS = 32;
const KIB_PER_MIB = 1_024;
const POLL_MS = 100;

export function measureMemory(): Promise<Figure[]> {
  return withCluster(2, async ({ servers, opsToken }) => {
    const [taking, hearing] = servers;
    if (!taking || !hearing) throw new RangeError("two servers were started");
    const figures: Figure[] = [];
    for (const players of [STEP, 2 * STEP]) {
      await registerByLoad({ url: taking.url, connections: CONNECTIONS, amount: STEP });
      while ((await entriesOf(hearing.url, opsToken)) < players) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      const what = `with ${players.toLocaleString("en")} players, resident:`;
      figures.push(
        {
          what: `${what} the server that took them`,
          measured: await residentMemory(taking),
          wanted: "at most 300 MB",
        },
        {
          what: `${what} the one that heard them`,
          measured: await residentMemory(hearing),
          wanted: "at most 300 MB",
        },
      );
    }
    return figures;
  });
}

/** As Linux counts it. */
async function residentMemory({ pid }: LocalServer): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return `${Math.round(kib / KIB_PER_MIB)} MB`;
}
