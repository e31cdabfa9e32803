/** The part of the log store's contract that is about rows of players (LOG5). */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Ban, banInForce } from "../../crdt/bans.ts";
import type { Scalar } from "../../crdt/document.ts";
import type { Player } from "../../crdt/player.ts";
import { normaliseUsername } from "../../crdt/username-claim.ts";
import { BatchRefusedError } from "../../src/storage/errors.ts";
import type { LogStore } from "../../src/storage/log-store.ts";
import type { PlayerRow } from "../../src/storage/player-row.ts";
import type { PlayerCursor, PlayerQuery, StoredPlayer } from "../../src/storage/record-queries.ts";
import { batchOf, idOf, originOf, playerOf, playerRowOf, playersOf, STAMP } from "../support/log-fixtures.ts";

/** Beginnings of names that a database could take for patterns, fold or sort in its own way. */
const AWKWARD = [
  "",
  "a",
  "A",
  "%",
  "_",
  "\\",
  "\\_",
  "a%b",
  "'",
  '"',
  "😀",
  "\u{10ffff}",
  "\ufffd",
  "é",
  "É",
  "e\u0301",
  "ß",
  "ﬁ",
  "İ",
  "zz",
];
const REGIONS = ["eu", "us", "EU", "%", null];
const PLATFORMS = ["steam", "psn", null];

const NOW_MS = 1_760_000_000_000;

/** None, ended, ending now, in force, lifted, for ever: of each kind who is banned and who is not. */
const BANS: readonly (readonly Partial<Ban>[])[] = [
  [],
  [{ untilMs: NOW_MS - 1 }],
  [{ untilMs: NOW_MS }],
  [{ untilMs: NOW_MS + 1 }, { untilMs: NOW_MS - 1 }],
  [{ untilMs: null, lifted: true }],
  [{ untilMs: null }],
];

const PLAYERS: readonly PlayerRow[] = Array.from({ length: 250 }, (_, index) => {
  const prefix = AWKWARD[index % AWKWARD.length] ?? "";
  const player = playerOf((index * 7919) % 65_521, {
    username: index % 11 === 0 ? null : `${prefix}${AWKWARD[(index >> 2) % AWKWARD.length]}${index % 5}`,
    region: REGIONS[index % REGIONS.length] ?? null,
    platform: PLATFORMS[index % PLATFORMS.length] ?? null,
    bans: (BANS[index % 7] ?? []).map((fields, number) => banOf(number, fields)),
  });
  return playerRowOf(player, index % 13 === 0 ? { survivorId: idOf(0) } : {});
});

function banOf(number: number, fields: Partial<Ban> = {}): Ban {
  return { id: idOf(number), reason: "", by: "ops", fromMs: 0, untilMs: null, lifted: false, ...fields };
}

const TEXTS = [
  "quote \" and ' and `",
  "back\\slash \\u0000 \\x00",
  "😀 👩‍👩‍👧‍👧 e\u0301",
  "line\nbreak\ttab\r\u0001\u001f\u2028",
  "{a,b}",
  "NULL",
  "",
  " ",
  "\u{10ffff}\ufffd\ufeff",
];

const NUMBERS = [0, -1, 1.5, -2.25, 2 ** 53 - 1, -(2 ** 53) + 1, 1e21, 5e-324, 1.7976931348623157e308, 0.1];

export function playerRowsContract(open: () => Promise<{ store: LogStore }>): void {
  it("[LOG5] text, numbers and keys of players come back as they were", async () => {
    const { store } = await open();
    const scalars: Scalar[] = [...TEXTS, ...NUMBERS, true, false];
    const metadata: Record<string, Scalar> = Object.create(null);
    for (let index = 0; index < 60; index++) {
      metadata[`${TEXTS[index % TEXTS.length]} ${index}`] = scalars[index % scalars.length] ?? 0;
    }
    for (const key of ["__proto__", "constructor", "", "toString"]) metadata[key] = key;
    const players = TEXTS.map((text, index) =>
      playerOf(index, {
        username: text,
        displayName: text,
        region: text,
        platform: text,
        homeServer: text,
        metadata: index === 0 ? metadata : {},
        identities: [
          { provider: "steam", subject: text, stamp: STAMP, origin: originOf(index) },
          { provider: "x", subject: "a:b", stamp: "019ab33c5e7fffff", origin: originOf(7) },
        ],
        bans: [
          banOf(index, { reason: text, by: text }),
          banOf(index + 1, { fromMs: 1, untilMs: 2, lifted: true }),
        ],
        mergedWith: Array.from({ length: index }, (_, other) => idOf(other)),
        createdAtMs: [0, 1, 999, 1_760_000_000_123, 253_402_300_799_999][index % 5] ?? 0,
      }),
    );
    const rows = players.map((player, index) =>
      playerRowOf(player, {
        survivorId: idOf(index >> 1),
        usernamePosition: index % 2 === 0 ? null : { origin: originOf(index), sequence: index },
      }),
    );
    await store.commit(batchOf(playersOf(rows)));
    for (const row of rows) {
      const { id, metadata } = row.player;
      const stored = await store.player(id);
      if (typeof stored !== "object") throw new Error("not stored");
      expect(stored).toMatchObject({ ...row });
      expect(Object.keys(stored.player.metadata).sort()).toEqual(Object.keys(metadata).sort());
      expect(await store.mergeGroup([id])).toContainEqual(row);
    }
    expect(Object.keys(metadata)).toHaveLength(64);
  });

  it("[LOG5] any time of creation comes back to the millisecond", async () => {
    const { store } = await open();
    const times = fc.sample(fc.integer({ min: 0, max: 8.64e15 }), { numRuns: 200, seed: 2 });
    const rows = [...times, 8.64e15, -1, -62_135_596_800_000].map((createdAtMs, index) =>
      playerRowOf(playerOf(index, { createdAtMs })),
    );
    await store.commit(batchOf(playersOf(rows)));
    const { items } = await store.players({ nowMs: NOW_MS, limit: 1_000 });
    expect(items.map(({ player }) => player.createdAtMs)).toEqual(
      rows.map(({ player }) => player.createdAtMs),
    );
  });

  it.each<[string, Partial<Player>]>([
    ["U+0000 in a name", { username: "a\u0000b" }],
    ["U+0000 in a key", { metadata: { "a\u0000": 1 } }],
    ["U+0000 in a value", { metadata: { a: "\u0000" } }],
    [
      "U+0000 in an identity",
      { identities: [{ provider: "x", subject: "\u0000", stamp: STAMP, origin: originOf(1) }] },
    ],
    ["U+0000 in a ban", { bans: [banOf(1, { reason: "\u0000" })] }],
    ["half of a surrogate pair in a name", { displayName: "a\ud800b" }],
    ["half of a surrogate pair in a value", { metadata: { a: "\udc00" } }],
    ["an edge to what is no id", { mergedWith: ["nobody"] }],
    ["a ban that ends at no time", { bans: [banOf(1, { untilMs: Number.NaN })] }],
    ["a time that is no integer", { createdAtMs: 1.5 }],
    ["a time beyond all calendars", { createdAtMs: 8.64e15 + 1 }],
    ["a time that is huge", { createdAtMs: 1e300 }],
  ])("[LOG5] a player with %s is refused, and the store goes on", async (_, fields) => {
    const { store } = await open();
    const players = [playerRowOf(playerOf(1, fields))];
    const row = playerRowOf(playerOf(1));
    const refused = store.commit(batchOf({ ...playersOf([row]), players }));
    await expect(refused).rejects.toThrow(BatchRefusedError);
    await store.commit(batchOf(playersOf([row])));
    expect((await store.players({ nowMs: NOW_MS, limit: 2 })).items).toMatchObject([{ ...row }]);
  });

  it("[LOG5] pages by cursor are the sorted list of those who pass every filter", async () => {
    const { store } = await open();
    await store.commit(batchOf(playersOf(PLAYERS)));
    const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const names = PLAYERS.flatMap(({ player: { username } }) => (username === null ? [] : [username]));
    const queries = fc.record({
      username: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        fc.constantFrom(...names, "nobody", "A\u0000"),
      ),
      prefix: maybe([...AWKWARD, "ZZ", "fi", "\u0000", "a\u0000"]),
      region: maybe(["eu", "us", "EU", "nowhere", "\u0000"]),
      platform: maybe(["steam", "psn", ""]),
      status: maybe(["active", "banned"] as const),
      nowMs: fc.constant(NOW_MS),
      limit: fc.integer({ min: 1, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const { pages, items } = await allPages(store, query);
        expect(idsOf(items)).toEqual(expectedIds(query));
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(query.limit);
      }),
      { numRuns: 150 },
    );
    for (const query of [
      { nowMs: NOW_MS, limit: 7 },
      { nowMs: NOW_MS, prefix: "", limit: 7 },
    ]) {
      const { items } = await allPages(store, query);
      expect(items.length).toBeGreaterThan(200);
      expect(idsOf(items)).toEqual(expectedIds(query));
    }
  });

  it("[LOG5] a full last page has no next", async () => {
    const { store } = await open();
    await store.commit(batchOf(playersOf(PLAYERS)));
    const count = expectedIds({ nowMs: NOW_MS, limit: 250 }).length;
    expect((await store.players({ nowMs: NOW_MS, limit: count })).next).toBeNull();
    const { items, next } = await store.players({ nowMs: NOW_MS, limit: count - 1 });
    expect(next).toEqual({ id: idsOf(items).at(-1), usernameKey: null });
  });
}

async function allPages(
  store: LogStore,
  query: PlayerQuery,
): Promise<{ pages: (readonly StoredPlayer[])[]; items: StoredPlayer[] }> {
  const pages: (readonly StoredPlayer[])[] = [];
  let after: PlayerCursor | undefined;
  for (;;) {
    const { items, next } = await store.players({ ...query, after });
    pages.push(items);
    if (!next) return { pages, items: pages.flat() };
    after = next;
  }
}

function idsOf(items: readonly StoredPlayer[]): string[] {
  return items.map(({ player }) => player.id);
}

/** Straight from the port's words; names sort by code point, as PostgreSQL's "C" has it. */
function expectedIds({ username, prefix, region, platform, status, nowMs }: PlayerQuery): string[] {
  const keyOf = (player: Player) =>
    player.username === null ? undefined : normaliseUsername(player.username);
  const byCodePoint = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const isBanned = ({ bans }: Player) => bans.some((ban) => banInForce(ban, nowMs));
  return PLAYERS.filter(({ player, survivorId }) => player.id === survivorId)
    .map(({ player }) => player)
    .filter((player) => username === undefined || keyOf(player) === normaliseUsername(username))
    .filter((player) => prefix === undefined || keyOf(player)?.startsWith(normaliseUsername(prefix)))
    .filter((player) => region === undefined || player.region === region)
    .filter((player) => platform === undefined || player.platform === platform)
    .filter((player) => status === undefined || (status === "banned") === isBanned(player))
    .map((player) => ({ id: player.id, name: prefix === undefined ? "" : (keyOf(player) ?? "") }))
    .sort((a, b) => byCodePoint(a.name, b.name) || byCodePoint(a.id, b.id))
    .map(({ id }) => id);
}
