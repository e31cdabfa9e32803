/** Registrations over REST against a bare Express + pg handler on the same PostgreSQL, turn by turn. */
import type { LocalCluster } from "../../src/cli/demo/local-cluster.ts";
import { type BareServer, startBareServer } from "./bare-server.ts";
import { withCluster } from "./bench-cluster.ts";
import { type Figure, median } from "./figure.ts";
import { registerByLoad } from "./load.ts";

const CONNECTIONS = 32;
const ROUNDS = 5;
const SECONDS = 4;
/** Until the machine code of either no longer changes. */
const WARM_UP_SECONDS = 10;

export function measureRegistrations(): Promise<Figure[]> {
  return withCluster(2, async (cluster) => {
    const bare = await startBareHandler(cluster);
    try {
      const rollcallUrl = cluster.servers[0]?.url ?? "";
      const load = (url: string, seconds: number) =>
        registerByLoad({ url, connections: CONNECTIONS, seconds });
      for (const url of [bare.url, rollcallUrl]) await load(url, WARM_UP_SECONDS);
      const bareRates: number[] = [];
      const rollcallRates: number[] = [];
      const ratios: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const bareRate = await load(bare.url, SECONDS);
        const rollcallRate = await load(rollcallUrl, SECONDS);
        bareRates.push(bareRate);
        rollcallRates.push(rollcallRate);
        ratios.push(rollcallRate / bareRate);
      }
      return [
        { what: "bare Express + pg, one insert a request", measured: `${Math.round(median(bareRates))} /s` },
        {
          what: "Rollcall, durable, replicating to a peer",
          measured: `${Math.round(median(rollcallRates))} /s`,
        },
        { what: "ratio, median of the rounds", measured: median(ratios).toFixed(2), wanted: "at least 0.8" },
      ];
    } finally {
      bare.stop();
    }
  });
}

async function startBareHandler({ databases }: LocalCluster): Promise<BareServer> {
  const [database] = databases;
  if (!database) throw new RangeError("a cluster has a PostgreSQL");
  await database.createDatabase("bare");
  return startBareServer("./bare-handler.ts", database.url("bare"));
}
