/** Schema `rollcall`, as somebody meets it who may read it and nothing else; docs/sql-views.md is its reference. */
import { readFileSync } from "node:fs";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FOREVER_MS } from "../../crdt/bans.ts";
import { normaliseUsername } from "../../crdt/username-claim.ts";
import { PostgresLogStore } from "../../src/storage/postgres/postgres-log-store.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import {
  batchOf,
  candidateOf,
  claimGroupsOf,
  conflictOf,
  documentOf,
  entriesOf,
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
import { RatingWorld, settledMatch } from "../support/rating-world.ts";

const READER = "views_reader";
const VIEWS = ["conflict", "match", "match_player", "player", "rating"];
const STAMP_TIME = new Date(Number.parseInt(STAMP.slice(0, 12), 16));

let database: TestDatabase;
let store: PostgresLogStore;
let reader: pg.Client;

beforeEach(async () => {
  database = await freshDatabase();
  store = storeOf(true);
  await store.open();
  const admin = new pg.Client(database.url);
  await admin.connect();
  await admin.query(`do $$ begin create role ${READER} login password 'views';
    exception when duplicate_object or unique_violation then null; end $$`);
  await admin.query(`grant usage on schema rollcall to ${READER};
    grant select on all tables in schema rollcall to ${READER}`);
  await admin.end();
  const url = new URL(database.url);
  url.username = READER;
  url.password = "views";
  reader = new pg.Client(url.href);
  await reader.connect();
});

afterEach(async () => {
  await reader.end();
  await store.close();
  await database.drop();
});

function storeOf(notify: boolean): PostgresLogStore {
  return new PostgresLogStore({
    databaseUrl: database.url,
    realm: "default",
    allowUnsafe: true,
    notify,
    onIdleError: () => undefined,
  });
}

async function rows(view: string, columns: string, order: string): Promise<unknown[]> {
  return (await reader.query(`select ${columns} from rollcall.${view} order by ${order}`)).rows;
}

test("[SQL1] the views have the columns that the documentation lists, in that order", async () => {
  const documented = readFileSync(new URL("../../docs/sql-views.md", import.meta.url), "utf8");
  const sections = documented.split(/^## /m).flatMap((section) => {
    const view = /^`rollcall\.(\w+)`/.exec(section)?.[1];
    return view ? [[view, [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)] as const] : [];
  });
  const { rows: columns } = await reader.query<{ view: string; names: string[] }>(
    `select c.relname::text as view, array_agg(a.attname::text order by a.attnum) as names
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'rollcall'::regnamespace and a.attnum > 0 group by 1`,
  );
  expect(Object.fromEntries(columns.map(({ view, names }) => [view, names]))).toEqual(
    Object.fromEntries(sections),
  );
  expect(sections.map(([view]) => view).sort()).toEqual(VIEWS);
});

test("[SQL1] nothing can be written through a view, whoever tries", async () => {
  const owner = new pg.Client(database.url);
  await owner.connect();
  try {
    for (const view of VIEWS) {
      const key = { match_player: "match_id", rating: "player_id" }[view] ?? "id";
      for (const text of [
        `delete from rollcall.${view}`,
        `update rollcall.${view} set ${key} = ${key}`,
        `insert into rollcall.${view} (${key}) values ('${idOf(1)}')`,
      ]) {
        await expect(owner.query(text), text).rejects.toMatchObject({ code: "55000" });
      }
    }
  } finally {
    await owner.end();
  }
});

test("[SQL1] a name is shown to its owner alone, as over REST", async () => {
  const ada = playerRowOf(playerOf(1, { username: "Ada" }), {
    usernamePosition: { origin: originOf(1), sequence: 2 },
  });
  const late = playerRowOf(
    playerOf(2, { username: "ADA", usernameClaim: { stamp: "ffff000000000000", origin: originOf(2) } }),
  );
  const bob = playerRowOf(playerOf(3, { username: "bob" }), {
    usernamePosition: { origin: originOf(1), sequence: 3 },
  });
  await store.commit(
    batchOf({
      entries: entriesOf(3),
      ...playersOf([ada, late, bob, playerRowOf(playerOf(4))]),
      stable: new Map([[originOf(1), 2]]),
    }),
  );
  expect(await rows("player", "username, username_status, handle", "id")).toEqual([
    { username: "Ada", username_status: "confirmed", handle: "Ada" },
    { username: null, username_status: "lost", handle: "ADA#0002" },
    { username: "bob", username_status: "provisional", handle: "bob" },
    { username: null, username_status: "none", handle: null },
  ]);
});

test("[SQL1] a ban counts while it is in force, and times are those of REST", async () => {
  const ban = { id: "b", reason: "", by: "ops", fromMs: 0, lifted: false };
  const until = Date.UTC(2999, 0, 1, 0, 0, 0, 7);
  await store.commit(
    batchOf(
      playersOf([
        playerRowOf(playerOf(1, { bans: [{ ...ban, untilMs: null }], createdAtMs: -5 })),
        playerRowOf(playerOf(2, { bans: [{ ...ban, untilMs: until }], createdAtMs: FOREVER_MS })),
        playerRowOf(playerOf(3, { bans: [{ ...ban, untilMs: 1_000 }] })),
        playerRowOf(playerOf(4, { bans: [{ ...ban, untilMs: null, lifted: true }] })),
      ]),
    ),
  );
  expect(await rows("player", "status, banned_until, created_at", "id")).toEqual([
    { status: "banned", banned_until: Number.POSITIVE_INFINITY, created_at: new Date(0) },
    { status: "banned", banned_until: new Date(until), created_at: new Date("9999-12-31T23:59:59.999Z") },
    { status: "active", banned_until: new Date(1_000), created_at: new Date(1_760_000_000_003) },
    { status: "active", banned_until: null, created_at: new Date(1_760_000_000_004) },
  ]);
});

test("[SQL1] a merged player is not listed, and its matches name whom they count for", async () => {
  const match = matchOf(10, {
    state: "finished",
    startedAt: STAMP,
    finishedAt: STAMP,
    seats: [seatOf(2), seatOf(3, { status: "overflow" })],
    entrants: [2, 3, 4].map((number) => ({ playerId: idOf(number), entries: 1 })),
    result: { status: "settled", ranks: { [idOf(2)]: 1 } },
  });
  const players = playersOf([
    playerRowOf(playerOf(1)),
    playerRowOf(playerOf(2, { mergedWith: [idOf(1)] }), { survivorId: idOf(1) }),
  ]);
  const matches = matchesOf([match]);
  await store.commit(
    batchOf({ ...players, ...matches, documents: [...players.documents, ...matches.documents] }),
  );
  expect(await rows("player", "id", "id")).toEqual([{ id: idOf(1) }]);
  expect(await rows("match_player", "*", "player_id")).toEqual([
    {
      match_id: idOf(10),
      player_id: idOf(2),
      rated_as: idOf(1),
      status: "seated",
      joined_at: STAMP_TIME,
      rank: 1,
    },
    {
      match_id: idOf(10),
      player_id: idOf(3),
      rated_as: idOf(3),
      status: "overflow",
      joined_at: STAMP_TIME,
      rank: null,
    },
  ]);
  expect(await rows("match", "*", "id")).toEqual([
    {
      id: idOf(10),
      mode: "duel",
      region: null,
      capacity: "2",
      state: "finished",
      host_id: null,
      address: null,
      metadata: {},
      result_status: "settled",
      ranks: { [idOf(2)]: 1 },
      created_at: new Date(match.createdAtMs),
      started_at: STAMP_TIME,
      finished_at: STAMP_TIME,
      home_server: "eu-1",
    },
  ]);
});

test("[SQL1] ratings are those of the board in force, without erased players", async () => {
  const world = new RatingWorld(store);
  await world.put(settledMatch(1, { ranks: { 1: 1, 2: 2, 3: 3 } }));
  await world.fold();
  await world.folder.close();
  const { items } = await store.leaderboard({ mode: "duel", limit: 9 });
  const shown = "player_id, mode, rating, matches::int, wins::int, losses::int, draws::int";
  const expected = items.map(({ playerId: player_id, rating, matches, wins, losses, draws }) => ({
    ...{ player_id, mode: "duel", rating, matches, wins, losses, draws },
  }));
  expect(expected).toHaveLength(3);
  expect(await rows("rating", shown, "rating desc")).toEqual(expected);
  await store.commit(batchOf({ documents: [documentOf(1, { erased: true })], erased: [idOf(1)] }));
  expect(await rows("rating", shown, "rating desc")).toEqual(
    expected.filter((row) => row.player_id !== idOf(1)),
  );
});

test("[SQL1] a conflict names servers and times, not what they are stored as", async () => {
  const conflict = conflictOf(1, {
    candidates: [candidateOf(null, { origin: originOf(9) }), candidateOf("us")],
  });
  await store.commit(
    batchOf({
      origins: [{ origin: originOf(1), server: "eu-1", lastSequence: 1 }],
      conflictScopes: [conflict.scope],
      conflicts: [conflict],
    }),
  );
  const [nulled, us] = conflict.candidates;
  const at = STAMP_TIME.toISOString();
  expect(await rows("conflict", "*", "id")).toEqual([
    {
      id: conflict.id,
      kind: "field",
      document_id: idOf(1),
      document_ids: [idOf(1)],
      path: "region",
      candidates: [
        { value: null, change: nulled?.change, server: null, at },
        { value: "us", change: us?.change, server: "eu-1", at },
      ],
      winner: "us",
      rule: "PLY1",
      at: STAMP_TIME,
    },
  ]);
});

test("[SQL2] who listens is told kind and id of each record a committed batch changed, once", async () => {
  const told: unknown[] = [];
  reader.on("notification", ({ payload }) => told.push(JSON.parse(payload ?? "")));
  await reader.query("listen rollcall_change");
  const ada = playerRowOf(playerOf(1, { username: "ada" }));
  const first = playersOf([ada]);
  await store.commit(
    batchOf({
      ...first,
      entries: entriesOf(1),
      newDocuments: new Set([idOf(1)]),
      newClaims: new Set(first.claims),
    }),
  );
  await eventually(() => expect(told.splice(0)).toEqual([{ kind: "player", id: idOf(1) }]));

  // An earlier claim comes: the name of the first changes hands, and nothing else of it.
  const earlier = { stamp: "0000000000010000", origin: originOf(2) };
  const other = playerRowOf(playerOf(2, { username: "ada", usernameClaim: earlier }));
  const second = { ...playersOf([other]), claims: claimGroupsOf([ada, other]) };
  const matches = matchesOf([matchOf(3)]);
  await store.commit(
    batchOf({
      ...second,
      matches: matches.matches,
      documents: [...second.documents, ...matches.documents],
      conflictScopes: [`username ${normaliseUsername("ada")}`],
      conflicts: [conflictOf(4)],
      erased: [idOf(5)],
    }),
  );
  await eventually(() =>
    expect(told).toEqual([
      { kind: "player", id: idOf(2) },
      { kind: "player", id: idOf(1) },
      { kind: "player", id: idOf(5) },
      { kind: "match", id: idOf(3) },
      { kind: "conflict", id: conflictOf(4).id },
    ]),
  );

  // A batch that is refused tells nothing, and neither does a store that was told not to.
  told.length = 0;
  await expect(store.commit(batchOf({ entries: entriesOf(1), ...first }))).rejects.toMatchObject({
    code: "batch-refused",
  });
  await store.close();
  store = storeOf(false);
  await store.open();
  await store.commit(batchOf(playersOf([playerRowOf(playerOf(6))])));
  await store.close();
  store = storeOf(true);
  await store.open();
  await store.commit(batchOf(playersOf([playerRowOf(playerOf(7))])));
  await eventually(() => expect(told).toEqual([{ kind: "player", id: idOf(7) }]));
});
