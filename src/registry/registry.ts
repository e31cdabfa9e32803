/**
 * A server's registry: players, matches and boards on one store, with one writer. Takes entries from peers and
 * says where it stands. Reads come from the query tables, writes go through the writer.
 */
import type { Entry } from "../../crdt/entry.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { formatPosition, type Origin, type Position } from "../../crdt/position.ts";
import { digestHex } from "../../crdt/set-digest.ts";
import { holds, type VersionVector, vectorToObject } from "../../crdt/version-vector.ts";
import type { AuditPage, AuditQuery } from "../storage/audit-store.ts";
import type { LogStore, PageLimit } from "../storage/log-store.ts";
import type { ConflictPage, ConflictQuery } from "../storage/record-queries.ts";
import { Arrivals } from "./arrivals.ts";
import { Boards } from "./boards.ts";
import type { Committed } from "./committed.ts";
import { conflictsOfServer } from "./conflicts-of-server.ts";
import { DocumentHistories } from "./document-histories.ts";
import { NotReplicatedYetError } from "./errors.ts";
import { ExpirySweep } from "./expiry-sweep.ts";
import type { Incarnation } from "./log-tail.ts";
import { MatchAges } from "./match-ages.ts";
import { MatchReads } from "./match-reads.ts";
import { Matches } from "./matches.ts";
import { Members } from "./members.ts";
import { PlayerViews } from "./player-views.ts";
import { Players } from "./players.ts";
import type { PresenceSource } from "./presence-source.ts";
import { RatingFolder } from "./rating-folder.ts";
import { examineEntries, matchesCreatedBy } from "./received-entry.ts";
import { RequestMemory } from "./request-memory.ts";
import { WriteQueue } from "./write-queue.ts";
import { Writer } from "./writer.ts";

export interface RegistryOptions {
  readonly realm: string;
  readonly incarnation: Incarnation;
  readonly store: LogStore;
  readonly presence: PresenceSource;
  /** Milliseconds since 1970, as this machine believes. */
  readonly nowMs: () => number;
  /** Milliseconds that never go back: what leases are measured by. */
  readonly monotonicMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** A new random id: of a player without identity or key, of a match, of a ban. */
  readonly newId: () => DocumentId;
  readonly onTrouble: (error: unknown) => void;
  readonly onFatal: (error: unknown) => void;
}

/** What servers that have the same entries have in common. */
export interface RegistryDigest {
  readonly documents: number;
  readonly entries: number;
  readonly versionVector: Readonly<Record<Origin, number>>;
  readonly headsDigest: string;
  readonly stateDigest: string;
}

/** So long the digest waits for ratings that are being folded. */
const FOLD_WAIT_MS = 2_000;

export class Registry {
  readonly players: Players;
  readonly matches: Matches;
  readonly matchReads: MatchReads;
  readonly expirySweep: ExpirySweep;
  readonly boards: Boards;
  readonly histories: DocumentHistories;
  readonly requests: RequestMemory;
  readonly membership: Members;
  readonly #store: LogStore;
  readonly #writer: Writer;
  readonly #queue: WriteQueue;
  readonly #folder: RatingFolder;
  readonly #ages: MatchAges;
  readonly #arrivals = new Arrivals();
  readonly #listeners = new Set<(committed: Committed) => void>();
  /** The last batch under examination: batches are written in the order in which they came. */
  #examination: Promise<unknown> = Promise.resolve();

  constructor({ realm, incarnation, store, presence, ...environment }: RegistryOptions) {
    const { nowMs, monotonicMs, newId, onTrouble } = environment;
    const onCommitted = (committed: Committed): void => this.#committed(committed);
    this.#store = store;
    this.#writer = new Writer({ incarnation, store, onCommitted, ...environment });
    this.requests = new RequestMemory({ store, nowMs });
    this.#queue = new WriteQueue({
      submit: (task) => this.#writer.submit(task),
      store,
      requests: this.requests,
    });
    this.#folder = new RatingFolder({
      store,
      commit: (update) =>
        this.#queue.settled((settle) => ({ kind: "ratings", weight: 1, update, ...settle })),
      pause: environment.pause,
      onTrouble,
    });
    const ages = new MatchAges({ monotonicMs, keptMs: 2 * presence.leaseMs });
    this.#ages = ages;
    const { server } = incarnation;
    const queue = this.#queue;
    const views = new PlayerViews({ store, nowMs, stable: () => this.#writer.standing.stable });
    this.histories = new DocumentHistories({ store, serverOf: (origin) => this.serverOf(origin) });
    const { histories } = this;
    this.players = new Players({ realm, server, store, queue, views, histories, nowMs, newId });
    this.matchReads = new MatchReads({ store, players: this.players, presence, ages });
    this.matches = new Matches({
      realm,
      server,
      store,
      queue,
      players: this.players,
      reads: this.matchReads,
      ages,
      nowMs,
      newId,
    });
    this.expirySweep = new ExpirySweep({
      server,
      store,
      queue,
      presence,
      ages,
      nowMs,
      monotonicMs,
      onTrouble,
    });
    this.membership = new Members({ self: server, standing: () => this.#writer.standing, queue });
    this.boards = new Boards({ store, players: this.players, folder: this.#folder });
  }

  async open(): Promise<void> {
    await this.#writer.open();
    this.#ages.begin();
    this.#folder.notify();
  }

  async close(): Promise<void> {
    await this.#folder.close();
    await this.#writer.close();
  }

  /** Tells of every commit, once it is durable and its writers know. */
  onCommitted(listener: (committed: Committed) => void): void {
    this.#listeners.add(listener);
  }

  audits(query: AuditQuery): Promise<AuditPage> {
    return this.#store.audits(query);
  }

  /** `server`: only those with a candidate that was written there; a page may then have fewer, and go on. */
  conflicts(query: ConflictQuery, server?: string): Promise<ConflictPage> {
    if (server === undefined) return this.#store.conflicts(query);
    return conflictsOfServer(this.#store, query, (origin) => this.serverOf(origin) === server);
  }

  /** RYW1: waits until the position is held here, and its change is in its document. @throws NotReplicatedYetError after `timeoutMs`. */
  async reach(position: Position, timeoutMs: number): Promise<void> {
    if (this.#isHere(position)) return;
    if (await this.#arrivals.wait(position, timeoutMs)) return;
    throw new NotReplicatedYetError(formatPosition(position), timeoutMs);
  }

  /** Stores entries of one origin that a peer sent; what is here already is skipped. */
  async receive(entries: readonly Entry[]): Promise<void> {
    const turn = this.#examination.then(() => examineEntries(entries));
    this.#examination = turn.catch(() => undefined);
    const examined = await turn;
    for (const id of matchesCreatedBy(examined, this.vector)) this.#ages.note(id);
    await this.#queue.settled<void>((settle) => {
      return { kind: "receive", weight: examined.length, patient: true, entries: examined, ...settle };
    });
  }

  /** A page of the log, for a peer. */
  entries(origin: Origin, from: number, limit: PageLimit): Promise<Entry[]> {
    return this.#store.entries(origin, from, limit);
  }

  get vector(): VersionVector {
    return this.#writer.standing.vector;
  }

  /** Every member was seen to hold this much (CLM2). */
  settleStable(stable: VersionVector): Promise<void> {
    return this.#queue.settled((settle) => ({ kind: "stable", weight: 1, patient: true, stable, ...settle }));
  }

  get stable(): VersionVector {
    return this.#writer.standing.stable;
  }

  /** The clock has to be past this stamp from now on (CLK1). */
  observe(stamp: Stamp): void {
    this.#writer.observe(stamp);
  }

  /** The last stamp that was given or received. */
  get clock(): Stamp {
    return this.#writer.standing.clock;
  }

  /** The server that an origin is an incarnation of, once that is known here. */
  serverOf(origin: Origin): string | undefined {
    return this.#writer.standing.servers.get(origin);
  }

  /** The names of all servers that the log tells of, without those that were forgotten (MBR1). */
  members(): readonly string[] {
    return this.membership.names();
  }

  /** Incarnations that are no members any more, each with the server's name. */
  get forgotten(): ReadonlyMap<Origin, string> {
    return this.#writer.standing.forgotten;
  }

  /** Equal on servers that have the same entries, once their ratings are folded: that is waited for. */
  async foldedDigest(): Promise<RegistryDigest> {
    await this.boards.folded(FOLD_WAIT_MS);
    return this.digest();
  }

  /** As it is at this moment. */
  digest(): RegistryDigest {
    const { vector, totals } = this.#writer.standing;
    return {
      documents: totals.documents,
      entries: totals.entries,
      versionVector: vectorToObject(vector),
      headsDigest: digestHex(totals.headsDigest),
      stateDigest: digestHex(totals.stateDigest),
    };
  }

  /** For metrics and readiness. */
  condition(): {
    mode: "open" | "recovering" | "closed";
    waiting: number;
    cachedDocuments: number;
    folding: boolean;
  } {
    const { mode, waiting, cachedDocuments } = this.#writer;
    return { mode, waiting, cachedDocuments, folding: this.#folder.pending };
  }

  #isHere(position: Position): boolean {
    return holds(this.vector, position) && !this.#writer.unapplied.has(position);
  }

  #committed(committed: Committed): void {
    this.#arrivals.advanced((position) => this.#isHere(position));
    if (committed.ratingsMarked) this.#folder.notify();
    for (const { documentId, erased } of committed.changes) if (erased) this.histories.forget(documentId);
    for (const listener of this.#listeners) listener(committed);
  }
}
