/**
 * Whatever order matches arrive in, whichever of them change, vanish or move, whoever is merged with whom, and
 * whenever it is folded: the board is the fold of what counts from the beginning, to the last digit.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FoldLimits } from "../../src/registry/rating-walk.ts";
import { MemoryDisk } from "../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../src/storage/memory/memory-log-store.ts";
import { idOf } from "../support/log-fixtures.ts";
import { disputed, RatingWorld, settledMatch, withoutName } from "../support/rating-world.ts";
import { seeded } from "../support/seeded.ts";

const MODES = ["duel", "free-for-all"];
const MATCHES = 8;
const PLAYERS = 6;
/** A property takes a second of a core, and may have to share it. */
const SLOW_MACHINE_MS = 30_000;

const ranks = fc.dictionary(
  fc.integer({ min: 1, max: PLAYERS }).map(String),
  fc.integer({ min: 1, max: 3 }),
  {
    minKeys: 1,
    maxKeys: 5,
  },
);

const settling = fc.record({
  number: fc.integer({ min: 1, max: MATCHES }),
  // Few times, so that matches finish at the same one.
  at: fc.integer({ min: 1, max: 6 }),
  mode: fc.constantFrom(...MODES),
  ranks,
});
type Settling = typeof settling extends fc.Arbitrary<infer T> ? T : never;

type Step =
  | ({ readonly type: "settle" } & Settling)
  | ({ readonly type: "dispute" } & Settling)
  | { readonly type: "merge"; readonly player: number; readonly survivor: number }
  | { readonly type: "fold" };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: settling.map((fields) => ({ type: "settle" as const, ...fields })) },
  { weight: 2, arbitrary: settling.map((fields) => ({ type: "dispute" as const, ...fields })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: PLAYERS }), fc.integer({ min: 1, max: PLAYERS }))
      .map(([a, b]) => ({ type: "merge" as const, player: Math.max(a, b), survivor: Math.min(a, b) })),
  },
  { weight: 3, arbitrary: fc.constant({ type: "fold" as const }) },
);

/** So small that folds have several pages, and some are too long to be done in place. */
const limits: fc.Arbitrary<FoldLimits> = fc.record({
  pageMatches: fc.integer({ min: 1, max: 4 }),
  pageLeaders: fc.integer({ min: 1, max: 4 }),
  shortMatchesMax: fc.integer({ min: 0, max: MATCHES }),
  shortRowsMax: fc.constantFrom(3, 1_000),
});

async function newWorld(foldLimits: FoldLimits): Promise<RatingWorld> {
  const store = new MemoryLogStore(new MemoryDisk(), { realm: "default" });
  await store.open();
  return new RatingWorld(store, { limits: foldLimits });
}

async function take(world: RatingWorld, step: Step): Promise<void> {
  if (step.type === "fold") return world.fold();
  if (step.type === "merge") return world.merge(step.player, step.survivor);
  const match = settledMatch(step.number, step);
  await world.put(step.type === "settle" ? match : disputed(match));
}

describe("ratings", { timeout: SLOW_MACHINE_MS }, () => {
  it("[RAT1] [RAT2] are a fold from the beginning, whatever changes and whenever it is folded", async () => {
    let inPlace = 0;
    let beside = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { maxLength: 40, size: "max" }),
        limits,
        async (history, foldLimits) => {
          const world = await newWorld(foldLimits);
          for (const step of history) await take(world, step);
          await world.fold();
          for (const mode of MODES) {
            expect((await world.board(mode)).map(withoutName)).toEqual(world.expectedBoard(mode));
          }
          expect(world.stateDigest).toBe(world.expectedStateDigest);
          expect(world.trouble).toEqual([]);
          for (const { rated, leaders } of world.updates) {
            if (rated.length + leaders.length > 0) inPlace++;
            else beside++;
          }
        },
      ),
      seeded(300),
    );
    expect(inPlace).toBeGreaterThan(50);
    expect(beside).toBeGreaterThan(50);
  });

  it("[RAT2] are equal on servers that have the same matches, in whatever order they came", async () => {
    const matches = fc.uniqueArray(settling, { selector: ({ number }) => number, minLength: 2 });
    const orders = matches.chain((list) =>
      fc.tuple(
        fc.shuffledSubarray(list, { minLength: list.length }),
        fc.shuffledSubarray(list, { minLength: list.length }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(orders, limits, limits, async ([one, other], ...foldLimits) => {
        const digests: string[] = [];
        const boards: unknown[] = [];
        for (const [index, order] of [one, other].entries()) {
          const world = await newWorld(foldLimits[index] as FoldLimits);
          for (const fields of order) {
            await world.put(settledMatch(fields.number, fields));
            await world.fold();
          }
          digests.push(world.stateDigest);
          boards.push(await Promise.all(MODES.map((mode) => world.board(mode))));
        }
        expect(digests[0]).toBe(digests[1]);
        expect(boards[0]).toEqual(boards[1]);
      }),
      seeded(100),
    );
  });

  it("[RAT1] count a match once however often it was settled in the same way", async () => {
    const world = await newWorld({ pageMatches: 2, pageLeaders: 2, shortMatchesMax: 100, shortRowsMax: 100 });
    const match = settledMatch(1, { ranks: { 1: 1, 2: 2 } });
    for (let time = 0; time < 3; time++) {
      await world.put(match);
      await world.fold();
    }
    const [winner] = await world.board();
    expect(winner).toMatchObject({ playerId: idOf(1), matches: 1, wins: 1, losses: 0, draws: 0 });
  });
});
