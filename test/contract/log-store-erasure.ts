/** The part of the log store's contract that is about erased documents (ERA1). */
import { expect, it } from "vitest";
import { ENTRY_KIND, type Entry, encodeErasure, withoutContent } from "../../crdt/entry.ts";
import type { Batch, LogStore } from "../../src/storage/log-store.ts";
import {
  batchOf,
  conflictOf,
  documentOf,
  entryOf,
  idOf,
  matchesOf,
  matchOf,
  originOf,
  playerOf,
  playerRowOf,
  playersOf,
  seatOf,
} from "../support/log-fixtures.ts";
import { ALL, expectSameEntries } from "./log-store-entries.ts";

type Open = () => Promise<{ store: LogStore }>;

function erasureOf(sequence: number): Entry {
  return entryOf({
    sequence,
    kind: ENTRY_KIND.erasure,
    hash: null,
    body: encodeErasure(`stamp ${sequence} ops`),
  });
}

/** Two players; of the first one changes, one set aside, one of a newer version, and one conflict. */
const CHANGES: readonly Entry[] = [
  entryOf({ sequence: 1 }),
  entryOf({ sequence: 2, documentId: idOf(2) }),
  entryOf({ sequence: 3 }),
  entryOf({ sequence: 4, version: 2, kind: 99 }),
];

function stored(): Batch {
  return batchOf({
    entries: CHANGES,
    ...playersOf([playerRowOf(playerOf(1, { username: "Ada" })), playerRowOf(playerOf(2))]),
    conflictScopes: [conflictOf(1).scope, conflictOf(2).scope],
    conflicts: [conflictOf(1), conflictOf(2)],
    quarantined: [{ origin: originOf(1), sequence: 3, reason: "unappliable", detail: "said Ada" }],
  });
}

/** What the registry asks for when an erasure arrives. */
function erasing(entries: readonly Entry[], fields: Partial<Batch> = {}): Batch {
  return batchOf({
    entries,
    documents: [documentOf(1, { heads: [], erased: true })],
    claims: [{ kind: "username", key: "ada", claims: [] }],
    conflictScopes: [conflictOf(1).scope],
    erased: [idOf(1)],
    ...fields,
  });
}

export function erasureContract(open: Open, reopen: Open): void {
  it("[LOG3] [ERA1] of an erased document only the places of its entries are left, and its erasure", async () => {
    const { store } = await open();
    await store.commit(stored());
    await store.commit(erasing([erasureOf(5)]));
    const expected = [
      ...CHANGES.map((entry) => (entry.documentId === idOf(1) ? withoutContent(entry) : entry)),
      erasureOf(5),
    ];
    expectSameEntries(await store.entries(originOf(1), 1, ALL), expected);
    const changes = await store.changes([idOf(1), idOf(2)]);
    expect(changes.get(idOf(1))).toEqual([]);
    expect(changes.get(idOf(2))).toHaveLength(1);
    expect(await store.positionOf(idOf(1), CHANGES[0]?.hash ?? "")).toBeUndefined();
    expect(await store.erasureOf(idOf(1))).toEqual({ origin: originOf(1), sequence: 5 });
    expect(await store.erasureOf(idOf(2))).toBeUndefined();
    expect(await store.quarantined()).toBe(1);
    expectSameEntries(await (await reopen()).store.entries(originOf(1), 1, ALL), expected);
  });

  it("[LOG5] [ERA1] an erased player is known as that, and is in no list, group or conflict", async () => {
    const { store } = await open();
    await store.commit(stored());
    await store.commit(batchOf(matchesOf([matchOf(3, { seats: [seatOf(1)] })])));
    await store.commit(erasing([erasureOf(5)]));
    expect(await store.player(idOf(1))).toBe("erased");
    expect(await store.player(idOf(2))).toMatchObject({ player: playerOf(2) });
    const row = (await store.documents([idOf(1)])).get(idOf(1));
    expect(row).toEqual(documentOf(1, { heads: [], erased: true }));
    for (const query of [{}, { username: "ada" }, { prefix: "" }]) {
      const { items } = await store.players({ ...query, nowMs: 0, limit: 9 });
      expect(items.map(({ player }) => player.id)).not.toContain(idOf(1));
    }
    expect(await store.mergeGroup([idOf(1)])).toEqual([]);
    expect((await store.conflicts({ limit: 9 })).items).toEqual([conflictOf(2)]);
    // Matches keep the id alone.
    const { items } = await store.matchesOf({ playerIds: [idOf(1)], limit: 9 });
    expect(items.map(({ match }) => match.id)).toEqual([idOf(3)]);
  });

  it("[LOG3] [ERA1] a batch stores nothing of the content that it erases itself", async () => {
    const { store } = await open();
    const { quarantined } = stored();
    await store.commit(
      erasing([...CHANGES, erasureOf(5)], { quarantined, newDocuments: new Set([idOf(1)]) }),
    );
    const [first, other, set_aside, unknown, erasure] = await store.entries(originOf(1), 1, ALL);
    for (const entry of [first, set_aside, unknown]) {
      expect(entry).toMatchObject({ documentId: idOf(1), hash: null });
      expect(entry?.body).toHaveLength(0);
    }
    expectSameEntries([other, erasure] as Entry[], [CHANGES[1] as Entry, erasureOf(5)]);
    expect((await store.changes([idOf(1)])).get(idOf(1))).toEqual([]);
    expect(await store.player(idOf(1))).toBe("erased");
  });

  it("[LOG3] [ERA1] a second erasure leaves the note of the first", async () => {
    const { store } = await open();
    await store.commit(stored());
    await store.commit(erasing([erasureOf(5)]));
    await store.commit(erasing([erasureOf(6), withoutContent(entryOf({ sequence: 7 }))]));
    const entries = await store.entries(originOf(1), 5, ALL);
    expectSameEntries(entries, [erasureOf(5), erasureOf(6), withoutContent(entryOf({ sequence: 7 }))]);
  });

  it("[LOG5] [ERA1] an erased match is gone, also from its players' lists", async () => {
    const { store } = await open();
    await store.commit(
      batchOf(matchesOf([matchOf(1, { seats: [seatOf(7)] }), matchOf(2, { seats: [seatOf(7)] })])),
    );
    const documents = [documentOf(1, { kind: "match", heads: [], erased: true })];
    await store.commit(batchOf({ documents, erased: [idOf(1)] }));
    expect(await store.match(idOf(1))).toBeUndefined();
    const { items } = await store.matchesOf({ playerIds: [idOf(7)], limit: 9 });
    expect(items.map(({ match }) => match.id)).toEqual([idOf(2)]);
    expect((await store.matches({ limit: 9 })).items).toHaveLength(1);
  });
}
