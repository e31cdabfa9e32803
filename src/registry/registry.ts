/**
 * What a server can do with its players: register, edit, read, list; take entries from peers; say where it
 * stands. Reads come from the query tables, writes go through the one writer.
 */
import type { ChangeHash } from "../../crdt/change.ts";
import type { Entry } from "../../crdt/entry.ts";
import { invariant } from "../../crdt/errors.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import { type DocumentId, documentIdOfKey, playerIdOfIdentity } from "../../crdt/ids.ts";
import {
  editWrites,
  fillWrites,
  type PlayerPatch,
  type Registration,
  registrationWrites,
} from "../../crdt/player-intents.ts";
import { formatPosition, type Origin, type Position } from "../../crdt/position.ts";
import { digestHex } from "../../crdt/set-digest.ts";
import { holds, type VersionVector, vectorToObject } from "../../crdt/version-vector.ts";
import type { LogStore, PageLimit, PlayerPage, PlayerQuery, StoredPlayer } from "../storage/log-store.ts";
import { Arrivals } from "./arrivals.ts";
import type { Incarnation } from "./batch-plan.ts";
import { NotReplicatedYetError, PlayerNotFoundError, PreconditionFailedError } from "./errors.ts";
import { requireMetadataRoom } from "./metadata-limit.ts";
import { examineEntries } from "./received-entry.ts";
import type { EditTask, Written } from "./task.ts";
import { type Committed, Writer } from "./writer.ts";

export interface RegistryOptions {
  readonly realm: string;
  readonly incarnation: Incarnation;
  readonly store: LogStore;
  readonly nowMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** A new random id for a player without identity or key. */
  readonly newId: () => DocumentId;
  readonly onTrouble: (error: unknown) => void;
  readonly onFatal: (error: unknown) => void;
}

/** Of whom a write is, for its history: `key`, `ops`, or `open` for an unauthenticated caller. */
export interface Author {
  readonly by: string;
}

export interface RegisterPlayer extends Registration {
  /** Used for the id when there is no identity (ID2). */
  readonly idempotencyKey?: string | undefined;
}

export interface WrittenPlayer extends Written {
  /** Of the entry that was made; when nothing was to change, of one that made the player what it is. */
  readonly position: Position;
}

/** What servers that have the same entries have in common. */
export interface RegistryDigest {
  readonly documents: number;
  readonly entries: number;
  readonly versionVector: Readonly<Record<Origin, number>>;
  readonly headsDigest: string;
  readonly stateDigest: string;
}

export class Registry {
  readonly #options: RegistryOptions;
  readonly #writer: Writer;
  readonly #arrivals = new Arrivals();
  readonly #listeners = new Set<(committed: Committed) => void>();
  /** The last batch under examination: batches are written in the order in which they came. */
  #examination: Promise<unknown> = Promise.resolve();

  constructor(options: RegistryOptions) {
    this.#options = options;
    const { incarnation, store, nowMs, pause, onTrouble, onFatal } = options;
    const onCommitted = (committed: Committed): void => this.#committed(committed);
    this.#writer = new Writer({ incarnation, store, nowMs, pause, onTrouble, onFatal, onCommitted });
  }

  open(): Promise<void> {
    return this.#writer.open();
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  /** Tells of every commit, once it is durable and its writers know. */
  onCommitted(listener: (committed: Committed) => void): void {
    this.#listeners.add(listener);
  }

  /** A player new or known: an identity or key that is known has its unset fields filled (ID1, ID2). */
  register(registration: RegisterPlayer, author: Author): Promise<WrittenPlayer> {
    const { realm, incarnation, newId } = this.#options;
    const { identity, idempotencyKey } = registration;
    const derived = identity
      ? playerIdOfIdentity(realm, identity)
      : idempotencyKey === undefined
        ? undefined
        : documentIdOfKey(realm, "player", idempotencyKey);
    return this.#write(
      derived ?? newId(),
      derived === undefined ? "nothing" : "either",
      author,
      (current, stamp) => ({
        reason: "register",
        writes: current
          ? requireMetadataRoom(current.player, fillWrites(current.player, registration, stamp))
          : registrationWrites(registration, { stamp, homeServer: incarnation.server }),
      }),
    );
  }

  /** @throws PlayerNotFoundError, MetadataFullError, PreconditionFailedError when it refuses the player's heads. */
  edit(
    id: DocumentId,
    patch: PlayerPatch,
    author: Author,
    precondition?: (heads: readonly ChangeHash[]) => boolean,
  ): Promise<WrittenPlayer> {
    return this.#write(id, "player", author, (current, stamp) => {
      if (!current) throw new PlayerNotFoundError(id);
      if (precondition && !precondition(current.heads)) throw new PreconditionFailedError();
      const writes = requireMetadataRoom(current.player, editWrites(current.player, patch, stamp));
      return { reason: "edit", writes };
    });
  }

  /** @throws PlayerNotFoundError */
  async player(id: DocumentId): Promise<StoredPlayer> {
    const stored = await this.#options.store.player(id);
    if (!stored) throw new PlayerNotFoundError(id);
    return stored;
  }

  players(query: PlayerQuery): Promise<PlayerPage> {
    return this.#options.store.players(query);
  }

  /** Waits until the position is held here. @throws NotReplicatedYetError after `timeoutMs`. */
  async reach(position: Position, timeoutMs: number): Promise<void> {
    if (holds(this.vector, position)) return;
    if (await this.#arrivals.wait(position, timeoutMs)) return;
    throw new NotReplicatedYetError(formatPosition(position), timeoutMs);
  }

  /** Stores entries of one origin that a peer sent; what is here already is skipped. */
  async receive(entries: readonly Entry[]): Promise<void> {
    const turn = this.#examination.then(() => examineEntries(entries));
    this.#examination = turn.catch(() => undefined);
    const examined = await turn;
    await new Promise<void>((resolve, reject) => {
      this.#writer.submit({ kind: "receive", weight: examined.length, entries: examined, resolve, reject });
    });
  }

  /** A page of the log, for a peer. */
  entries(origin: Origin, from: number, limit: PageLimit): Promise<Entry[]> {
    return this.#options.store.entries(origin, from, limit);
  }

  get vector(): VersionVector {
    return this.#writer.standing.vector;
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
  condition(): { mode: "open" | "recovering" | "closed"; waiting: number; cachedDocuments: number } {
    const { mode, waiting, cachedDocuments } = this.#writer;
    return { mode, waiting, cachedDocuments };
  }

  async #write(
    documentId: DocumentId,
    expects: EditTask["expects"],
    { by }: Author,
    decide: EditTask["decide"],
  ): Promise<WrittenPlayer> {
    const written = await new Promise<Written>((resolve, reject) => {
      this.#writer.submit({ kind: "edit", weight: 1, documentId, expects, by, decide, resolve, reject });
    });
    return { ...written, position: written.position ?? (await this.#positionOf(documentId, written)) };
  }

  /** For a write that changed nothing: whoever reads elsewhere at this position finds what was found here. */
  async #positionOf(id: DocumentId, { heads }: Written): Promise<Position> {
    const [head] = heads;
    const position = head === undefined ? undefined : await this.#options.store.positionOf(id, head);
    invariant(position, "the head of a document that was written stands in the log");
    return position;
  }

  #committed(committed: Committed): void {
    this.#arrivals.advanced(committed.vector);
    for (const listener of this.#listeners) listener(committed);
  }
}
