/**
 * Plans one transaction: applies tasks to their documents, in order, and gathers the rows that come of it.
 *
 * Nothing here is final: until the batch is committed, what stands in the database is what it was and the tasks are not
 * settled. A plan that is not committed is abandoned, and its documents are read again when next needed.
 */
import type { ChangeHash } from "../../crdt/change.ts";
import { formatChangeNote, parseChangeNote } from "../../crdt/change-note.ts";
import {
  changeEntryKind,
  documentKindOf,
  ENTRY_KIND,
  ENTRY_VERSION,
  type Entry,
  encodeOriginBegan,
} from "../../crdt/entry.ts";
import { invariant, MalformedTextError, UnacceptableChangeError } from "../../crdt/errors.ts";
import type { FirstChange } from "../../crdt/first-change.ts";
import { laterStamp, nextStamp, type Stamp, stampMs } from "../../crdt/hybrid-clock.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import { canonicalPlayer, PLAYER_FIRST_CHANGE, type Player, projectPlayer } from "../../crdt/player.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import { memberDigest, toggle } from "../../crdt/set-digest.ts";
import { sequenceOf } from "../../crdt/version-vector.ts";
import type { Batch, DocumentRow, QuarantineRow, StoredState } from "../storage/log-store.ts";
import type { CachedDocument } from "./document-cache.ts";
import type { CurrentPlayer, EditTask, ReceivedEntry, ReceiveTask, Task } from "./task.ts";
import { WorkingDocument } from "./working-document.ts";

/** Who this process is. */
export interface Incarnation {
  readonly server: string;
  readonly origin: Origin;
}

/** An entry that Automerge refused while planning; the plan is void and the entry has to be set aside. */
export class EntryRefusedByDocument extends Error {
  readonly entry: Entry;

  constructor(entry: Entry, cause: UnacceptableChangeError) {
    super(cause.message, { cause });
    this.entry = entry;
  }
}

export interface PlanInput {
  readonly incarnation: Incarnation;
  readonly standing: StoredState;
  /** What exists of the documents that the tasks are about; those missing here do not exist. */
  readonly documents: ReadonlyMap<DocumentId, CachedDocument>;
  readonly nowMs: () => number;
}

interface Touched {
  readonly document: WorkingDocument;
  readonly before: DocumentRow | undefined;
  player: CurrentPlayer | undefined;
  changed: boolean;
}

export class BatchPlan {
  readonly #input: PlanInput;
  readonly #touched = new Map<DocumentId, Touched>();
  readonly #entries: Entry[] = [];
  readonly #local: Entry[] = [];
  readonly #quarantined: QuarantineRow[] = [];
  readonly #sequences = new Map<Origin, number>();
  readonly #servers = new Map<Origin, string>();
  readonly #settlements: (() => void)[] = [];
  #clock: Stamp;

  constructor(input: PlanInput) {
    this.#input = input;
    this.#clock = input.standing.clock;
  }

  /** The entries that this server made, in order: what is announced. */
  get localEntries(): readonly Entry[] {
    return this.#local;
  }

  /** @throws EntryRefusedByDocument */
  add(task: Task): void {
    if (task.kind === "edit") this.#edit(task);
    else this.#receive(task);
  }

  /** Settles the tasks; to be called once the batch is committed. */
  settle(): void {
    for (const settleTask of this.#settlements) settleTask();
  }

  /** The documents as they are after `batch`, for the cache; also those that no task came to touch. */
  *liveDocuments(batch: Batch | undefined): Iterable<[DocumentId, CachedDocument]> {
    const rows = new Map(batch?.documents.map((row) => [row.id, row]));
    for (const [id, { document, before }] of this.#touched) {
      const row = rows.get(id) ?? before;
      if (document.live && row) yield [id, { row, live: document.live }];
    }
    yield* this.#untouched();
  }

  /** Gives up what was planned: its live documents hold changes that were not stored. */
  abandon(): void {
    for (const { document } of this.#touched.values()) document.abandon();
    for (const [, { live }] of this.#untouched()) live.free();
  }

  /** Undefined when there is nothing to store. */
  batch(): Batch | undefined {
    if (this.#entries.length === 0) return undefined;
    const { totals } = this.#input.standing;
    const headsDigest = Uint8Array.from(totals.headsDigest);
    const stateDigest = Uint8Array.from(totals.stateDigest);
    const documents: DocumentRow[] = [];
    const newDocuments = new Set<DocumentId>();
    const players: Player[] = [];
    let visible = totals.documents;
    for (const [id, touched] of this.#touched) {
      const { before } = touched;
      if (!touched.changed) continue;
      const current = this.#current(touched);
      const row: DocumentRow = {
        id,
        kind: "player",
        heads: current?.heads ?? [],
        stateDigest: current ? memberDigest(canonicalPlayer(current.player)) : null,
      };
      if (before?.stateDigest) {
        toggle(headsDigest, headsMember(before));
        toggle(stateDigest, before.stateDigest);
        visible--;
      }
      if (row.stateDigest) {
        toggle(headsDigest, headsMember(row));
        toggle(stateDigest, row.stateDigest);
        visible++;
      }
      documents.push(row);
      if (!before) newDocuments.add(id);
      if (current) players.push(current.player);
    }
    return {
      entries: this.#entries,
      documents,
      newDocuments,
      players,
      origins: [...this.#sequences].map(([origin, lastSequence]) => ({
        origin,
        server: this.#servers.get(origin) ?? null,
        lastSequence,
      })),
      quarantined: this.#quarantined,
      clock: this.#clock,
      totals: {
        documents: visible,
        entries: totals.entries + this.#entries.length,
        headsDigest,
        stateDigest,
      },
    };
  }

  #edit(task: EditTask): void {
    const touched = this.#touch(task.documentId, "player");
    const before = this.#current(touched);
    const stamp = nextStamp(this.#clock, this.#input.nowMs());
    let decision: ReturnType<EditTask["decide"]>;
    try {
      decision = task.decide(before, stamp);
    } catch (error) {
      this.#settlements.push(() => task.reject(error));
      return;
    }
    let position: Position | undefined;
    if (decision.writes.length > 0) {
      this.#clock = stamp;
      const message = formatChangeNote({ stamp, reason: decision.reason, by: task.by });
      const change = touched.document.edit({ timeMs: stampMs(stamp), message }, decision.writes);
      markChanged(touched);
      this.#beginOrigin();
      this.#appendLocal({
        kind: changeEntryKind("player"),
        documentId: task.documentId,
        hash: change.hash,
        body: change.bytes,
      });
      const { origin } = this.#input.incarnation;
      position = { origin, sequence: this.#lastSequence(origin) };
    }
    const after = this.#current(touched);
    invariant(after, "an edit leaves a player");
    this.#settlements.push(() => task.resolve({ ...after, position, created: before === undefined }));
  }

  #receive(task: ReceiveTask): void {
    for (const received of task.entries) {
      const { origin, sequence } = received.entry;
      const next = this.#lastSequence(origin) + 1;
      if (sequence > next) break; // a hole: whoever asked asks again
      if (sequence < next) continue; // redelivered
      this.#apply(received);
      this.#append(received.entry);
    }
    this.#settlements.push(task.resolve);
  }

  #apply({ entry, content }: ReceivedEntry): void {
    switch (content.type) {
      case "origin-began":
        this.#servers.set(entry.origin, content.server);
        return;
      case "unknown":
        return;
      case "faulty": {
        const { origin, sequence } = entry;
        this.#quarantined.push({ origin, sequence, reason: content.reason, detail: content.detail });
        return;
      }
      case "change": {
        const kind = documentKindOf(entry);
        invariant(kind && entry.documentId, "a change belongs to a document");
        const touched = this.#touch(entry.documentId, kind);
        try {
          touched.document.receive(content.change);
        } catch (error) {
          if (error instanceof UnacceptableChangeError) throw new EntryRefusedByDocument(entry, error);
          throw error;
        }
        markChanged(touched);
        this.#clock = laterStamp(this.#clock, stampIn(content.change.message));
      }
    }
  }

  /** The first entry of an incarnation says whose it is. */
  #beginOrigin(): void {
    const { origin, server } = this.#input.incarnation;
    if (this.#lastSequence(origin) > 0) return;
    this.#servers.set(origin, server);
    const body = encodeOriginBegan(server);
    this.#appendLocal({ kind: ENTRY_KIND.originBegan, documentId: null, hash: null, body });
  }

  #appendLocal(content: Pick<Entry, "kind" | "documentId" | "hash" | "body">): void {
    const { origin } = this.#input.incarnation;
    const entry: Entry = {
      origin,
      sequence: this.#lastSequence(origin) + 1,
      version: ENTRY_VERSION,
      ...content,
    };
    this.#append(entry);
    this.#local.push(entry);
  }

  #append(entry: Entry): void {
    this.#entries.push(entry);
    this.#sequences.set(entry.origin, entry.sequence);
  }

  #lastSequence(origin: Origin): number {
    return this.#sequences.get(origin) ?? sequenceOf(this.#input.standing.vector, origin);
  }

  *#untouched(): Iterable<[DocumentId, CachedDocument]> {
    for (const [id, document] of this.#input.documents) {
      if (!this.#touched.has(id)) yield [id, document];
    }
  }

  #touch(id: DocumentId, kind: DocumentKind): Touched {
    let touched = this.#touched.get(id);
    if (!touched) {
      const stored = this.#input.documents.get(id);
      const document = new WorkingDocument(
        id,
        firstChange(kind),
        this.#input.incarnation.origin,
        stored?.live,
      );
      touched = { document, before: stored?.row, player: undefined, changed: false };
      this.#touched.set(id, touched);
    }
    return touched;
  }

  #current(touched: Touched): CurrentPlayer | undefined {
    const state = touched.player ? undefined : touched.document.state();
    if (state) {
      const { document } = touched;
      touched.player = { player: projectPlayer(document.id, state), heads: document.heads() };
    }
    return touched.player;
  }
}

function markChanged(touched: Touched): void {
  touched.player = undefined;
  touched.changed = true;
}

function firstChange(kind: DocumentKind): FirstChange {
  switch (kind) {
    case "player":
      return PLAYER_FIRST_CHANGE;
  }
}

function headsMember({ id, heads }: { id: DocumentId; heads: readonly ChangeHash[] }): Uint8Array {
  return memberDigest(`${id} ${heads.join(" ")}`);
}

/** A note that this version cannot read does not make the change unacceptable. */
function stampIn(message: string): Stamp {
  try {
    return parseChangeNote(message).stamp;
  } catch (error) {
    if (error instanceof MalformedTextError) return "";
    throw error;
  }
}
