/** From the end of a split to servers that hold the same, with what both sides wrote meanwhile. */
import { setTimeout as delay } from "node:timers/promises";
import { parted } from "../../src/lab/nemeses/links.ts";
import { Random } from "../../src/lab/random.ts";
import { agreed } from "../../src/lab/world/convergence.ts";
import { startWorld, type World } from "../../src/lab/world/world.ts";
import { type Figure, percentile } from "./figure.ts";
import { registerByLoad } from "./load.ts";

const CONNECTIONS = 16;
/** Written on each of the two sides. */
const FEW = { written: 500, splits: 50, wanted: "at most 2,000 ms" } as const;
const MANY = { written: 5_000, splits: 5, wanted: "at most 10,000 ms" } as const;
/** A split lasts at least as long as it takes to write, and up to so much longer: connections are given up in some. */
const LONGER_MAX_MS = 5_000;
const AGREED_WITHIN_MS = 60_000;

export async function measureHealing(): Promise<Figure[]> {
  const random = new Random(1);
  const world = await startWorld({ servers: 3, databases: "shared", random: () => random.next() });
  try {
    await agreed(world.servers, world.opsToken, AGREED_WITHIN_MS);
    const figures: Figure[] = [];
    for (const { written, splits, wanted } of [FEW, MANY]) {
      const tookMs: number[] = [];
      for (let split = 0; split < splits; split++) tookMs.push(await healAfter(world, written, random));
      const what = `agreed after a split with ${2 * written} writes, ${splits} times`;
      figures.push(
        { what: `${what}, median`, measured: `${percentile(tookMs, 50).toFixed(0)} ms` },
        { what: `${what}, 99th percentile`, measured: `${percentile(tookMs, 99).toFixed(0)} ms`, wanted },
      );
    }
    return figures;
  } finally {
    await world.end();
  }
}

async function healAfter({ servers, opsToken }: World, written: number, random: Random): Promise<number> {
  const [one, two, ...others] = servers;
  if (!one || !two) throw new RangeError("three servers were started");
  const split = parted([one], [two, ...others]);
  await split.start();
  await Promise.all(
    [one, two].map(({ url }) => registerByLoad({ url, connections: CONNECTIONS, amount: written })),
  );
  await delay(random.between(0, LONGER_MAX_MS));
  await split.end();
  const healedAt = performance.now();
  await agreed(servers, opsToken, AGREED_WITHIN_MS);
  return performance.now() - healedAt;
}
