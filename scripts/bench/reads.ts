/**
 * A player read over REST, with all that a server does around it (limits, headers, checks, logs), against a bare
 * Express handler with the same query on the same PostgreSQL, turn by turn.
 */
import autocannon from "autocannon";
import { startBareServer } from "./bare-server.ts";
import { withCluster } from "./bench-cluster.ts";
import { type Figure, median } from "./figure.ts";
import { registerByLoad } from "./load.ts";

const CONNECTIONS = 32;
const PLAYERS = 1_000;
const ROUNDS = 7;
const SECONDS = 3;
/** Until the machine code of either no longer changes. */
const WARM_UP_SECONDS = 6;
/** Limits count every request, and refuse none of these. */
const NEVER_REACHED = "100000000";

export function measureReads(): Promise<Figure[]> {
  return withCluster(
    1,
    async ({ servers: [server], databaseUrls: [databaseUrl = ""] }) => {
      const url = server?.url ?? "";
      await registerByLoad({ url, connections: CONNECTIONS, amount: PLAYERS });
      const paths = await pathsOfPlayers(url);
      const bare = await startBareServer("./bare-reader.ts", databaseUrl);
      try {
        for (const side of [bare.url, url]) await read(side, paths, WARM_UP_SECONDS);
        const rates: { readonly bare: number; readonly rollcall: number }[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const bareRate = await read(bare.url, paths, SECONDS);
          rates.push({ bare: bareRate, rollcall: await read(url, paths, SECONDS) });
        }
        return figuresOf(rates);
      } finally {
        bare.stop();
      }
    },
    { ROLLCALL_RATE_LIMIT: NEVER_REACHED, ROLLCALL_LOG_LEVEL: "info" },
  );
}

function figuresOf(rates: readonly { readonly bare: number; readonly rollcall: number }[]): Figure[] {
  const perSecond = (side: "bare" | "rollcall"): string =>
    `${Math.round(median(rates.map((rate) => rate[side])))} /s`;
  const ratio = median(rates.map(({ bare, rollcall }) => bare / rollcall));
  return [
    { what: "bare Express + pg, the same query", measured: perSecond("bare") },
    { what: "Rollcall: limits, headers, checks, logs", measured: perSecond("rollcall") },
    {
      what: "time of a read as a multiple of bare, median of the rounds",
      measured: ratio.toFixed(2),
      wanted: "at most 1.3",
    },
  ];
}

/** Reads a second that were answered with 200. @throws when any was answered otherwise. */
async function read(url: string, paths: readonly string[], seconds: number): Promise<number> {
  const requests = paths.map((path) => ({ path }));
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new RangeError(`${failed} reads at ${url} failed`);
  return result["2xx"] / result.duration;
}

async function pathsOfPlayers(url: string): Promise<string[]> {
  const response = await fetch(`${url}/v1/players?limit=100`);
  const { items } = (await response.json()) as { items: { id: string }[] };
  return items.map(({ id }) => `/v1/players/${id}`);
}
