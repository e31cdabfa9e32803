/** The part of the log store's contract that is about rows of players (LOG5). */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Scalar } from "../../crdt/document.ts";
import type { Player } from "../../crdt/player.ts";
import { normaliseUsername } from "../../crdt/username-claim.ts";
import { BatchRefusedError } from "../../src/storage/errors.ts";
import type { LogStore, PlayerCursor, PlayerQuery } from "../../src/storage/log-store.ts";
import { batchOf, documentOf, entryOf, playerOf } from "../support/log-fixtures.ts";

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

const PLAYERS: readonly Player[] = Array.from({ length: 250 }, (_, index) => {
  const prefix = AWKWARD[index % AWKWARD.length] ?? "";
  return playerOf((index * 7919) % 65_521, {
    username: index % 11 === 0 ? null : `${prefix}${AWKWARD[(index >> 2) % AWKWARD.length]}${index % 5}`,
    region: REGIONS[index % REGIONS.length] ?? null,
    platform: PLATFORMS[index % PLATFORMS.length] ?? null,
  });
});

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
          { provider: "steam", subject: text },
          { provider: "x", subject: "a:b" },
        ],
        createdAtMs: [0, 1, 999, 1_760_000_000_123, 253_402_300_799_999][index % 5] ?? 0,
      }),
    );
    const documents = players.map((_, index) => documentOf(index));
    await store.commit(batchOf({ entries: [entryOf({ sequence: 1 })], documents, players }));
    for (const player of players) {
      const stored = await store.player(player.id);
      expect(stored?.player).toEqual(player);
      expect(Object.keys(stored?.player.metadata ?? {}).sort()).toEqual(Object.keys(player.metadata).sort());
    }
    expect(Object.keys(metadata)).toHaveLength(64);
  });

  it("[LOG5] any time of creation comes back to the millisecond", async () => {
    const { store } = await open();
    const times = fc.sample(fc.integer({ min: 0, max: 8.64e15 }), { numRuns: 200, seed: 2 });
    const players = [...times, 8.64e15, -1, -62_135_596_800_000].map((createdAtMs, index) =>
      playerOf(index, { createdAtMs }),
    );
    await store.commit(batchOf({ entries: [entryOf({ sequence: 1 })], players }));
    const { items } = await store.players({ limit: 1_000 });
    expect(items.map(({ createdAtMs }) => createdAtMs)).toEqual(
      players.map(({ createdAtMs }) => createdAtMs),
    );
  });

  it.each<[string, Partial<Player>]>([
    ["U+0000 in a name", { username: "a\u0000b" }],
    ["U+0000 in a key", { metadata: { "a\u0000": 1 } }],
    ["U+0000 in a value", { metadata: { a: "\u0000" } }],
    ["U+0000 in an identity", { identities: [{ provider: "x", subject: "\u0000" }] }],
    ["a time that is no integer", { createdAtMs: 1.5 }],
    ["a time beyond all calendars", { createdAtMs: 8.64e15 + 1 }],
    ["a time that is huge", { createdAtMs: 1e300 }],
  ])("[LOG5] a player with %s is refused, and the store goes on", async (_, fields) => {
    const { store } = await open();
    const entries = [entryOf({ sequence: 1 })];
    const refused = store.commit(batchOf({ entries, players: [playerOf(1, fields)] }));
    await expect(refused).rejects.toThrow(BatchRefusedError);
    await store.commit(batchOf({ entries, players: [playerOf(1)] }));
    expect((await store.players({ limit: 2 })).items).toEqual([playerOf(1)]);
  });

  it("[LOG5] pages by cursor are the sorted list of those who pass every filter", async () => {
    const { store } = await open();
    await store.commit(batchOf({ entries: [entryOf({ sequence: 1 })], players: PLAYERS }));
    const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const names = PLAYERS.flatMap(({ username }) => (username === null ? [] : [username]));
    const queries = fc.record({
      username: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        fc.constantFrom(...names, "nobody", "A\u0000"),
      ),
      prefix: maybe([...AWKWARD, "ZZ", "fi", "\u0000", "a\u0000"]),
      region: maybe(["eu", "us", "EU", "nowhere", "\u0000"]),
      platform: maybe(["steam", "psn", ""]),
      status: maybe(["active", "active", "banned"]),
      limit: fc.integer({ min: 1, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const { pages, items } = await allPages(store, query);
        expect(items.map(({ id }) => id)).toEqual(expectedIds(query));
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(query.limit);
      }),
      { numRuns: 150 },
    );
    for (const query of [{ limit: 7 }, { prefix: "", limit: 7 }]) {
      const { items } = await allPages(store, query);
      expect(items.length).toBeGreaterThan(200);
      expect(items.map(({ id }) => id)).toEqual(expectedIds(query));
    }
  });

  it("[LOG5] a full last page has no next", async () => {
    const { store } = await open();
    await store.commit(batchOf({ entries: [entryOf({ sequence: 1 })], players: PLAYERS }));
    expect((await store.players({ limit: 250 })).next).toBeNull();
    const { items, next } = await store.players({ limit: 249 });
    expect(next).toEqual({ id: items.at(-1)?.id, usernameKey: null });
  });
}

async function allPages(
  store: LogStore,
  query: PlayerQuery,
): Promise<{ pages: (readonly Player[])[]; items: Player[] }> {
  const pages: (readonly Player[])[] = [];
  let after: PlayerCursor | undefined;
  for (;;) {
    const { items, next } = await store.players({ ...query, after });
    pages.push(items);
    if (!next) return { pages, items: pages.flat() };
    after = next;
  }
}

/** Straight from the port's words; names sort by code point, as PostgreSQL's "C" has it. */
function expectedIds({ username, prefix, region, platform, status }: PlayerQuery): string[] {
  const keyOf = (player: Player) =>
    player.username === null ? undefined : normaliseUsername(player.username);
  const byCodePoint = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return PLAYERS.filter((player) => username === undefined || keyOf(player) === normaliseUsername(username))
    .filter((player) => prefix === undefined || keyOf(player)?.startsWith(normaliseUsername(prefix)))
    .filter((player) => region === undefined || player.region === region)
    .filter((player) => platform === undefined || player.platform === platform)
    .filter((player) => status === undefined || player.status === status)
    .map((player) => ({ id: player.id, name: prefix === undefined ? "" : (keyOf(player) ?? "") }))
    .sort((a, b) => byCodePoint(a.name, b.name) || byCodePoint(a.id, b.id))
    .map(({ id }) => id);
}
