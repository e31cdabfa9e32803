/**
 * Plans one transaction: applies tasks to their documents, in order, and gathers the rows that come of it.
 *
 * Nothing here is final: until the batch is committed, what stands in the database is what it was and the tasks are not
 * settled. A plan that is not committed is abandoned, and its documents are read again when next needed.
 */

import { type AuditRecord, encodeAudit, isAudited } from "../../crdt/audit.ts";
import type { ChangeHash, DecodedChange } from "../../crdt/change.ts";
import { formatChangeNote, parseChangeNote } from "../../crdt/change-note.ts";
import { latestStampIn } from "../../crdt/change-stamps.ts";
import type { ClaimKey } from "../../crdt/claim.ts";
import { changeEntryKind, ENTRY_KIND, type Entry, encodeErasure } from "../../crdt/entry.ts";
import { invariant, MalformedTextError, UnacceptableChangeError } from "../../crdt/errors.ts";
import { objectId } from "../../crdt/first-change.ts";
import { laterStamp, nextStamp, type Stamp, stampMs } from "../../crdt/hybrid-clock.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import { encodeMemberForgotten, type MemberForgotten } from "../../crdt/membership.ts";
import { farthestFirst } from "../../crdt/merge-group.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import { PlayerErasedError } from "../../crdt/player-errors.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import { normaliseUsername } from "../../crdt/username-claim.ts";
import type { AuditRow } from "../storage/audit-store.ts";
import { withoutErased } from "../storage/erased-content.ts";
import type { Batch, QuarantineRow, StoredState } from "../storage/log-store.ts";
import type { PlayerRow } from "../storage/player-row.ts";
import type { RatingUpdate } from "../storage/rating-store.ts";
import type { StoredRequest } from "../storage/request-store.ts";
import { totalsAfter } from "./batch-totals.ts";
import { ClaimBook } from "./claim-book.ts";
import { derive } from "./derivation.ts";
import type { CachedDocument } from "./document-cache.ts";
import { PlayerNotFoundError } from "./errors.ts";
import { type Incarnation, LogTail } from "./log-tail.ts";
import { MissingContextError, type PlanContext } from "./plan-context.ts";
import type { CurrentRecord } from "./records.ts";
import type { KeyedRequest } from "./request-memory.ts";
import type {
  Decision,
  EditTask,
  EraseTask,
  ForgetTask,
  ReceivedEntry,
  ReceiveTask,
  StableTask,
  Task,
  Written,
} from "./task.ts";
import { TouchedDocument } from "./touched-document.ts";
import type { Arrival } from "./unapplied.ts";

/** An entry that a document refused while planning; the plan is void and the entry has to be set aside. */
export class EntryRefusedByDocument extends Error {
  readonly entry: Entry;

  constructor(entry: Entry, cause: UnacceptableChangeError) {
    super(cause.message, { cause });
    this.entry = entry;
  }
}

/** A refusal that rests on what was presumed; the plan is void, and to be made again with everything loaded. */
export class PresumptuousRefusalError extends Error {}

export interface PlanInput {
  readonly incarnation: Incarnation;
  readonly standing: StoredState;
  readonly context: PlanContext;
  readonly nowMs: () => number;
}

interface MadeChange {
  readonly hash: ChangeHash;
  readonly position: Position;
}

export class BatchPlan {
  readonly #input: PlanInput;
  readonly #log: LogTail;
  readonly #claims: ClaimBook;
  readonly #touched = new Map<DocumentId, TouchedDocument>();
  readonly #quarantined: QuarantineRow[] = [];
  readonly #requests: StoredRequest[] = [];
  readonly #audits: AuditRow[] = [];
  readonly #settlements: (() => void)[] = [];
  /** What the claim book does not know of yet. */
  readonly #unsynced = new Set<TouchedDocument>();
  /** Who survives in whom is not what is stored any more, or may not be. */
  #survivorsChange = false;
  #rows: ReadonlyMap<DocumentId, PlayerRow> = new Map();
  #ratings: RatingUpdate | undefined;
  #stable: StableTask["stable"] = new Map();
  readonly #forgotten = new Map<Origin, string>();
  #clock: Stamp;

  constructor(input: PlanInput) {
    this.#input = input;
    this.#log = new LogTail(input.incarnation, input.standing.vector);
    this.#claims = new ClaimBook(input.context);
    this.#clock = input.standing.clock;
  }

  /** The entries that this server made, in order: what is announced. */
  get localEntries(): readonly Entry[] {
    return this.#log.local;
  }

  /** Whether the task is decided by who survives in whom (CLM4), while that is being changed by what was planned. */
  hasToWait(task: Task): boolean {
    if (!this.#survivorsChange) return false;
    return task.kind === "erase" || (task.kind === "edit" && task.documentKind === "player");
  }

  /** @throws EntryRefusedByDocument, MissingContextError */
  add(task: Task): void {
    switch (task.kind) {
      case "edit":
        this.#edit(task);
        return;
      case "erase":
        this.#erase(task);
        return;
      case "forget":
        this.#forgetMember(task);
        return;
      case "receive":
        this.#receive(task);
        return;
      case "ratings":
        invariant(!this.#ratings, "one fold of ratings is stored at a time");
        this.#ratings = task.update;
        this.#settlements.push(task.resolve);
        return;
      case "stable":
        this.#stable = task.stable;
        this.#settlements.push(task.resolve);
    }
  }

  /** Settles the tasks; to be called once the batch is committed. */
  settle(): void {
    for (const settleTask of this.#settlements) settleTask();
  }

  /** What came of changes from elsewhere; to be asked before the live documents are given away. */
  *arrivals(): Iterable<Arrival> {
    for (const touched of this.#touched.values()) yield touched.arrival();
  }

  /** The documents as they are after `batch`, for the cache; also those that no task came to touch. */
  *liveDocuments(batch: Batch | undefined): Iterable<[DocumentId, CachedDocument]> {
    const rows = new Map(batch?.documents.map((row) => [row.id, row]));
    for (const [id, { document, stored, erased }] of this.#touched) {
      const row = rows.get(id) ?? stored.row;
      if (document.live && row && !erased) {
        yield [id, { row, live: document.live, player: this.#rows.get(id) ?? stored.player }];
      }
    }
    yield* this.#untouched();
  }

  /** Gives up what was planned: its live documents hold changes that were not stored. */
  abandon(): void {
    for (const { document } of this.#touched.values()) document.abandon();
    for (const [, { live }] of this.#untouched()) live.free();
  }

  /** Undefined when there is nothing to store. @throws MissingContextError */
  batch(): Batch | undefined {
    const entries = this.#log.entries;
    const isEmpty = entries.length === 0 && this.#requests.length === 0;
    if (isEmpty && !this.#ratings && this.#stable.size === 0) return undefined;
    const derived = derive({
      touched: this.#touched.values(),
      claims: this.#claims,
      mergeGroups: this.#input.context.mergeGroups,
      positionOf: (origin) => ({ origin, sequence: this.#log.lastSequence(origin) }),
    });
    const { toggles, ...rows } = derived;
    this.#rows = new Map(derived.players.map((row) => [row.player.id, row]));
    const { standing, context } = this.#input;
    return {
      ...rows,
      ...withoutErased({ entries, quarantined: this.#quarantined }, new Set(context.erased.keys())),
      newDocuments: new Set(derived.documents.filter(({ id }) => this.#isNew(id)).map(({ id }) => id)),
      requests: this.#requests,
      audits: this.#audits,
      origins: this.#log.origins(),
      clock: this.#clock,
      totals: totalsAfter(standing.totals, {
        documents: derived.documents,
        storedRow: (id) => this.#touched.get(id)?.stored.row,
        entries: entries.length,
        toggles: [...toggles, ...(this.#ratings?.toggles ?? [])],
      }),
      stable: this.#stable,
      forgotten: this.#forgotten,
      ratings: this.#ratings ?? null,
    };
  }

  #edit(task: EditTask): void {
    const touched = this.#touch(task.documentId, task.documentKind);
    const before = touched.current();
    const nowMs = this.#input.nowMs();
    const stamp = stampBehind(task.others.length, this.#clock, nowMs);
    this.#syncClaims();
    let decision: ReturnType<EditTask["decide"]>;
    try {
      if (touched.erased) throw new PlayerErasedError(task.documentId);
      const certain = before !== undefined;
      const ownerOf = (key: ClaimKey) => this.#claims.ownerOf(key, { certain });
      const isContested = (key: ClaimKey) => this.#claims.isContested(key);
      const claimsOn = (key: ClaimKey) => this.#claims.claimsOn(key);
      decision = task.decide(before, { stamp, row: touched.claimedAs, ownerOf, claimsOn, isContested });
    } catch (error) {
      if (error instanceof MissingContextError) throw error;
      if (before === undefined && task.expects !== "record" && this.#input.context.presumeFree) {
        throw new PresumptuousRefusalError("a player presumed new was refused", { cause: error });
      }
      this.#settlements.push(() => task.reject(error));
      return;
    }
    let made: MadeChange | undefined;
    const { before: earlier = [], ...last } = decision;
    for (const { documentId, writes } of earlier) {
      invariant(task.others.includes(documentId), "a task writes to documents that it named");
      const change = { reason: last.reason, writes, stamp: nextStamp(this.#clock, nowMs) };
      made = this.#change(task, this.#touch(documentId, "player"), change);
    }
    if (last.writes.length > 0) made = this.#change(task, touched, { ...last, stamp });
    const after = touched.current();
    invariant(after, "an edit leaves a record");
    if (task.request) this.#remember(task.request, after, made?.hash);
    this.#settlements.push(() => {
      task.resolve({
        record: after,
        heads: after.heads,
        position: made?.position,
        created: before === undefined,
        ...this.#madeOf(after, touched),
      });
    });
  }

  /** AUD1: the note comes first, so that whoever has the change has the note of it, too. */
  #change(
    { by, audit }: EditTask,
    touched: TouchedDocument,
    { reason, restores, writes, stamp }: Omit<Decision, "before"> & { readonly stamp: Stamp },
  ): MadeChange {
    this.#clock = stamp;
    const message = formatChangeNote({ stamp, reason, by, ...(restores && { restores }) });
    this.#unsynced.add(touched);
    if (writes.some(({ map }) => map === MERGES)) this.#survivorsChange = true;
    const { hash, bytes } = touched.edit({ timeMs: stampMs(stamp), message }, writes);
    const { id: documentId, kind } = touched;
    if (audit && isAudited(reason)) {
      this.#noteAudit({ ...audit, stamp, action: reason, by, documentId, change: hash });
    }
    const entry = { kind: changeEntryKind(kind), documentId, hash, body: bytes };
    return { hash, position: this.#log.appendOwn(entry) };
  }

  /** Where nothing was to change, by what stood there already. */
  #remember({ key, fingerprint }: KeyedRequest, record: CurrentRecord, made: ChangeHash | undefined): void {
    const change = made ?? record.heads[0];
    invariant(change, "a record has heads");
    const documentId = record.kind === "player" ? record.player.id : record.match.id;
    this.#requests.push({ key, fingerprint, documentId, change, createdAtMs: this.#input.nowMs() });
  }

  /** What other records make of a player, once the batch is stored. */
  #madeOf(
    record: Written["record"],
    { id, stored }: TouchedDocument,
  ): Pick<Written, "row" | "usernameOwnerId"> {
    if (record.kind !== "player") return { row: undefined, usernameOwnerId: null };
    const { username } = record.player;
    const key =
      username === null ? undefined : { kind: "username" as const, key: normaliseUsername(username) };
    return {
      row: this.#rows.get(id) ?? stored.player,
      usernameOwnerId: key ? this.#claims.knownOwnerOf(key) : null,
    };
  }

  /**
   * ERA1: with all who were merged with the player, the survivor last: whoever hears of it in pieces sees nobody
   * come forth meanwhile who had given up its name.
   */
  #erase({ documentId, by, audit, resolve, reject }: EraseTask): void {
    const touched = this.#touch(documentId, "player");
    const current = touched.current();
    if (touched.erased || current?.kind !== "player") {
      const error = touched.erased ? new PlayerErasedError(documentId) : new PlayerNotFoundError(documentId);
      this.#settlements.push(() => reject(error));
      return;
    }
    const { rows } = this.#input.context.mergeGroups;
    const survivorId = rows.get(documentId)?.survivorId ?? documentId;
    const group = [...rows.values()].map(({ player }) => player);
    this.#clock = nextStamp(this.#clock, this.#input.nowMs());
    if (audit) this.#noteAudit({ ...audit, stamp: this.#clock, action: "erase", by, documentId });
    let position: Position | undefined;
    for (const member of farthestFirst(survivorId, group)) {
      this.#clock = nextStamp(this.#clock, this.#input.nowMs());
      const body = encodeErasure(formatChangeNote({ stamp: this.#clock, reason: "erase", by }));
      const other = this.#touch(member, "player");
      other.erase();
      this.#unsynced.add(other);
      position = this.#log.appendOwn({ kind: ENTRY_KIND.erasure, documentId: member, hash: null, body });
    }
    invariant(touched.erased && position, "a player is one of its merge group");
    this.#settlements.push(() => resolve(position));
  }

  /** MBR1. */
  #forgetMember({ forgotten, by, audit, resolve }: ForgetTask): void {
    this.#clock = nextStamp(this.#clock, this.#input.nowMs());
    const { server: member } = forgotten;
    if (audit) this.#noteAudit({ ...audit, stamp: this.#clock, action: "forget", by, member });
    const body = encodeMemberForgotten(forgotten);
    const kind = ENTRY_KIND.memberForgotten;
    const position = this.#log.appendOwn({ kind, documentId: null, hash: null, body });
    this.#forget(forgotten);
    this.#settlements.push(() => resolve(position));
  }

  /** AUD1: of an erasure it is not the document's, which is empty from now on. */
  #noteAudit(record: AuditRecord): void {
    const documentId = record.action === "erase" ? null : (record.documentId ?? null);
    const body = encodeAudit(record);
    const position = this.#log.appendOwn({ kind: ENTRY_KIND.audit, documentId, hash: null, body });
    this.#audits.push({ position, record });
  }

  #receive(task: ReceiveTask): void {
    for (const received of task.entries) {
      const { origin, sequence } = received.entry;
      const next = this.#log.lastSequence(origin) + 1;
      if (sequence > next) break; // a hole: whoever asked asks again
      if (sequence < next) continue; // redelivered
      this.#apply(received);
      this.#log.append(received.entry);
    }
    this.#settlements.push(task.resolve);
  }

  #apply({ entry, content }: ReceivedEntry): void {
    switch (content.type) {
      case "origin-began":
        this.#log.name(entry.origin, content.server);
        return;
      case "audit": {
        const { origin, sequence, documentId } = entry;
        const isOfErased = documentId !== null && this.#input.context.erased.has(documentId);
        if (!isOfErased) this.#audits.push({ position: { origin, sequence }, record: content.record });
        this.#clock = laterStamp(this.#clock, content.record.stamp);
        return;
      }
      case "member-forgotten":
        this.#forget(content.forgotten);
        return;
      case "unknown":
      case "emptied":
        return;
      case "faulty": {
        const { origin, sequence } = entry;
        this.#quarantined.push({ origin, sequence, reason: content.reason, detail: content.detail });
        return;
      }
      case "erasure": {
        invariant(entry.documentId, "an erasure names a document");
        const touched = this.#touch(entry.documentId, "player");
        if (!touched.erased) touched.erase();
        this.#unsynced.add(touched);
        this.#survivorsChange = true;
        this.#observe(content.note);
        return;
      }
      case "change": {
        invariant(entry.documentId, "a change belongs to a document");
        const touched = this.#touch(entry.documentId, content.documentKind);
        if (touched.erased) return;
        try {
          requireKind(touched, content.documentKind);
          const { origin, sequence } = entry;
          touched.receive(content.change, { origin, sequence });
          this.#unsynced.add(touched);
          if (mergesPlayers(content.change)) this.#survivorsChange = true;
        } catch (error) {
          if (error instanceof UnacceptableChangeError) throw new EntryRefusedByDocument(entry, error);
          throw error;
        }
        this.#observeChange(content.change);
      }
    }
  }

  #forget({ server, origins }: MemberForgotten): void {
    for (const origin of origins) this.#forgotten.set(origin, server);
  }

  #observe(note: string): void {
    this.#clock = laterStamp(this.#clock, stampIn(note));
  }

  /** Of a change whose note only a newer version can read, what is in its registers: no later stamp may be less. */
  #observeChange(change: DecodedChange): void {
    const stamp = stampIn(change.message);
    this.#clock = laterStamp(this.#clock, stamp === "" ? latestStampIn(change) : stamp);
  }

  /** The claim book follows the players as they are planned: who comes next finds their names taken. */
  #syncClaims(): void {
    for (const touched of this.#unsynced) {
      if (touched.kind !== "player") continue;
      const current = touched.current();
      const survivorId = touched.claimedAs?.survivorId ?? touched.id;
      const row =
        current?.kind === "player"
          ? { player: current.player, survivorId, bannedUntilMs: null, usernamePosition: null }
          : undefined;
      this.#claims.replace(touched.claimedAs, row);
      touched.claimedAs = row;
    }
    this.#unsynced.clear();
  }

  #touch(id: DocumentId, kind: DocumentKind): TouchedDocument {
    let touched = this.#touched.get(id);
    if (!touched) {
      const { documents, erased } = this.#input.context;
      const cached = documents.get(id);
      const { origin } = this.#input.incarnation;
      touched = new TouchedDocument(id, cached?.row.kind ?? kind, origin, cached, erased.get(id));
      this.#touched.set(id, touched);
    }
    return touched;
  }

  #isNew(id: DocumentId): boolean {
    const touched = this.#touched.get(id);
    return touched !== undefined && touched.stored.row === undefined;
  }

  *#untouched(): Iterable<[DocumentId, CachedDocument]> {
    for (const [id, document] of this.#input.context.documents) {
      if (!this.#touched.has(id)) yield [id, document];
    }
  }
}

/** @throws UnacceptableChangeError when a change is of another kind than its document */
function requireKind({ kind, id }: TouchedDocument, wanted: DocumentKind): void {
  if (kind === wanted) return;
  throw new UnacceptableChangeError("unappliable", `${id} is a ${kind}, not a ${wanted}`);
}

/** Of a change before which so many others may be made at the same moment. */
function stampBehind(others: number, clock: Stamp, nowMs: number): Stamp {
  let stamp = nextStamp(clock, nowMs);
  for (let other = 0; other < others; other++) stamp = nextStamp(stamp, nowMs);
  return stamp;
}

const MERGES = "merges";
const MERGES_OBJECT = objectId(PLAYER_FIRST_CHANGE.shape, MERGES);

function mergesPlayers({ operations }: DecodedChange): boolean {
  return operations.some(({ obj }) => obj === MERGES_OBJECT);
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
