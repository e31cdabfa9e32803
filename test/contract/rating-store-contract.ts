/** What every implementation of the log store does with ratings (`src/storage/rating-store.ts`). */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Match } from "../../crdt/match.ts";
import { FIRST_SKILL } from "../../crdt/rating.ts";
import { FOLD_LIMITS, type FoldLimits } from "../../src/registry/rating-walk.ts";
import type { LogStore } from "../../src/storage/log-store.ts";
import type { RatingFold, RatingUpdate } from "../../src/storage/rating-store.ts";
import { batchOf, documentOf, idOf, playerOf, playerRowOf, playersOf } from "../support/log-fixtures.ts";
import { disputed, RatingWorld, settledMatch, withoutName } from "../support/rating-world.ts";

/** Small pages; every fold of more than ten matches is a long one. */
const SMALL: FoldLimits = { pageMatches: 4, pageLeaders: 3, shortMatchesMax: 10, shortRowsMax: 1_000 };
const PLAYERS = 9;

/** A season of matches with two to four players, ties and equal finish times among them; the same every time. */
function season(count: number, mode = "duel"): Match[] {
  return Array.from({ length: count }, (_, index) => {
    const players = Array.from(
      { length: 2 + (index % 3) },
      (_, seat) => 1 + ((index * 5 + seat * 2) % PLAYERS),
    );
    const ranks = Object.fromEntries(players.map((player, seat) => [player, 1 + ((seat + index) % 3)]));
    return settledMatch(index + 1 + (mode === "duel" ? 0 : 500), { mode, at: 1 + (index >> 1), ranks });
  });
}

export function ratingStoreContract(
  name: string,
  createStore: () => Promise<{ readonly store: LogStore; dispose(): Promise<void> }>,
): void {
  describe(`ratings: ${name}`, () => {
    let store: LogStore;
    let dispose: () => Promise<void>;
    let worlds: RatingWorld[];

    beforeEach(async () => {
      const created = await createStore();
      store = created.store;
      dispose = created.dispose;
      worlds = [];
      await store.open();
    });

    afterEach(async () => {
      for (const { folder } of worlds) await folder.close();
      await store.close();
      await dispose();
    });

    /** One whose folder, which may be sweeping still, ends before the store does. */
    function newWorld(options: ConstructorParameters<typeof RatingWorld>[1] = {}): RatingWorld {
      const world = new RatingWorld(store, options);
      worlds.push(world);
      return world;
    }

    async function expectFolded(world: RatingWorld, modes = ["duel"]): Promise<void> {
      for (const mode of modes) {
        expect((await world.board(mode)).map(withoutName)).toEqual(world.expectedBoard(mode));
      }
      expect(world.stateDigest).toBe(world.expectedStateDigest);
      expect(world.trouble).toEqual([]);
      expect(await store.markedModes()).toEqual([]);
    }

    async function opened(mode = "duel"): Promise<RatingFold> {
      const fold = await store.openFold(mode);
      if (!fold) throw new Error(`${mode} is not marked`);
      return fold;
    }

    it("[LOG5] an empty store has no ratings and nothing to fold", async () => {
      expect(await store.leaderboard({ mode: "duel", limit: 10 })).toEqual({ items: [], next: null });
      expect(await store.leaderboard({ mode: "\u0000", limit: 10 })).toEqual({ items: [], next: null });
      expect(await store.ratedModes({ limit: 10 })).toEqual({ items: [], next: null });
      expect(await store.ratingsOf(idOf(1))).toEqual([]);
      expect(await store.firstMatches([idOf(1)])).toEqual(new Map());
      expect(await store.markedModes()).toEqual([]);
      expect(await store.openFold("duel")).toBeUndefined();
      expect(await store.sweep()).toBe(false);
    });

    it.each<[string, FoldLimits]>([
      ["in place", FOLD_LIMITS],
      ["on a spare board", SMALL],
    ])(
      "[RAT1] [RAT2] what is folded %s is the fold from the beginning, to the last digit",
      async (_, limits) => {
        const world = newWorld({ limits });
        const matches = season(40);
        await world.put(...matches.filter((__, index) => index % 4 !== 1), ...season(12, "arena"));
        await world.fold();
        await expectFolded(world, ["duel", "arena"]);
        for (const late of matches.filter((__, index) => index % 4 === 1)) await world.put(late);
        await world.fold();
        await expectFolded(world, ["duel", "arena"]);
        const [first, other, last] = [matches[2], matches[20], matches[39]] as const;
        if (!first || !other || !last) throw new Error("a season has forty matches");
        await world.put(disputed(last));
        await world.fold();
        await world.put(disputed(first), { ...other, finishedAt: first.finishedAt });
        await world.fold();
        await world.merge(7, 2);
        await world.fold();
        await expectFolded(world);
        await world.merge(7, 7);
        await world.put(first);
        await world.fold();
        await expectFolded(world);
        const boards = new Set(world.updates.map(({ board }) => board));
        if (limits === SMALL) expect(boards.size).toBeGreaterThan(4);
        else expect(boards.size).toBe(2);
      },
    );

    it("[RAT1] numbers come back with every digit", async () => {
      const skill = { ...FIRST_SKILL, mu: 0.1 + 0.2, sigma: 5e-324, matches: 2 ** 53 - 1 };
      await newWorld().put(settledMatch(1, { ranks: { 1: 1, 2: 2 } }));
      const fold = await opened();
      const { mode, version, revision, board, from } = fold;
      await fold.close();
      const rated = [{ ...from, playerId: idOf(1), skill }];
      const leaders = [{ playerId: idOf(1), skill }];
      const ratings: RatingUpdate = { mode, version, revision, board, rated, leaders, toggles: [] };
      await store.commit(batchOf({ ratings }));
      await newWorld().put(settledMatch(2, { ranks: { 1: 1, 2: 2 } }));
      const next = await opened();
      expect(await next.skillsBefore([idOf(1), idOf(2)])).toEqual(new Map([[idOf(1), skill]]));
      expect(await next.leaders([idOf(1), idOf(2)])).toEqual(new Map([[idOf(1), skill]]));
      await next.close();
    });

    it("[RAT1] a fold sees the store as it was when it began, and leaves marks that came later", async () => {
      const world = newWorld();
      const [one, two, ...rest] = season(6);
      if (!one || !two) throw new Error("a season has six matches");
      await world.put(two, ...rest);
      const fold = await opened();
      await world.put(one, disputed(two));
      await world.merge(1, 9);
      const { steps, next } = await fold.page(undefined, 100);
      expect(next).toBeNull();
      expect(steps.map(({ place }) => place.matchId)).toEqual([two, ...rest].map(({ id }) => id));
      expect(steps.every(({ ranks }) => ranks !== null)).toBe(true);
      expect(await fold.survivors([idOf(1), idOf(9)])).toEqual(new Map());
      const { mode, version, revision, board } = fold;
      await world.commit({ mode, version, revision, board, rated: [], leaders: [], toggles: [] });
      await fold.close();
      expect(await store.markedModes()).toEqual(["duel"]);
      await world.fold();
      await expectFolded(world);
    });

    it("[RAT1] a fold's pages are all places from the mark on at which a match counts or did", async () => {
      const world = newWorld();
      const matches = season(9);
      await world.put(...matches);
      await world.fold();
      const [, , third, fourth, , , , , ninth] = matches;
      if (!third || !fourth || !ninth) throw new Error("a season has nine matches");
      await world.put(disputed(fourth), disputed(ninth), third);
      const fold = await opened();
      for (const size of [1, 2, 3, 100]) {
        const seen: [string, boolean, number][] = [];
        let after: Parameters<RatingFold["page"]>[0];
        do {
          const { steps, next } = await fold.page(after, size);
          seen.push(
            ...steps.map(
              (step) =>
                [step.place.matchId, step.ranks !== null, step.rated.size] as [string, boolean, number],
            ),
          );
          after = next ?? undefined;
        } while (after);
        expect(seen).toEqual(
          matches
            .slice(2)
            .map((match) => [match.id, match !== fourth && match !== ninth, match.seats.length]),
        );
      }
      await fold.close();
    });

    it("[RAT1] an update that does not continue the mode's revision is refused, and nothing of it stored", async () => {
      const world = newWorld();
      await world.put(...season(5));
      await world.fold();
      const [update] = world.updates;
      if (!update) throw new Error("nothing was folded");
      const before = await world.board();
      const wrong = { ...update, leaders: [{ playerId: idOf(1), skill: null }] };
      await expect(world.commit(wrong)).rejects.toMatchObject({ code: "batch-refused", sqlState: "23505" });
      expect(await world.board()).toEqual(before);
      await world.put(...season(7).slice(5));
      await world.fold();
      await expectFolded(world);
    });

    it("[RAT1] a board that is not in force shows to nobody, and is swept", async () => {
      const world = newWorld();
      await world.put(...season(12));
      await world.fold();
      const before = await world.board();
      await world.put(season(1)[0] as Match, disputed(season(2)[1] as Match));
      const fold = await opened();
      const board = await fold.copyBoard();
      const leaders = [{ playerId: idOf(1), skill: { ...FIRST_SKILL, mu: 99 } }];
      await fold.writeSpare(board, {
        rated: [{ ...fold.from, playerId: idOf(1), skill: FIRST_SKILL }],
        leaders,
      });
      await fold.close();
      expect(await world.board()).toEqual(before);
      expect(await store.ratingsOf(idOf(1))).toHaveLength(1);
      while (await store.sweep());
      expect(await world.board()).toEqual(before);
      await world.fold();
      await expectFolded(world);
    });

    it("[LOG5] the leaderboard by pages is the whole in one order, ties by player id, ranks without gaps", async () => {
      const world = newWorld();
      // Newcomers in pairs: two groups of equal ratings.
      const pairs = Array.from({ length: 20 }, (_, index) =>
        settledMatch(index + 1, { ranks: { [40 - index]: 1, [index + 1]: 2 } }),
      );
      await world.put(...pairs);
      await world.fold();
      const whole = await world.board();
      expect(whole.map(withoutName)).toEqual(world.expectedBoard());
      expect(new Set(whole.map(({ rating }) => rating)).size).toBe(2);
      for (const limit of [1, 7, 20, 39, 40]) expect(await world.board("duel", limit)).toEqual(whole);
      expect((await store.leaderboard({ mode: "duel", limit: 40 })).next).toBeNull();
      const { next } = await store.leaderboard({ mode: "duel", limit: 39 });
      expect(next).toEqual({ rank: 39, rating: whole[38]?.rating, playerId: whole[38]?.playerId });
      expect(await store.leaderboard({ mode: "Duel", limit: 40 })).toEqual({ items: [], next: null });
    });

    it("[LOG5] modes that somebody is rated in are listed by code points, in pages; not those whose matches count no more", async () => {
      const world = newWorld();
      const modes = ["duel", "Duel", "ärena", "squad"];
      const matches = modes.map((mode, index) => settledMatch(index + 1, { mode, ranks: { 1: 1, 2: 2 } }));
      await world.put(...matches);
      expect(await store.ratedModes({ limit: 4 })).toEqual({ items: [], next: null });
      await world.fold();
      const listed = ["Duel", "duel", "squad", "ärena"];
      expect(await store.ratedModes({ limit: 4 })).toEqual({ items: listed, next: null });
      expect(await store.ratedModes({ limit: 3 })).toEqual({ items: listed.slice(0, 3), next: "squad" });
      expect(await store.ratedModes({ limit: 3, after: "squad" })).toEqual({ items: ["ärena"], next: null });
      const [duel] = matches;
      if (!duel) throw new Error("there is a match of each mode");
      await world.put(disputed(duel));
      await world.fold();
      expect(await store.ratedModes({ limit: 4 })).toEqual({ items: ["Duel", "squad", "ärena"], next: null });
    });

    it("[LOG5] the leaderboard has names, and leaves out who was erased", async () => {
      const world = newWorld();
      const named = playerRowOf(playerOf(1, { username: "Ada" }));
      await store.commit(batchOf(playersOf([named, playerRowOf(playerOf(2))])));
      await world.put(settledMatch(1, { ranks: { 1: 2, 2: 1, 3: 3 } }));
      await world.fold();
      const shown = async () =>
        (await world.board()).map(({ rank, playerId, username }) => [rank, playerId, username]);
      expect(await shown()).toEqual([
        [1, idOf(2), null],
        [2, idOf(1), "Ada"],
        [3, idOf(3), null],
      ]);
      const documents = [documentOf(2, { erased: true, heads: [] })];
      await store.commit(batchOf({ documents, erased: [idOf(2)] }));
      expect(await shown()).toEqual([
        [1, idOf(1), "Ada"],
        [2, idOf(3), null],
      ]);
    });

    it("[LOG5] a player's ratings are listed by mode", async () => {
      const world = newWorld();
      for (const mode of ["duel", "Zone", "arena"]) {
        await world.put(settledMatch(mode.length * 10 + mode.charCodeAt(0), { mode, ranks: { 1: 1, 2: 2 } }));
      }
      await world.fold();
      const ratings = await store.ratingsOf(idOf(1));
      expect(ratings.map(({ mode }) => mode)).toEqual(["Zone", "arena", "duel"]);
      const [{ mode: _, ...rating } = { mode: "" }] = ratings;
      expect(rating).toEqual({
        rating: world.expectedBoard()[0]?.rating,
        matches: 1,
        wins: 1,
        losses: 0,
        draws: 0,
      });
    });

    it("[RAT1] a player's first matches are those that count and rank it, one a mode", async () => {
      const world = newWorld();
      const first = settledMatch(5, { at: 20, ranks: { 1: 1, 2: 2 } });
      const same = { ...settledMatch(6, { at: 20, ranks: { 1: 1, 3: 2 } }), seats: [] }; // ranked without a seat
      const earlier = settledMatch(7, { at: 10, ranks: { 1: 1, 2: 2 } });
      const arena = settledMatch(8, { at: 90, mode: "arena", ranks: { 1: 1, 2: 2 } });
      await world.put(first, same, disputed(earlier), arena);
      const mark = ({ mode, finishedAt, id }: typeof first) => ({ mode, finishedAt, matchId: id });
      expect(await store.firstMatches([idOf(1), idOf(3), idOf(4)])).toEqual(
        new Map([
          [idOf(1), [mark(arena), mark(first)]],
          [idOf(3), [mark(same)]],
        ]),
      );
    });
  });
}
