/** The part of the log store's contract that is about rows of matches (LOG5). */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Match } from "../../crdt/match.ts";
import type { MatchState } from "../../crdt/match-facts.ts";
import type { Ranks } from "../../crdt/ranking.ts";
import { BatchRefusedError } from "../../src/storage/errors.ts";
import type { LogStore } from "../../src/storage/log-store.ts";
import type {
  HeardMatches,
  MatchCursor,
  MatchPage,
  MatchQuery,
  OverdueQuery,
} from "../../src/storage/record-queries.ts";
import {
  batchOf,
  documentOf,
  idOf,
  matchesOf,
  matchOf,
  originOf,
  playerOf,
  playerRowOf,
  playersOf,
  STAMP,
  seatOf,
} from "../support/log-fixtures.ts";

const CREATED_MS = 1_760_000_000_000;
const STATES: readonly MatchState[] = ["open", "open", "running", "finished", "cancelled", "expired"];
const MODES = ["duel", "Duel", "%"];
const REGIONS = ["eu", "us", null];

/** Several of one time, so that ids have to decide. */
const MATCHES: readonly Match[] = Array.from({ length: 200 }, (_, index) =>
  matchOf((index * 7919) % 65_521, {
    mode: MODES[index % 3] ?? "",
    region: REGIONS[(index >> 1) % 3] ?? null,
    state: STATES[index % 6] ?? "open",
    hostId: index % 4 === 0 ? null : idOf(index % 5),
    seats: [seatOf(index % 7), seatOf(10 + (index % 3), { status: "overflow" })],
    createdAtMs: CREATED_MS + (index % 30),
  }),
);

const NEW_IDS = fc.subarray(MATCHES.filter(({ hostId }) => hostId !== null).map(({ id }) => id));

/** As the rules make them: without a prototype. */
function ranksOf(ranks: Ranks): Ranks {
  return Object.assign(Object.create(null), ranks);
}

/** Something in every field. */
const FULL: Match = matchOf(1, {
  mode: "😀 ' \\",
  region: "{a}",
  capacity: 1_000,
  hostId: idOf(7),
  address: "10.0.0.1:7777",
  metadata: { "a\nb": 1.5, constructor: "x", ready: false },
  state: "finished",
  seats: [
    seatOf(7),
    seatOf(8, { stamp: "019ab33c5e7f0001", origin: originOf(2) }),
    seatOf(9, { status: "overflow" }),
  ],
  lateSeats: [{ playerId: idOf(10), stamp: "019ab33c5e7f0004", origin: originOf(2) }],
  entrants: [7, 8, 9, 10, 11].map((number) => ({ playerId: idOf(number), entries: number })),
  reports: [{ playerId: idOf(7), stamp: STAMP, ranks: { [idOf(7)]: 1, [idOf(8)]: 1 }, origin: originOf(3) }],
  settlements: [
    {
      id: idOf(5),
      stamp: STAMP,
      ranks: { [idOf(7)]: 2, [idOf(8)]: 1 },
      reason: 'so "be" it',
      origin: originOf(4),
    },
  ],
  result: { status: "settled", ranks: ranksOf({ [idOf(7)]: 2, [idOf(8)]: 1 }) },
  createdAtMs: 0,
  startedAt: "019ab33c5e7f0002",
  finishedAt: "019ab33c5e7f0003",
  homeServer: "us-1",
});

export function matchesContract(open: () => Promise<{ store: LogStore }>): void {
  it("[LOG5] a match comes back as it was, with the heads of its document", async () => {
    const { store } = await open();
    await store.commit(batchOf(matchesOf([FULL, matchOf(2)])));
    const { heads } = documentOf(0);
    expect(await store.match(idOf(1))).toEqual({ match: FULL, heads });
    expect(await store.match(idOf(2))).toEqual({ match: matchOf(2), heads });
    const { ranks } = (await store.match(idOf(1)))?.match.result ?? {};
    expect(Object.keys(ranks ?? {})).toEqual([idOf(7), idOf(8)]);
    expect(Object.getPrototypeOf(ranks)).toBeNull();
    expect(await store.player(idOf(1))).toBeUndefined();
    const documents = await store.documents([idOf(1)]);
    expect(documents.get(idOf(1))?.kind).toBe("match");
  });

  it("[LOG2] a match that is committed again takes the place of the former, with its players", async () => {
    const { store } = await open();
    await store.commit(batchOf(matchesOf([FULL, matchOf(2, { seats: [seatOf(7)] })])));
    const later = {
      ...FULL,
      hostId: idOf(8),
      seats: [seatOf(8), seatOf(6)],
      entrants: [],
      reports: [],
      region: null,
      createdAtMs: CREATED_MS + 9,
    };
    await store.commit(batchOf({ matches: [later] }));
    expect((await store.match(idOf(1)))?.match).toEqual(later);
    const playedBy = async (number: number) =>
      idsOf(await store.matchesOf({ playerIds: [idOf(number)], limit: 9 }));
    expect(await playedBy(7)).toEqual([idOf(2)]);
    expect(await playedBy(8)).toEqual([idOf(1)]);
    expect(await playedBy(6)).toEqual([idOf(1)]);
    await store.commit(
      batchOf({ matches: [{ ...later, hostId: null, seats: [], entrants: [], reports: [] }] }),
    );
    expect(await playedBy(6)).toEqual([]);
  });

  it("[LOG5] pages by cursor are all matches that pass every filter, newest first", async () => {
    const { store } = await open();
    await store.commit(batchOf(matchesOf(MATCHES)));
    const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const queries = fc.record({
      state: maybe(...STATES),
      mode: maybe(...MODES, "no", "\u0000"),
      region: maybe("eu", "us", "no"),
      heard: fc.option(
        fc.record({
          newIds: NEW_IDS,
          hosts: fc.subarray([0, 1, 2, 3].map(idOf)),
        }),
        { nil: undefined },
      ),
      limit: fc.integer({ min: 1, max: 210 }),
    });
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const found = await allIds(query, (page) => store.matches(page));
        expect(found).toEqual(expectedIds((match) => isWanted(match, query)));
      }),
      { numRuns: 100 },
    );
    expect(await allIds({ limit: 7 }, (page) => store.matches(page))).toHaveLength(200);
  });

  it("[MAT4] [LOG5] overdue are open matches of so long ago, or that are not heard, oldest first", async () => {
    const { store } = await open();
    await store.commit(batchOf(matchesOf(MATCHES)));
    const time = fc.integer({ min: CREATED_MS - 1, max: CREATED_MS + 31 });
    const queries = fc.record({
      heard: fc.option(fc.record({ newIds: NEW_IDS, hosts: fc.subarray([0, 1, 2, 3].map(idOf)) }), {
        nil: undefined,
      }),
      hostlessBeforeMs: time,
      limit: fc.integer({ min: 1, max: 210 }),
    });
    const isOverdue = (match: Match, { heard, hostlessBeforeMs }: OverdueQuery): boolean => {
      if (match.state !== "open") return false;
      if (match.hostId === null) return match.createdAtMs < hostlessBeforeMs;
      return heard !== undefined && !isHeard(match, heard);
    };
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const found = await allIds(query, (page) => store.overdueMatches(page));
        expect(found).toEqual(expectedIds((match) => isOverdue(match, query)).reverse());
      }),
      { numRuns: 100 },
    );
  });

  it("[CLM4] [MAT4] [LOG5] a host is there while one is whom it was merged with", async () => {
    const { store } = await open();
    // 3 and 5 survive in 2, 3 without an edge of its own; 6 is of another group, of 8 and 9 nothing is known.
    const rows = [
      playerRowOf(playerOf(2)),
      playerRowOf(playerOf(3), { survivorId: idOf(2) }),
      playerRowOf(playerOf(5, { mergedWith: [idOf(2), idOf(3)] }), { survivorId: idOf(2) }),
      playerRowOf(playerOf(6)),
    ];
    await store.commit(batchOf(playersOf(rows)));
    const matches = [2, 3, 5, 6, 8].map((host) =>
      matchOf(100 + host, { hostId: idOf(host), createdAtMs: 1 }),
    );
    await store.commit(batchOf(matchesOf(matches)));
    const all = matches.map(({ id }) => id);
    for (const [hosts, heard] of [
      [[2], [2, 3, 5]],
      [[3], [2, 3, 5]],
      [[5], [2, 3, 5]],
      [[6, 9], [6]],
      [[8], [8]],
      [[], []],
    ] as const) {
      const expected = heard.map((host) => idOf(100 + host));
      const ids = hosts.map(idOf);
      const listed = await store.matches({ heard: { newIds: [], hosts: ids }, limit: 9 });
      expect(idsOf(listed)).toEqual(expected.toReversed());
      const overdue = { heard: { newIds: [], hosts: ids }, hostlessBeforeMs: 0, limit: 9 };
      expect(idsOf(await store.overdueMatches(overdue))).toEqual(all.filter((id) => !expected.includes(id)));
    }
  });

  it("[LOG5] the matches of a player are also those that it left, was too late for, hosts or reports", async () => {
    const { store } = await open();
    const matches = [
      matchOf(1, { entrants: [{ playerId: idOf(7), entries: 1 }] }),
      matchOf(2, {
        entrants: [{ playerId: idOf(7), entries: 1 }],
        lateSeats: [{ playerId: idOf(7), stamp: STAMP, origin: originOf(1) }],
      }),
      matchOf(3, { hostId: idOf(7) }),
      matchOf(4, {
        reports: [{ playerId: idOf(7), stamp: STAMP, ranks: { [idOf(7)]: 1 }, origin: originOf(1) }],
      }),
      matchOf(5, { hostId: idOf(8) }),
    ];
    await store.commit(batchOf(matchesOf(matches)));
    const page = await store.matchesOf({ playerIds: [idOf(7)], limit: 9 });
    expect(idsOf(page)).toEqual([4, 3, 2, 1].map(idOf));
  });

  it("[LOG5] the matches of players are those where one of them has a part, each once", async () => {
    const { store } = await open();
    await store.commit(batchOf(matchesOf(MATCHES)));
    for (const numbers of [[1], [1, 2], [10], [1, 10, 11, 12], [99], []]) {
      const playerIds = numbers.map(idOf);
      for (const limit of [3, 300]) {
        const found = await allIds({ playerIds, limit }, (page) => store.matchesOf(page));
        const hasPart = ({ seats, hostId }: Match) =>
          playerIds.some((id) => id === hostId || seats.some(({ playerId }) => playerId === id));
        expect(found).toEqual(expectedIds(hasPart));
      }
    }
  });

  it.each<[string, Partial<Match>]>([
    ["U+0000 in its mode", { mode: "\u0000" }],
    [
      "half of a surrogate pair in a reason",
      { settlements: [{ ...FULL.settlements[0], reason: "\ud800" }] as never },
    ],
    ["a host that is no id", { hostId: "nobody" }],
    ["a seat for what is no id", { seats: [seatOf(1, { playerId: "nobody" })] }],
    ["half a seat", { capacity: 1.5 }],
    ["a time that is no date", { createdAtMs: Number.POSITIVE_INFINITY }],
  ])("[LOG5] a match with %s is refused, and the store goes on", async (_, fields) => {
    const { store } = await open();
    await expect(store.commit(batchOf(matchesOf([matchOf(1, fields)])))).rejects.toThrow(BatchRefusedError);
    expect(await store.match(idOf(1))).toBeUndefined();
    await store.commit(batchOf(matchesOf([matchOf(1)])));
  });
}

function idsOf({ items }: MatchPage): string[] {
  return items.map(({ match }) => match.id);
}

async function allIds<Query extends { readonly limit: number }>(
  query: Query,
  read: (query: Query & { after?: MatchCursor | undefined }) => Promise<MatchPage>,
): Promise<string[]> {
  const ids: string[] = [];
  let after: MatchCursor | undefined;
  for (;;) {
    const page = await read({ ...query, after });
    ids.push(...idsOf(page));
    if (!page.next) return ids;
    expect(page.items).toHaveLength(query.limit);
    after = page.next;
  }
}

/** Straight from the port's words. */
function isWanted(match: Match, { state, mode, region, heard }: MatchQuery): boolean {
  if (state !== undefined && match.state !== state) return false;
  if (mode !== undefined && match.mode !== mode) return false;
  if (region !== undefined && match.region !== region) return false;
  if (heard === undefined || match.state !== "open") return true;
  return match.hostId === null || isHeard(match, heard);
}

function isHeard({ id, hostId }: Match, { newIds, hosts }: HeardMatches): boolean {
  return newIds.includes(id) || hosts.some((host) => host === hostId);
}

function expectedIds(wanted: (match: Match) => boolean): string[] {
  return MATCHES.filter(wanted)
    .sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id);
}
