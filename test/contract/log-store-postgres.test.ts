import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  DatabaseInUseError,
  DatabaseSlowError,
  DatabaseUnavailableError,
  DatabaseUnusableError,
  NotDurableError,
  OutcomeUnknownError,
} from "../../src/storage/errors.ts";
import { PostgresLogStore } from "../../src/storage/postgres/postgres-log-store.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import {
  batchOf,
  claimGroupsOf,
  conflictOf,
  documentOf,
  entriesOf,
  hashOf,
  idOf,
  matchOf,
  originOf,
  playerOf,
  playerRowOf,
  STAMP,
  seatOf,
} from "../support/log-fixtures.ts";
import { logStoreContract } from "./log-store-contract.ts";

logStoreContract("PostgreSQL", async () => {
  const database = await freshDatabase();
  return {
    store: (realm = "default") => storeOn(database.url, { realm }),
    dispose: () => database.drop(),
  };
});

function storeOn(databaseUrl: string, { realm = "default", allowUnsafe = true } = {}): PostgresLogStore {
  return new PostgresLogStore({ databaseUrl, realm, allowUnsafe, onIdleError: () => undefined });
}

/** Something of everything, so that whatever is stored in part shows. */
const BATCH = batchOf({
  entries: entriesOf(2),
  documents: [documentOf(1)],
  players: [playerRowOf(playerOf(1))],
  matches: [matchOf(2, { seats: [seatOf(1)] })],
  claims: [
    ...claimGroupsOf([playerRowOf(playerOf(1, { username: "Ada" }))]),
    { kind: "username", key: "nobody", claims: [] },
  ],
  conflictScopes: [conflictOf(1).scope],
  conflicts: [conflictOf(1)],
  erased: [idOf(3)],
  ratingMarks: [{ mode: "duel", finishedAt: STAMP, matchId: idOf(2) }],
  quarantined: [{ origin: originOf(1), sequence: 2, reason: "refused", detail: "" }],
  requests: [
    {
      key: hashOf("key"),
      fingerprint: hashOf("fingerprint"),
      documentId: idOf(1),
      change: hashOf("change"),
      createdAtMs: 1_760_000_000_000,
    },
  ],
});

const TABLES = [
  "entry",
  "document",
  "player",
  "claim",
  "match",
  "match_player",
  "conflict",
  "rating_mark",
  "request",
  "origin",
  "quarantine",
];

/** How many rows each table has, after so many entries of `BATCH`. */
function countsOf(entries: 0 | 2): Record<string, number> {
  const counts = TABLES.map((table) => [table, Math.min(entries, 1)]);
  return { ...Object.fromEntries(counts), entry: entries };
}

describe("log store: PostgreSQL", () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let stores: PostgresLogStore[];

  beforeEach(async () => {
    stores = [];
    database = await freshDatabase();
    admin = new pg.Client(database.url);
    await admin.connect();
  });

  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await admin.end();
    await database.drop();
  });

  function store(options?: Parameters<typeof storeOn>[1]): PostgresLogStore {
    const made = storeOn(database.url, options);
    stores.push(made);
    return made;
  }

  async function rowCounts(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const table of TABLES) {
      const { rows } = await admin.query<{ count: string }>(`select count(*) from rollcall_store.${table}`);
      counts[table] = Number(rows[0]?.count);
    }
    return counts;
  }

  /** The backend of the session that writes. */
  async function writer(): Promise<{ pid: number; waitsForLock: boolean }> {
    const { rows } = await admin.query<{ pid: number; wait: string | null }>(
      `select pid, wait_event_type as wait from pg_stat_activity
       where datname = current_database() and application_name = 'rollcall writer'`,
    );
    const [row] = rows;
    if (!row) throw new Error("no session writes");
    return { pid: row.pid, waitsForLock: row.wait === "Lock" };
  }

  /** A commit that another session's lock holds up. */
  async function blockedCommit(
    target: PostgresLogStore,
  ): Promise<{ pid: number; outcome: Promise<unknown> }> {
    await admin.query("begin");
    await admin.query("lock table rollcall_store.server in access exclusive mode");
    const outcome = target.commit(BATCH).then(
      () => "committed",
      (error: unknown) => error,
    );
    const { pid } = await eventually(async () => {
      const found = await writer();
      expect(found.waitsForLock).toBe(true);
      return found;
    });
    return { pid, outcome };
  }

  it("[LOG1] makes its tables once, and leaves them and what they hold alone after that", async () => {
    const first = store();
    await first.open();
    await first.commit(BATCH);
    await first.open();
    await first.close();
    stores.pop();
    const { rows: before } = await admin.query("select * from rollcall_migration");
    expect(before.length).toBeGreaterThan(0);
    expect((await store().open()).vector).toEqual(new Map([[originOf(1), 2]]));
    expect((await admin.query("select * from rollcall_migration")).rows).toEqual(before);
    expect(await rowCounts()).toEqual(countsOf(2));
  });

  it("[LOG1] of two that start at once on an empty database one is refused, and the other works", async () => {
    const starting = [store(), store()];
    const results = await Promise.allSettled(starting.map((each) => each.open()));
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.map(({ reason }) => reason)).toEqual([expect.any(DatabaseInUseError)]);
    const winner = starting[results.findIndex(({ status }) => status === "fulfilled")];
    await winner?.commit(BATCH);
    expect(await rowCounts()).toEqual(countsOf(2));
  });

  it("[LOG1] a database that does not exist is unusable, one where nobody listens unavailable", async () => {
    const missing = new URL(database.url);
    missing.pathname = "no_such_database";
    const nowhere = new URL(database.url);
    nowhere.port = "1";
    for (const [url, failure] of [
      [missing, DatabaseUnusableError],
      [nowhere, DatabaseUnavailableError],
    ] as const) {
      const unreachable = storeOn(url.href);
      stores.push(unreachable);
      await expect(unreachable.open()).rejects.toThrow(failure);
      await expect(unreachable.players({ nowMs: 0, limit: 1 })).rejects.toThrow(DatabaseUnavailableError);
    }
  });

  it("[LOG2] a commit after the writer's session was ended fails, and works when opened again", async () => {
    const target = store();
    await target.open();
    const { pid } = await writer();
    await admin.query("select pg_terminate_backend($1)", [pid]);
    const error = await target.commit(BATCH).then(
      () => "committed",
      (failure: unknown) => failure,
    );
    expect([OutcomeUnknownError, DatabaseUnavailableError].some((type) => error instanceof type)).toBe(true);
    await eventually(() => expect(target.ping()).rejects.toThrow(DatabaseUnavailableError));
    expect((await target.open()).vector).toEqual(new Map());
    await target.commit(BATCH);
    await target.ping();
  });

  it("[LOG2] a session that ends during a commit leaves the outcome unknown until it is opened again", async () => {
    const target = store();
    await target.open();
    const { pid, outcome } = await blockedCommit(target);
    await admin.query("select pg_terminate_backend($1)", [pid]);
    expect(await outcome).toBeInstanceOf(OutcomeUnknownError);
    await expect(target.commit(BATCH)).rejects.toThrow(DatabaseUnavailableError);
    await admin.query("commit");
    expect((await target.open()).vector).toEqual(new Map());
    expect(await rowCounts()).toEqual(countsOf(0));
    await target.commit(BATCH);
    expect((await target.open()).vector).toEqual(new Map([[originOf(1), 2]]));
  });

  it("[LOG2] a commit that is cancelled in PostgreSQL has stored nothing, and can be tried again", async () => {
    const target = store();
    await target.open();
    const { pid, outcome } = await blockedCommit(target);
    await admin.query("select pg_cancel_backend($1)", [pid]);
    expect(await outcome).toBeInstanceOf(DatabaseSlowError);
    await admin.query("commit");
    expect(await rowCounts()).toEqual(countsOf(0));
    expect((await target.open()).vector).toEqual(new Map());
    await target.commit(BATCH);
  });

  it("[LOG2] a commit that is held up for too long is ended by PostgreSQL, and nobody keeps the lock", async () => {
    const target = store();
    await target.open();
    const { outcome } = await blockedCommit(target);
    expect(await outcome).toBeInstanceOf(DatabaseSlowError);
    await target.close();
    stores.pop();
    await admin.query("commit");
    expect(await rowCounts()).toEqual(countsOf(0));
    await store().open();
  });

  it("[LOG2] a batch with a row twice is refused whole by PostgreSQL itself", async () => {
    const target = store();
    await target.open();
    for (const rows of [
      { players: [playerRowOf(playerOf(1)), playerRowOf(playerOf(1))] },
      { documents: [documentOf(1), documentOf(1)] },
      { entries: [...entriesOf(2), ...entriesOf(1)] },
      { quarantined: [...BATCH.quarantined, ...BATCH.quarantined] },
      { matches: [...BATCH.matches, ...BATCH.matches] },
      { claims: [...BATCH.claims, ...BATCH.claims] },
      { conflicts: [...BATCH.conflicts, ...BATCH.conflicts] },
      { requests: [...BATCH.requests, ...BATCH.requests] },
    ]) {
      await expect(target.commit({ ...BATCH, ...rows })).rejects.toMatchObject({ code: "batch-refused" });
    }
    expect(await rowCounts()).toEqual(countsOf(0));
    await target.commit(BATCH);
  });

  it("refuses to serve where fsync is off, unless told otherwise", async () => {
    const careful = store({ allowUnsafe: false });
    const error = await careful.open().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(NotDurableError);
    expect(String(error)).toContain("fsync = off");
    await store().open();
  });
});
