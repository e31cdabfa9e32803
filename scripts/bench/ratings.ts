/** Folding of ratings, and their leaderboard: 100,000 settled matches of four in one mode, 100,000 players. */
import type { Match, Ranks } from "../../crdt/match.ts";
import { RatingFolder } from "../../src/registry/rating-folder.ts";
import type { PostgresLogStore } from "../../src/storage/postgres/postgres-log-store.ts";
import type { LeaderboardCursor } from "../../src/storage/rating-store.ts";
import { withStore } from "./bench-store.ts";
import { type Figure, median, percentile } from "./figure.ts";
import { batchOf, idOf, newPlayers, numbers, playerIdOf, stampAt } from "./records.ts";

const MODE = "duel";
const PLAYERS = 100_000;
const MATCHES = 100_000;
const PLAYERS_PER_MATCH = 4;
const BATCH = 1_000;
const LATE_BY = 1_000;
const PAGE = 100;
const DEEP_RANK = 50_000;
const ROUNDS = 20;
/** Knuth's multiplicative hashing: players meet others all the time, and the same ones at every run. */
const SPREAD = 2_654_435_761;

export function measureRatings(): Promise<Figure[]> {
  return withStore(measureOn);
}

async function measureOn(store: PostgresLogStore): Promise<Figure[]> {
  const folder = folderOn(store);
  await fill(store);
  const whole = await foldIn(matchAt(1), store, folder);
  const late = await foldIn(matchAt(MATCHES - LATE_BY + 0.5), store, folder);
  const early = await foldIn(matchAt(0.5), store, folder);
  await folder.close();
  const first = await pageMs(store, undefined);
  const deep = await pageMs(store, await cursorAt(store, DEEP_RANK));
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const s = (value: number): string => `${(value / 1_000).toFixed(2)} s`;
  return [
    { what: "100,000 matches folded for the first time", measured: s(whole.ms) },
    { what: "a late match that belongs 1,000 back", measured: s(late.ms), wanted: "at most 1 s" },
    { what: "a late match that belongs at the beginning", measured: s(early.ms), wanted: "at most 60 s" },
    { what: "first page meanwhile, 99 of 100", measured: ms(percentile(early.pagesMs, 99)) },
    { what: "first page of 100", measured: ms(first), wanted: "at most 20 ms" },
    { what: "page of 100 at rank 50,000", measured: ms(deep), wanted: "at most 20 ms" },
  ];
}

function folderOn(store: PostgresLogStore): RatingFolder {
  return new RatingFolder({
    store,
    commit: (update) => store.commit(batchOf({ ratings: update })),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onTrouble: (error) => {
      throw error;
    },
  });
}

/** Stores a match, and measures until it is folded in, and what reading takes meanwhile. */
async function foldIn(
  match: Match,
  store: PostgresLogStore,
  folder: RatingFolder,
): Promise<{ readonly ms: number; readonly pagesMs: number[] }> {
  const mark = { mode: MODE, finishedAt: match.finishedAt ?? "", matchId: match.id };
  await store.commit(batchOf({ matches: [match], ratingMarks: [mark] }));
  const startedAt = performance.now();
  folder.notify();
  const folded = folder.idle().then(() => performance.now() - startedAt);
  const pagesMs: number[] = [];
  while (folder.pending) {
    pagesMs.push(await onePageMs(store, undefined));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { ms: await folded, pagesMs };
}

async function fill(store: PostgresLogStore): Promise<void> {
  for (let from = 0; from < PLAYERS; from += BATCH) {
    await store.commit(batchOf(newPlayers(from, BATCH)));
  }
  for (let from = 1; from < MATCHES; from += BATCH) {
    await store.commit(batchOf({ matches: numbers(from, BATCH).map(matchAt) }));
  }
}

async function cursorAt(store: PostgresLogStore, rank: number): Promise<LeaderboardCursor> {
  const { next } = await store.leaderboard({ mode: MODE, limit: rank });
  if (!next) throw new RangeError(`the leaderboard ends before rank ${rank}`);
  return next;
}

async function pageMs(store: PostgresLogStore, after: LeaderboardCursor | undefined): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await onePageMs(store, after));
  return median(times);
}

async function onePageMs(store: PostgresLogStore, after: LeaderboardCursor | undefined): Promise<number> {
  const startedAt = performance.now();
  await store.leaderboard({ mode: MODE, limit: PAGE, after });
  return performance.now() - startedAt;
}

/** The match that was finished at this time, in milliseconds; between two others when it is no whole number. */
function matchAt(time: number): Match {
  const players = numbers(0, PLAYERS_PER_MATCH).map((seat) => {
    const turn = Math.floor(time) * PLAYERS_PER_MATCH + seat;
    return Math.floor(((turn * SPREAD) % 2 ** 32) * (PLAYERS / 2 ** 32));
  });
  const ranks: Ranks = Object.fromEntries(
    players.map((number, seat) => [playerIdOf(number), 1 + (seat % 3)]),
  );
  return {
    id: idOf(1, time * 2),
    mode: MODE,
    region: null,
    capacity: PLAYERS_PER_MATCH,
    hostId: null,
    address: null,
    metadata: {},
    state: "finished",
    seats: Object.keys(ranks).map((playerId) => ({
      playerId,
      stamp: stampAt(time),
      status: "seated",
      origin: "0".repeat(32),
    })),
    lateSeats: [],
    entrants: Object.keys(ranks).map((playerId) => ({ playerId, entries: 1 })),
    reports: [],
    settlements: [],
    result: { status: "settled", ranks },
    createdAtMs: Math.floor(time),
    startedAt: stampAt(time),
    finishedAt: stampAt(time),
    homeServer: "bench",
  };
}
