import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FoldLimits } from "../../src/registry/rating-walk.ts";
import { DatabaseUnavailableError } from "../../src/storage/errors.ts";
import { PostgresLogStore } from "../../src/storage/postgres/postgres-log-store.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { RatingWorld, settledMatch } from "../support/rating-world.ts";
import { ratingStoreContract } from "./rating-store-contract.ts";

ratingStoreContract("PostgreSQL", async () => {
  const { url, drop } = await freshDatabase();
  return { store: storeOn(url), dispose: drop };
});

function storeOn(databaseUrl: string): PostgresLogStore {
  return new PostgresLogStore({
    databaseUrl,
    realm: "default",
    allowUnsafe: true,
    onIdleError: () => undefined,
  });
}

/** Every fold is a long one. */
const LONG: FoldLimits = { pageMatches: 2, pageLeaders: 2, shortMatchesMax: 0, shortRowsMax: 0 };

describe("ratings: PostgreSQL", () => {
  let database: TestDatabase;
  let store: PostgresLogStore;
  let admin: pg.Client;
  let worlds: RatingWorld[];

  beforeEach(async () => {
    database = await freshDatabase();
    store = storeOn(database.url);
    worlds = [];
    await store.open();
    admin = new pg.Client(database.url);
    await admin.connect();
  });

  afterEach(async () => {
    for (const { folder } of worlds) await folder.close();
    await store.close();
    await admin.end();
    await database.drop();
  });

  /** One whose folder, which may be sweeping still, ends before the store does. */
  function newWorld(options: ConstructorParameters<typeof RatingWorld>[1] = {}): RatingWorld {
    const world = new RatingWorld(store, options);
    worlds.push(world);
    return world;
  }

  /** The boards that have rows, in force or not, and those that are known to be spare. */
  async function boards(): Promise<{ withRows: number[]; spare: number[]; inForce: number[] }> {
    const numbers = async (text: string): Promise<number[]> => {
      const { rows } = await admin.query<{ board: string }>(text);
      return rows.map(({ board }) => Number(board)).sort((a, b) => a - b);
    };
    return {
      withRows: await numbers(
        "select board from rollcall_store.match_rating union select board from rollcall_store.rating",
      ),
      spare: await numbers("select board from rollcall_store.rating_spare"),
      inForce: await numbers("select board from rollcall_store.rating_board"),
    };
  }

  async function sweepAll(target: PostgresLogStore): Promise<void> {
    let more = true;
    while (more) more = await target.sweep();
  }

  it("[RAT1] a board that was replaced is spare in the same transaction, and leaves no row behind", async () => {
    const world = newWorld({ limits: LONG });
    for (const number of [1, 2, 3]) {
      await world.put(settledMatch(number, { ranks: { 1: 1, 2: 2, 3: 3 } }));
      await world.fold();
    }
    await world.folder.close();
    const { inForce } = await boards();
    expect(inForce).toHaveLength(1);
    await sweepAll(store);
    expect(await boards()).toEqual({ withRows: inForce, spare: [], inForce });
    expect(await world.board()).toHaveLength(3);
  });

  it("[RAT1] what a process that ended left unfinished is swept by the next, and nothing that one is making", async () => {
    const world = newWorld();
    await world.put(settledMatch(1, { ranks: { 1: 1, 2: 2 } }));
    await world.fold();
    await world.put(settledMatch(2, { ranks: { 1: 1, 2: 2 } }));
    const unfinished = await store.openFold("duel");
    const left = await unfinished?.copyBoard();
    await unfinished?.close();

    const successor = storeOn(database.url); // it has the database already, and the former does not know yet
    expect(await successor.markedModes()).toEqual(["duel"]);
    const fold = await successor.openFold("duel");
    const making = await fold?.copyBoard();
    await sweepAll(store);
    const { inForce } = await boards();
    expect(await boards()).toEqual({ withRows: [...inForce, making], spare: [making], inForce });
    expect(making).not.toBe(left);
    await fold?.close();
    await sweepAll(successor);
    expect(await boards()).toEqual({ withRows: inForce, spare: [], inForce });
    await successor.close();
  });

  it("[RAT1] a database that dies while a fold is open fails the fold, not the process, and the mark stays", async () => {
    const world = newWorld();
    await world.put(settledMatch(1, { ranks: { 1: 1, 2: 2 } }));
    const fold = await store.openFold("duel");
    // Nothing is asked of the session when it ends: the loss is told by an event alone.
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = $1",
      [database.name],
    );
    await eventually(async () => {
      await expect(fold?.page(undefined, 10)).rejects.toThrow(DatabaseUnavailableError);
    });
    await expect(fold?.close()).rejects.toThrow(DatabaseUnavailableError);
    await world.fold();
    expect(await world.board()).toHaveLength(2);
  });
});
