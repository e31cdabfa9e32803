import { describe, expect, it } from "vitest";
import { RatingFolder } from "../../../src/registry/rating-folder.ts";
import type { FoldLimits } from "../../../src/registry/rating-walk.ts";
import { DatabaseUnavailableError, OutcomeUnknownError } from "../../../src/storage/errors.ts";
import { MemoryDisk } from "../../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../../src/storage/memory/memory-log-store.ts";
import type { RatingFold, RatingStore, RatingUpdate } from "../../../src/storage/rating-store.ts";
import { idOf } from "../../support/log-fixtures.ts";
import { disputed, RatingWorld, settledMatch, withoutName } from "../../support/rating-world.ts";
import { settled } from "../../support/settled.ts";

const SHORT: FoldLimits = { pageMatches: 3, pageLeaders: 2, shortMatchesMax: 1_000, shortRowsMax: 1_000 };
/** Every fold of more than two matches is a long one. */
const LONG: FoldLimits = { pageMatches: 3, pageLeaders: 2, shortMatchesMax: 2, shortRowsMax: 1_000 };

async function newStore(): Promise<MemoryLogStore> {
  const store = new MemoryLogStore(new MemoryDisk(), { realm: "default" });
  await store.open();
  return store;
}

async function newWorld(limits: FoldLimits): Promise<RatingWorld> {
  return new RatingWorld(await newStore(), { limits });
}

/** Ten matches in a ring of five, one after another. */
const SEASON = Array.from({ length: 10 }, (_, index) =>
  settledMatch(index + 1, {
    at: 10 * (index + 1),
    ranks: { [1 + (index % 5)]: 1, [1 + ((index + 1) % 5)]: 2 },
  }),
);
const LATE = settledMatch(99, { at: 55, ranks: { 1: 1, 2: 2, 3: 2 } });

async function expectFolded(world: RatingWorld): Promise<void> {
  expect((await world.board()).map(withoutName)).toEqual(world.expectedBoard());
  expect(world.stateDigest).toBe(world.expectedStateDigest);
  expect(await world.store.markedModes()).toEqual([]);
}

/** A store whose folds stop before their second page, until they are let go on. */
class HaltingStore implements Pick<RatingStore, "markedModes" | "openFold" | "sweep"> {
  readonly #store: RatingStore;
  readonly #reached = deferred();
  readonly #released = deferred();
  halting = true;
  closed = 0;

  constructor(store: RatingStore) {
    this.#store = store;
  }

  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  release(): void {
    this.halting = false;
    this.#released.resolve();
  }

  markedModes(): Promise<string[]> {
    return this.#store.markedModes();
  }

  sweep(): Promise<boolean> {
    return this.#store.sweep();
  }

  async openFold(mode: string): Promise<RatingFold | undefined> {
    const fold = await this.#store.openFold(mode);
    if (!fold) return undefined;
    const page = fold.page.bind(fold);
    fold.page = async (after, matchesMax) => {
      if (this.halting && after) {
        this.#reached.resolve();
        await this.#released.promise;
      }
      return page(after, matchesMax);
    };
    const close = fold.close.bind(fold);
    fold.close = () => {
      this.closed++;
      return close();
    };
    return fold;
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function deferred(): Deferred {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((end) => {
    resolve = end;
  });
  return { promise, resolve };
}

describe("the rating folder", () => {
  it("[RAT1] folds a late match in from where it belongs: what stands before it is not touched", async () => {
    const world = await newWorld(SHORT);
    await world.put(...SEASON);
    await world.fold();
    await world.put(LATE);
    await world.fold();
    await expectFolded(world);
    const [first, second] = world.updates;
    expect(first?.rated).toHaveLength(20);
    expect(second?.rated.length).toBeGreaterThan(3);
    const touched = (second?.rated ?? []).map(({ finishedAt }) => finishedAt);
    expect(touched.filter((at) => at < (LATE.finishedAt ?? ""))).toEqual([]);
    expect(second?.board).toBe(first?.board);
  });

  it("[RAT1] takes a match back that does not count any more, with everyone who was in no other", async () => {
    const world = await newWorld(SHORT);
    const only = settledMatch(50, { at: 15, ranks: { 1: 1, 8: 2 } });
    await world.put(...SEASON, only);
    await world.fold();
    expect((await world.board()).map(({ playerId }) => playerId)).toContain(idOf(8));
    await world.put(disputed(only));
    await world.fold();
    await expectFolded(world);
    expect((await world.board()).map(({ playerId }) => playerId)).not.toContain(idOf(8));
    expect(await world.store.ratingsOf(idOf(8))).toEqual([]);
    await world.put(settledMatch(60, { at: 500, ranks: { 8: 1, 2: 2 } }));
    await world.fold();
    await expectFolded(world);
  });

  it.each([
    ["short", SHORT],
    ["long", LONG],
  ])(
    "[RAT1] a %s fold that is overtaken ends, and what came meanwhile is folded after it",
    async (_, limits) => {
      const store = await newStore();
      const halting = new HaltingStore(store);
      const world = new RatingWorld(store, { limits, folded: halting });
      await world.put(...SEASON);
      const { folder } = world;
      folder.notify();
      await halting.reached;
      expect(folder.pending).toBe(true);
      expect(await world.board()).toEqual([]);
      const early = settledMatch(98, { at: 5, ranks: { 5: 1, 1: 2 } });
      await world.put(early, LATE);
      folder.notify();
      halting.release();
      await folder.idle();
      expect(folder.pending).toBe(false);
      await expectFolded(world);
      expect(world.updates.map(({ version }) => version)).toEqual([10, 12]);
      expect(halting.closed).toBe(2);
    },
  );

  it("[RAT1] a long fold shows the former board until its own is whole", async () => {
    const store = await newStore();
    const world = new RatingWorld(store, { limits: LONG });
    await world.put(...SEASON);
    await world.fold();
    const before = await world.board();
    expect(before).toHaveLength(5);
    await world.folder.close();
    await world.put(LATE);

    const halting = new HaltingStore(store);
    const seen: unknown[] = [];
    const folder = world.newFolder(halting, LONG, async (update) => {
      seen.push(await world.board());
      await world.commit(update);
    });
    folder.notify();
    await halting.reached;
    expect(await world.board()).toEqual(before);
    halting.release();
    await folder.idle();
    expect(seen).toEqual([before]);
    await expectFolded(world);
    const [first, second] = world.updates;
    expect(second?.board).not.toBe(first?.board);
    expect(second?.rated).toEqual([]);
    await folder.close();
  });

  it("[RAT1] nothing is lost when the process ends before the commit: the next one folds it", async () => {
    for (const limits of [SHORT, LONG]) {
      const store = await newStore();
      const world = new RatingWorld(store, { limits });
      await world.put(...SEASON);
      const halting = new HaltingStore(store);
      const crashed = world.newFolder(halting, limits);
      crashed.notify();
      await halting.reached;
      expect(world.updates).toEqual([]);
      const restarted = world.newFolder(store, limits);
      restarted.notify();
      await restarted.idle();
      await expectFolded(world);
      await restarted.close();
      halting.release();
      await crashed.close();
    }
  });

  it("[RAT1] what came of an update whose outcome is unknown is counted once", async () => {
    for (const stored of [true, false]) {
      const store = await newStore();
      const world = new RatingWorld(store);
      await world.put(...SEASON);
      let lost = 0;
      const folder = world.newFolder(store, SHORT, async (update) => {
        if (lost > 0) return world.commit(update);
        lost++;
        if (stored) await world.commit(update);
        throw new OutcomeUnknownError();
      });
      folder.notify();
      await folder.idle();
      await expectFolded(world);
      expect(world.trouble).toHaveLength(1);
      expect(world.pauses).toEqual([50]);
      expect(world.updates).toHaveLength(1);
      await folder.close();
    }
  });

  it("[RAT1] an update that was made from a board that has changed since is refused", async () => {
    const store = await newStore();
    const world = new RatingWorld(store);
    await world.put(...SEASON);
    const updates: RatingUpdate[] = [];
    const folder = world.newFolder(store, SHORT, async (update) => {
      updates.push(update);
      await world.commit(update);
    });
    folder.notify();
    await folder.idle();
    const digest = world.stateDigest;
    const [update] = updates;
    if (!update) throw new Error("nothing was folded");
    await expect(world.commit(update)).rejects.toMatchObject({ code: "batch-refused", sqlState: "23505" });
    expect(world.stateDigest).toBe(digest);
    await expectFolded(world);
    await folder.close();
  });

  it("a mode that cannot be folded does not hold up the others, and is tried again after growing pauses", async () => {
    const store = await newStore();
    const world = new RatingWorld(store);
    await world.put(...SEASON, settledMatch(70, { mode: "arena", ranks: { 1: 1, 2: 2 } }));
    let failures = 0;
    const failing = {
      markedModes: () => store.markedModes(),
      sweep: () => store.sweep(),
      openFold: async (mode: string) => {
        if (mode === "arena" && failures < 3) {
          failures++;
          expect(world.updates.map((update) => update.mode)).toEqual(failures === 1 ? [] : ["duel"]);
          throw new DatabaseUnavailableError();
        }
        return store.openFold(mode);
      },
    };
    const folder = world.newFolder(failing, SHORT);
    folder.notify();
    await folder.idle();
    expect(world.pauses).toEqual([50, 100, 200]);
    expect(world.trouble).toHaveLength(3);
    expect((await world.board("arena")).map(withoutName)).toEqual(world.expectedBoard("arena"));
    await expectFolded(world);
    await folder.close();
  });

  it("closing gives up the fold that is under way, and whoever waits for it", async () => {
    const store = await newStore();
    const world = new RatingWorld(store);
    await world.put(...SEASON);
    const halting = new HaltingStore(store);
    const folder = world.newFolder(halting, SHORT);
    folder.notify();
    let waits = true;
    const idle = folder.idle().then(() => {
      waits = false;
    });
    await halting.reached;
    await settled();
    expect(waits).toBe(true);
    const closed = folder.close();
    halting.release();
    await closed;
    await idle;
    expect(folder.pending).toBe(false);
    folder.notify();
    expect(folder.pending).toBe(false);
    expect(world.updates).toEqual([]);
    expect(world.trouble).toEqual([]);
    expect(halting.closed).toBe(1);
    expect(await store.markedModes()).toEqual(["duel"]);
  });

  it("[RAT1] who waits for a limited time is told when it is over", async () => {
    const world = await newWorld(SHORT);
    await world.put(...SEASON);
    const halting = new HaltingStore(world.store);
    const folder = world.newFolder(halting, SHORT);
    folder.notify();
    await halting.reached;
    expect(await folder.idle(1)).toBe(false);
    const patient = folder.idle(60_000);
    halting.release();
    expect(await patient).toBe(true);
    expect(await folder.idle(0)).toBe(true);
    await folder.close();
  });

  it("closing does not wait for a pause", async () => {
    const store = await newStore();
    const world = new RatingWorld(store);
    await world.put(...SEASON);
    const paused = deferred();
    const folder = new RatingFolder({
      store,
      commit: () => Promise.reject(new DatabaseUnavailableError()),
      pause: () => {
        paused.resolve();
        return new Promise(() => undefined);
      },
      onTrouble: () => undefined,
    });
    folder.notify();
    await paused.promise;
    expect(folder.pending).toBe(true);
    await folder.close();
    expect(folder.pending).toBe(false);
  });

  it("is idle at once when nothing is marked", async () => {
    const world = await newWorld(SHORT);
    await world.folder.idle();
    await world.fold();
    expect(world.updates).toEqual([]);
    expect(world.folder.pending).toBe(false);
  });

  it("lets others go on while it computes", async () => {
    const world = await newWorld({ ...SHORT, pageMatches: 1_000 });
    const crowd = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [index + 1, 1 + (index % 7)]));
    await world.put(...Array.from({ length: 30 }, (_, index) => settledMatch(index + 1, { ranks: crowd })));
    let turns = 0;
    let folding = true;
    const count = (): void => {
      turns++;
      if (folding) setImmediate(count);
    };
    setImmediate(count);
    await world.fold();
    folding = false;
    expect(turns).toBeGreaterThan(5);
    await expectFolded(world);
  });
});
