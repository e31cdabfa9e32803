/** Entries, players and batches for tests of the log; everything that a test does not care about is filled in. */
import { createHash } from "node:crypto";
import { ENTRY_KIND, ENTRY_VERSION, type Entry } from "../../crdt/entry.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Player } from "../../crdt/player.ts";
import type { Origin } from "../../crdt/position.ts";
import { emptyDigest } from "../../crdt/set-digest.ts";
import type { Batch, DocumentRow } from "../../src/storage/log-store.ts";

export const STAMP = "019ab33c5e7f0000";

export function originOf(number: number): Origin {
  return number.toString(16).padStart(32, "0");
}

export function idOf(number: number): DocumentId {
  return `00000000-0000-8000-8000-${number.toString(16).padStart(12, "0")}`;
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A change of player 1, as far as a store can tell. */
export function entryOf(fields: Partial<Entry> & { readonly sequence: number }): Entry {
  const { origin = originOf(1), sequence, hash = hashOf(`${origin}:${sequence}`) } = fields;
  return {
    origin,
    kind: ENTRY_KIND.playerChange,
    version: ENTRY_VERSION,
    documentId: idOf(1),
    body: Buffer.from(`body ${sequence} of ${origin}`),
    ...fields,
    hash,
  };
}

/** So many entries of one origin, from a sequence on. */
export function entriesOf(count: number, from = 1, fields: Partial<Entry> = {}): Entry[] {
  return Array.from({ length: count }, (_, index) => entryOf({ ...fields, sequence: from + index }));
}

export function playerOf(number: number, fields: Partial<Player> = {}): Player {
  return {
    id: idOf(number),
    username: null,
    displayName: null,
    region: null,
    platform: null,
    status: "active",
    metadata: {},
    identities: [],
    createdAtMs: 1_760_000_000_000 + number,
    homeServer: "eu-1",
    ...fields,
  };
}

export function documentOf(number: number, fields: Partial<DocumentRow> = {}): DocumentRow {
  return {
    id: idOf(number),
    kind: "player",
    heads: [hashOf(`head ${number}`)],
    stateDigest: null,
    ...fields,
  };
}

/** The rows of the origins are made from the entries. */
export function batchOf(fields: Partial<Batch>): Batch {
  const { entries = [] } = fields;
  const last = new Map(entries.map(({ origin, sequence }) => [origin, sequence]));
  return {
    entries,
    documents: [],
    newDocuments: new Set(),
    players: [],
    origins: [...last].map(([origin, lastSequence]) => ({ origin, server: null, lastSequence })),
    quarantined: [],
    clock: STAMP,
    totals: { documents: 0, entries: entries.length, headsDigest: emptyDigest(), stateDigest: emptyDigest() },
    ...fields,
  };
}
