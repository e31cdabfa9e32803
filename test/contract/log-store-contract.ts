/** What every implementation of the log store does (`src/storage/log-store.ts`, rules LOG1 to LOG5). */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { STAMP_ZERO } from "../../crdt/hybrid-clock.ts";
import { emptyDigest, memberDigest } from "../../crdt/set-digest.ts";
import {
  BatchRefusedError,
  DatabaseInUseError,
  DatabaseUnavailableError,
  WrongRealmError,
} from "../../src/storage/errors.ts";
import type { Batch, LogStore, StoredState } from "../../src/storage/log-store.ts";
import {
  batchOf,
  documentOf,
  entriesOf,
  hashOf,
  idOf,
  originOf,
  playerOf,
  playerRowOf,
  STAMP,
} from "../support/log-fixtures.ts";
import { auditsContract } from "./log-store-audits.ts";
import { claimsContract } from "./log-store-claims.ts";
import { conflictsContract } from "./log-store-conflicts.ts";
import { ALL, entriesContract, expectSameEntries } from "./log-store-entries.ts";
import { erasureContract } from "./log-store-erasure.ts";
import { matchesContract } from "./log-store-matches.ts";
import { mergesContract } from "./log-store-merges.ts";
import { playerRowsContract } from "./log-store-players.ts";
import { requestsContract } from "./log-store-requests.ts";

/** One database, empty at first, and stores on it. */
export interface LogStoreWorld {
  store(realm?: string): LogStore;
  dispose(): Promise<void>;
}

export function logStoreContract(name: string, createWorld: () => Promise<LogStoreWorld>): void {
  describe(`log store: ${name}`, () => {
    let world: LogStoreWorld;
    let opened: LogStore[];

    beforeEach(async () => {
      opened = [];
      world = await createWorld();
    });

    afterEach(async () => {
      await Promise.all(opened.map((store) => store.close()));
      await world.dispose();
    });

    async function open(realm?: string): Promise<{ store: LogStore; state: StoredState }> {
      const store = world.store(realm);
      opened.push(store);
      return { store, state: await store.open() };
    }

    /** As a server that ends and starts again on its database. */
    async function reopen(): Promise<{ store: LogStore; state: StoredState }> {
      await Promise.all(opened.splice(0).map((store) => store.close()));
      return open();
    }

    it("[LOG1] an empty database says that nothing is stored", async () => {
      const { store, state } = await open();
      expect(state.vector).toEqual(new Map());
      expect(state.servers).toEqual(new Map());
      expect(state.stable).toEqual(new Map());
      expect(state.clock).toBe(STAMP_ZERO);
      expect(state.totals).toMatchObject({ documents: 0, entries: 0 });
      expect(Buffer.compare(state.totals.headsDigest, emptyDigest())).toBe(0);
      expect(Buffer.compare(state.totals.stateDigest, emptyDigest())).toBe(0);
      expect(await store.documents([idOf(1)])).toEqual(new Map());
      expect(await store.changes([idOf(1)])).toEqual(new Map([[idOf(1), []]]));
      expect(await store.entries(originOf(1), 1, ALL)).toEqual([]);
      expect(await store.player(idOf(1))).toBeUndefined();
      expect(await store.match(idOf(1))).toBeUndefined();
      expect(await store.matches({ limit: 10 })).toEqual({ items: [], next: null });
      expect(await store.matchesOf({ playerIds: [idOf(1)], limit: 10 })).toEqual({ items: [], next: null });
      expect(await store.conflicts({ limit: 10 })).toEqual({ items: [], next: null });
      expect(await store.claims([{ kind: "username", key: "ada" }])).toEqual([]);
      expect(await store.mergeGroup([idOf(1)])).toEqual([]);
      expect(await store.players({ nowMs: 0, limit: 10 })).toEqual({ items: [], next: null });
      expect(await store.quarantined()).toBe(0);
      await store.ping();
    });

    it("[LOG1] a database that another store has open is refused until that one is closed", async () => {
      const { store } = await open();
      const second = world.store();
      opened.push(second);
      await expect(second.open()).rejects.toThrow(DatabaseInUseError);
      await store.commit(batchOf({ entries: entriesOf(1) }));
      await store.close();
      opened.splice(opened.indexOf(store), 1);
      expect((await second.open()).vector).toEqual(new Map([[originOf(1), 1]]));
      await second.commit(batchOf({ entries: entriesOf(1, 2) }));
    });

    it("[LOG1] a store may be opened again while it is open", async () => {
      const { store } = await open();
      await store.commit(batchOf({ entries: entriesOf(2) }));
      expect((await store.open()).vector).toEqual(new Map([[originOf(1), 2]]));
      await store.commit(batchOf({ entries: entriesOf(1, 3) }));
    });

    it("[LOG1] nothing is committed before it is open, nor after it is closed", async () => {
      const store = world.store();
      await expect(store.commit(batchOf({ entries: entriesOf(1) }))).rejects.toThrow(
        DatabaseUnavailableError,
      );
      await expect(store.ping()).rejects.toThrow(DatabaseUnavailableError);
      await store.open();
      await store.close();
      await expect(store.commit(batchOf({ entries: entriesOf(1) }))).rejects.toThrow(
        DatabaseUnavailableError,
      );
      expect((await open()).state.vector).toEqual(new Map());
    });

    it("[LOG1] a database of another realm is refused, and stays as it was", async () => {
      await open("arena");
      await Promise.all(opened.splice(0).map((store) => store.close()));
      await expect(open("other")).rejects.toThrow(WrongRealmError);
      await Promise.all(opened.splice(0).map((store) => store.close()));
      await open("arena");
    });

    const FULL: Batch = batchOf({
      entries: [...entriesOf(3), ...entriesOf(2, 1, { origin: originOf(2), documentId: idOf(2) })],
      documents: [documentOf(1, { stateDigest: memberDigest("one") }), documentOf(2, { heads: [] })],
      players: [playerRowOf(playerOf(1, { username: "Ada" }))],
      origins: [
        { origin: originOf(1), server: "eu-1", lastSequence: 3 },
        { origin: originOf(2), server: null, lastSequence: 2 },
      ],
      quarantined: [{ origin: originOf(2), sequence: 2, reason: "undecodable", detail: "why" }],
      totals: {
        documents: 1,
        entries: 5,
        headsDigest: memberDigest("heads"),
        stateDigest: memberDigest("state"),
      },
    });

    it("[LOG2] what was committed is there after the database is opened again", async () => {
      const { store } = await open();
      await store.commit(FULL);
      const expectAll = async ({ store, state }: { store: LogStore; state: StoredState }) => {
        expect(Object.fromEntries(state.vector)).toEqual({ [originOf(1)]: 3, [originOf(2)]: 2 });
        expect(state.servers).toEqual(new Map([[originOf(1), "eu-1"]]));
        expect(state.clock).toBe(STAMP);
        expect(state.totals).toMatchObject({ documents: 1, entries: 5 });
        expect(Buffer.compare(state.totals.headsDigest, memberDigest("heads"))).toBe(0);
        expect(Buffer.compare(state.totals.stateDigest, memberDigest("state"))).toBe(0);
        expectSameEntries(await store.entries(originOf(1), 1, ALL), FULL.entries.slice(0, 3));
        expect(await store.quarantined()).toBe(1);
        expect(await store.player(idOf(1))).toEqual({
          ...playerRowOf(playerOf(1, { username: "Ada" })),
          heads: documentOf(1).heads,
          usernameOwnerId: null,
        });
      };
      await expectAll({ store, state: await store.open() });
      await expectAll(await reopen());
    });

    it("[LOG2] the name of an origin's server is kept when a later batch does not say it", async () => {
      const { store } = await open();
      await store.commit(FULL);
      await store.commit(batchOf({ entries: entriesOf(1, 4) }));
      const origins = [{ origin: originOf(2), server: "us-1", lastSequence: 3 }];
      await store.commit(
        batchOf({ entries: entriesOf(1, 3, { origin: originOf(2), documentId: idOf(2) }), origins }),
      );
      const { state } = await reopen();
      expect(Object.fromEntries(state.servers)).toEqual({ [originOf(1)]: "eu-1", [originOf(2)]: "us-1" });
      expect(Object.fromEntries(state.vector)).toEqual({ [originOf(1)]: 4, [originOf(2)]: 3 });
    });

    it("[LOG2] a batch that holds an entry twice, or one that is there, stores nothing at all", async () => {
      const { store } = await open();
      await store.commit(batchOf({ entries: entriesOf(2) }));
      for (const entries of [
        [...entriesOf(1, 3), ...entriesOf(1, 2)],
        [...entriesOf(1, 3), ...entriesOf(1, 3)],
      ]) {
        const rest = { documents: FULL.documents, players: FULL.players, totals: FULL.totals };
        const refused = store.commit(batchOf({ ...rest, entries, clock: "ffff000000000000" }));
        await expect(refused).rejects.toThrow(BatchRefusedError);
      }
      expect(await store.documents([idOf(1), idOf(2)])).toEqual(new Map());
      expect(await store.players({ nowMs: 0, limit: 10 })).toEqual({ items: [], next: null });
      expectSameEntries(await store.entries(originOf(1), 1, ALL), entriesOf(2));
      await store.commit(batchOf({ entries: entriesOf(1, 3), totals: { ...FULL.totals, entries: 3 } }));
      const { state } = await reopen();
      expect(state.clock).toBe(STAMP);
      expect(state.totals).toMatchObject({ entries: 3 });
      expect(Object.fromEntries(state.vector)).toEqual({ [originOf(1)]: 3 });
    });

    it("[LOG2] a document or player that is committed again takes the place of the former", async () => {
      const { store } = await open();
      await store.commit(FULL);
      const heads = [hashOf("a"), hashOf("b"), hashOf("c")].sort();
      const stateDigest = memberDigest("later");
      await store.commit(
        batchOf({
          entries: entriesOf(1, 4),
          documents: [documentOf(1, { heads, stateDigest })],
          players: [playerRowOf(playerOf(1, { username: null, region: "eu", createdAtMs: 5 }))],
        }),
      );
      const documents = await store.documents([idOf(1), idOf(2), idOf(3)]);
      expect([...documents.keys()].sort()).toEqual([idOf(1), idOf(2)]);
      expect(documents.get(idOf(1))).toMatchObject({ id: idOf(1), kind: "player", heads });
      expect(Buffer.from(documents.get(idOf(1))?.stateDigest ?? [])).toEqual(stateDigest);
      expect(documents.get(idOf(2))).toEqual({ ...documentOf(2), heads: [], stateDigest: null });
      const row = playerRowOf(playerOf(1, { username: null, region: "eu", createdAtMs: 5 }));
      expect(await store.player(idOf(1))).toEqual({ ...row, heads, usernameOwnerId: null });
    });

    it("[LOG2] a batch with a new document that is there already is refused, and stores nothing", async () => {
      const { store } = await open();
      await store.commit(
        batchOf({ entries: entriesOf(1, 1), documents: [documentOf(1)], newDocuments: new Set([idOf(1)]) }),
      );
      const again = batchOf({
        entries: entriesOf(1, 2),
        documents: [documentOf(1)],
        newDocuments: new Set([idOf(1)]),
      });
      await expect(store.commit(again)).rejects.toMatchObject({ code: "batch-refused", sqlState: "23505" });
      const { state } = await reopen();
      expect(Object.fromEntries(state.vector)).toEqual({ [originOf(1)]: 1 });
    });

    it("[LOG2] what every member holds is kept, and does not go back", async () => {
      const { store } = await open();
      const both = [...entriesOf(3), ...entriesOf(2, 1, { origin: originOf(2), documentId: idOf(2) })];
      await store.commit(batchOf({ entries: both, stable: new Map([[originOf(1), 2]]) }));
      await store.commit(batchOf({ entries: entriesOf(1, 4), stable: new Map([[originOf(2), 1]]) }));
      await store.commit(batchOf({ stable: new Map([[originOf(1), 1]]) }));
      const { state } = await reopen();
      expect(Object.fromEntries(state.stable)).toEqual({ [originOf(1)]: 2, [originOf(2)]: 1 });
      expect(Object.fromEntries(state.vector)).toEqual({ [originOf(1)]: 4, [originOf(2)]: 2 });
    });

    it("[MBR1] forgotten incarnations are kept, also those that nothing is held of", async () => {
      const { store, state: empty } = await open();
      expect([...empty.forgotten]).toEqual([]);
      const origins = [{ origin: originOf(1), server: "eu-1", lastSequence: 2 }];
      await store.commit(batchOf({ entries: entriesOf(2), origins }));
      const forgotten = new Map([
        [originOf(1), "eu-1"],
        [originOf(9), "eu-9"],
      ]);
      await store.commit(batchOf({ entries: entriesOf(1, 3), forgotten }));
      await store.commit(batchOf({ entries: entriesOf(1, 4), stable: new Map([[originOf(1), 1]]) }));
      const { state } = await reopen();
      expect(Object.fromEntries(state.forgotten)).toEqual(Object.fromEntries(forgotten));
      expect(Object.fromEntries(state.vector)).toEqual({ [originOf(1)]: 4 });
      expect(Object.fromEntries(state.servers)).toEqual({ [originOf(1)]: "eu-1" });
    });

    it("[LOG2] the totals are what the last batch says, and no entry is needed to say it", async () => {
      const { store } = await open();
      await store.commit(FULL);
      const totals = { ...FULL.totals, documents: 0, stateDigest: memberDigest("later") };
      await store.commit(batchOf({ totals }));
      const { state } = await reopen();
      expect(state.totals.documents).toBe(0);
      expect(Buffer.compare(state.totals.stateDigest, memberDigest("later"))).toBe(0);
      expect(state.vector.size).toBe(2);
    });

    entriesContract(open, reopen);
    erasureContract(open, reopen);
    requestsContract(open, reopen);
    playerRowsContract(open);
    claimsContract(open);
    mergesContract(open);
    matchesContract(open);
    conflictsContract(open);
    auditsContract(open);
  });
}
