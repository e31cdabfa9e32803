/** Any fault, struck at random servers: for `everything` and the soak. */
import { bothWays } from "../proxy/toxic.ts";
import type { Random } from "../random.ts";
import type { Server } from "../world/world.ts";
import { clockOff } from "./clocks.ts";
import { ailing, databaseAiling, deaf, parted, roadDown } from "./links.ts";
import type { Nemesis } from "./nemesis.ts";
import { brokerFrozen, brokerKilled, crashed, databaseKilled, frozen } from "./processes.ts";

const CLOCK_OFF_MAX_MS = 60_000;

/** The servers have a database each. */
export function randomNemesis(servers: readonly Server[], random: Random): Nemesis {
  const [one, two, ...others] = random.shuffle(servers);
  if (!one || !two) throw new RangeError("a fault needs two servers to be between");
  const { strike } = random.weighted([
    { weight: 4, strike: () => crashed(one) },
    { weight: 2, strike: () => frozen(one) },
    { weight: 2, strike: () => brokerKilled(one) },
    { weight: 2, strike: () => brokerFrozen(one) },
    { weight: 2, strike: () => databaseKilled(one) },
    { weight: 3, strike: () => parted([one], [two, ...others]) },
    { weight: 2, strike: () => deaf(one, two) },
    { weight: 1, strike: () => roadDown(one, two) },
    { weight: 1, strike: () => slow(one, two) },
    { weight: 1, strike: () => narrow(one, two) },
    { weight: 1, strike: () => ailing("reset", one, two, bothWays({ type: "reset_peer", timeoutMs: 100 })) },
    {
      weight: 1,
      strike: () => ailing("cut short", one, two, bothWays({ type: "limit_data", bytes: 5_000 })),
    },
    {
      weight: 1,
      strike: () => ailing("closing slowly", one, two, bothWays({ type: "slow_close", delayMs: 500 })),
    },
    { weight: 1, strike: () => databaseAiling("slow", one, bothWays({ type: "latency", latencyMs: 30 })) },
    { weight: 1, strike: () => clockOff(one, random.between(-CLOCK_OFF_MAX_MS, CLOCK_OFF_MAX_MS)) },
  ]);
  return strike();
}

function slow(server: Server, to: Server): Nemesis {
  return ailing("slow", server, to, bothWays({ type: "latency", latencyMs: 150, jitterMs: 100 }));
}

function narrow(server: Server, to: Server): Nemesis {
  return ailing("narrow", server, to, bothWays({ type: "bandwidth", bytesPerSecond: 20_000 }));
}
