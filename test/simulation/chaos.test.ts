/**
 * Seeded clusters through chaos to agreement. Play one again: `SEED=17 npx vitest run --project simulation`.
 */
import { afterAll, expect, test } from "vitest";
import { type Outcome, rebuild, runChaos } from "./chaos.ts";
import { Random } from "./random.ts";

const SEEDS = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: 200 }, (_, index) => index + 1);

let writes = 0;
let crashes = 0;

test.each(SEEDS)(
  "[REP1] seed %i keeps every acknowledged write and converges to equal digests",
  async (seed) => {
    const outcome = await runChaos(seed);
    await expectAgreement(seed, outcome);
    writes += outcome.acknowledged.length;
    crashes += outcome.crashes;
  },
);

afterAll(() => {
  expect(writes, "the workload must have written something").toBeGreaterThan(SEEDS.length * 20);
  if (SEEDS.length > 1) expect(crashes, "servers must have crashed").toBeGreaterThan(SEEDS.length);
});

async function expectAgreement(seed: number, { servers, players, convergedAfterMs }: Outcome): Promise<void> {
  const replay = `replay: SEED=${seed} npx vitest run --project simulation`;
  expect(convergedAfterMs, `the servers did not agree; ${replay}`).not.toBeNull();
  for (const { registry, troubles } of servers) {
    expect(troubles, replay).toEqual([]);
    for (const id of players) expect((await registry.players.read(id)).player.id, replay).toBe(id);
  }
  const [first] = servers;
  if (!first) throw new RangeError("a cluster has servers");
  const rebuilt = await rebuild(first, new Random(seed));
  expect(rebuilt.digest(), `a rebuild from the log differs; ${replay}`).toEqual(first.registry.digest());
}
