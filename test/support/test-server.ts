/** A registry on a store in memory whose commits and openings can be made to fail, and a clock that is set. */

import { expect } from "vitest";
import { encodeOntoFirst } from "../../crdt/automerge.ts";
import type { ClaimGroup, ClaimKey } from "../../crdt/claim.ts";
import type { Write } from "../../crdt/document.ts";
import type { Entry } from "../../crdt/entry.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import type { Origin } from "../../crdt/position.ts";
import type { Committed } from "../../src/registry/committed.ts";
import { Registry } from "../../src/registry/registry.ts";
import { BatchRefusedError, DatabaseSlowError } from "../../src/storage/errors.ts";
import type { Batch, DocumentRow, StoredState } from "../../src/storage/log-store.ts";
import { MemoryDisk } from "../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../src/storage/memory/memory-log-store.ts";
import type { MatchPage, OverdueQuery } from "../../src/storage/record-queries.ts";
import { eventually } from "./eventually.ts";
import { entryOf, idOf, originOf, STAMP } from "./log-fixtures.ts";
import { type TestPresence, testPresence } from "./presence.ts";
import { settled } from "./settled.ts";

export const REALM = "test";
export const AUTHOR = { by: "key" };

/** Above every number of entries and bytes that a test stores. */
const ALL = { entriesMax: 10_000, bytesMax: 1e9 };

/** What is to happen instead of the next commits, in order: an error before the batch is stored, or after. */
export interface CommitFault {
  readonly error: Error;
  readonly stored: boolean;
}

export class UnreliableLogStore extends MemoryLogStore {
  readonly commitFaults: CommitFault[] = [];
  readonly openFaults: Error[] = [];
  /** What PostgreSQL would not take, for a reason that nobody thought of. */
  refuses: (batch: Batch) => boolean = () => false;
  /** What takes PostgreSQL too long. */
  isSlow: (batch: Batch) => boolean = () => false;
  /** Every batch that was to be committed, stored or not. */
  readonly batches: Batch[] = [];
  /** The matches that it was asked for as overdue. */
  readonly overdueRead: DocumentId[] = [];
  /** How often it was asked which documents there are. */
  documentsAsked = 0;
  /** How often it was asked who claims what. */
  claimsAsked = 0;
  /** Awaited by each commit and each opening before anything else. */
  gate: () => Promise<void> = async () => undefined;

  override async commit(batch: Batch): Promise<void> {
    await this.gate();
    this.batches.push(batch);
    if (this.refuses(batch)) throw new BatchRefusedError("22000", new RangeError("refused by the test"));
    if (this.isSlow(batch)) throw new DatabaseSlowError();
    const fault = this.commitFaults.shift();
    if (!fault || fault.stored) await super.commit(batch);
    if (fault) throw fault.error;
  }

  override async overdueMatches(query: OverdueQuery): Promise<MatchPage> {
    const page = await super.overdueMatches(query);
    this.overdueRead.push(...page.items.map(({ match }) => match.id));
    return page;
  }

  override async documents(ids: readonly DocumentId[]): Promise<Map<DocumentId, DocumentRow>> {
    this.documentsAsked++;
    return super.documents(ids);
  }

  override async claims(keys: readonly ClaimKey[]): Promise<ClaimGroup[]> {
    this.claimsAsked++;
    return super.claims(keys);
  }

  override async open(): Promise<StoredState> {
    await this.gate();
    const fault = this.openFaults.shift();
    if (fault) throw fault;
    return super.open();
  }
}

export interface TestServer {
  readonly registry: Registry;
  readonly store: UnreliableLogStore;
  readonly disk: MemoryDisk;
  readonly origin: Origin;
  readonly presence: TestPresence;
  /** Time as it passes here, and how far the server's wall clock is off from it. */
  readonly wall: { nowMs: number; aheadMs: number };
  readonly committed: Committed[];
  readonly trouble: unknown[];
  readonly fatal: unknown[];
  /** What it paused for while it recovered, milliseconds. */
  readonly pauses: number[];
  /** Of its own origin, or of another that it holds. */
  entries(origin?: Origin): Promise<Entry[]>;
}

export interface TestServerOptions {
  readonly name?: string;
  /** Also makes the incarnation. */
  readonly number?: number;
  readonly disk?: MemoryDisk;
  readonly aheadMs?: number;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { number = 1, name = `server-${number}`, disk = new MemoryDisk(), aheadMs = 0 } = options;
  const store = new UnreliableLogStore(disk, { realm: REALM });
  const origin = originOf(0xa0 + number);
  const wall = { nowMs: 1_760_000_000_000, aheadMs };
  const committed: Committed[] = [];
  const trouble: unknown[] = [];
  const fatal: unknown[] = [];
  const pauses: number[] = [];
  let ids = number * 1_000_000;
  const presence = testPresence(() => wall.nowMs);
  const registry = new Registry({
    realm: REALM,
    incarnation: { server: name, origin },
    store,
    presence,
    nowMs: () => wall.nowMs + wall.aheadMs,
    monotonicMs: () => wall.nowMs,
    pause: (ms) => {
      pauses.push(ms);
      return settled();
    },
    newId: () => idOf(++ids),
    onTrouble: (error) => trouble.push(error),
    onFatal: (error) => fatal.push(error),
  });
  registry.onCommitted((commit) => committed.push(commit));
  await registry.open();
  const entries = (of = origin) => registry.entries(of, 1, ALL);
  return { registry, store, disk, origin, wall, committed, trouble, fatal, pauses, presence, entries };
}

/** Hands all that one server holds to another, one origin after the other. */
export async function deliver(from: TestServer, to: TestServer): Promise<void> {
  for (const origin of from.registry.vector.keys()) await to.registry.receive(await from.entries(origin));
}

/** An entry with a change that sets these registers on a player of whom nothing else is known. */
export function changeEntry(
  fields: { readonly sequence: number; readonly documentId: DocumentId; readonly origin?: Origin },
  writes: readonly Write[],
  message = `${STAMP} register`,
): Entry {
  const { origin = originOf(1) } = fields;
  const { hash, bytes } = encodeOntoFirst(PLAYER_FIRST_CHANGE, { actor: origin, timeMs: 0, message }, writes);
  return entryOf({ ...fields, origin, hash, body: bytes });
}

export function setText(key: string, value: string): Write {
  return { map: null, key, value };
}

export async function recovered({ registry }: TestServer): Promise<void> {
  await eventually(() => expect(registry.condition().mode).toBe("open"));
}

/** Holds up what is asked of the store, but for so many times, until it is released. */
export function hold({ store }: TestServer, { but = 0 } = {}): () => void {
  let free = but;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  store.gate = async () => {
    if (free-- <= 0) await held;
  };
  return () => {
    store.gate = async () => undefined;
    release();
  };
}
