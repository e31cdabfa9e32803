/**
 * Brings what tasks are about: documents from the cache or made from their stored changes, and the names,
 * identities and merges of players that a plan needs to know.
 *
 * Asking the database first costs every registration a round trip, and most are of players unknown here: nearly all
 * that come from a peer, and those of clients while a game fills. So they may be presumed new, and their names
 * free: the commit refuses the batch if that is wrong, and the writer then has everything loaded. A client's
 * registrations are presumed new only as long as the last of them were, because players who come back register
 * again.
 */
import { LiveDocument } from "../../crdt/automerge.ts";
import type { DecodedChange } from "../../crdt/change.ts";
import { claimKeyText } from "../../crdt/claim.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Origin } from "../../crdt/position.ts";
import { sequenceOf, type VersionVector } from "../../crdt/version-vector.ts";
import type { DocumentRow, PlanReads } from "../storage/log-store.ts";
import type { PlayerRow } from "../storage/player-row.ts";
import { claimsOfTasks, type PlayerOf } from "./claims-of-tasks.ts";
import { type CachedDocument, DocumentCache } from "./document-cache.ts";
import type { MergeGroups, PlanContext, Wanted } from "./plan-context.ts";
import { firstChangeOf } from "./records.ts";
import type { Task } from "./task.ts";

/** So many registrations of clients in a row have to be of new players before the next are presumed to be. */
const NEW_IN_A_ROW = 64;

/** Who registers a document, when all that the tasks do is register it. */
type Registrant = "client" | "peer";

export interface LoadOptions {
  /** What is stored of each origin: entries up to there are skipped. */
  readonly stored: VersionVector;
  readonly presumeNew: boolean;
  /** What a plan of the same tasks was found to lack. */
  readonly wanted: Wanted;
}

interface Loaded {
  readonly documents: Map<DocumentId, CachedDocument>;
  readonly erased: Map<DocumentId, DocumentRow>;
  /** The players among the documents, and those they were merged with. */
  readonly players: Map<DocumentId, PlayerRow>;
}

export class DocumentLoader {
  readonly #store: PlanReads;
  readonly #origin: Origin;
  readonly #cache = new DocumentCache();
  #newInARow = 0;

  constructor(store: PlanReads, origin: Origin) {
    this.#store = store;
    this.#origin = origin;
  }

  /** What the tasks are about. Live documents are the caller's until they are kept. */
  async load(tasks: readonly Task[], { stored, presumeNew, wanted }: LoadOptions): Promise<PlanContext> {
    const ids = documentsOf(tasks, stored);
    const erasing = await this.#loadErasing(tasks);
    for (const id of erasing.keys()) ids.set(id, undefined);
    const asked = [...ids].filter(
      ([id, registrant]) => !this.#cache.has(id) && !(presumeNew && this.#isLikelyNew(registrant)),
    );
    const { documents, erased, players } = await this.#loadDocuments(asked.map(([id]) => id));
    for (const [id, row] of erasing) players.set(id, row);
    for (const [id, registrant] of asked) {
      const isThere = documents.has(id) || erased.has(id);
      if (registrant === "client") this.#newInARow = isThere ? 0 : this.#newInARow + 1;
    }
    const mergeGroups = await this.#loadGroups(wanted, players);
    const claims = await this.#loadClaims(tasks, wanted, presumeNew, (id) => {
      return (documents.get(id) ?? this.#cache.peek(id))?.player ?? erasing.get(id);
    });
    // Last, as nothing may fail once they are taken.
    for (const id of ids.keys()) {
      const cached = this.#cache.take(id);
      if (cached) documents.set(id, cached);
    }
    return { documents, erased, claims, presumeFree: presumeNew, mergeGroups };
  }

  /** For the next task that is about it. */
  keep(id: DocumentId, document: CachedDocument): void {
    this.#cache.put(id, document);
  }

  /** What a commit made of players whose documents it left alone. */
  update(rows: readonly PlayerRow[]): void {
    for (const row of rows) this.#cache.update(row.player.id, row);
  }

  get kept(): number {
    return this.#cache.size;
  }

  forget(): void {
    this.#cache.clear();
  }

  #isLikelyNew(registrant: Registrant | undefined): boolean {
    return registrant === "peer" || (registrant === "client" && this.#newInARow >= NEW_IN_A_ROW);
  }

  async #loadDocuments(ids: readonly DocumentId[]): Promise<Loaded> {
    const players = new Map<DocumentId, PlayerRow>();
    const documents = new Map<DocumentId, CachedDocument>();
    const erased = new Map<DocumentId, DocumentRow>();
    const rows = ids.length === 0 ? new Map<DocumentId, DocumentRow>() : await this.#store.documents(ids);
    for (const [id, row] of rows) if (row.erased) erased.set(id, row);
    const living = [...rows.values()].filter((row) => !row.erased);
    if (living.length === 0) return { documents, erased, players };
    const playerIds = living.filter(({ kind }) => kind === "player").map(({ id }) => id);
    const group = playerIds.length === 0 ? [] : await this.#store.mergeGroup(playerIds);
    for (const row of group) players.set(row.player.id, row);
    const changes = await this.#store.changes(living.map(({ id }) => id));
    for (const row of living) {
      const bytes = (changes.get(row.id) ?? []).map((change) => change.bytes);
      const live = LiveDocument.from(firstChangeOf(row.kind), this.#origin, bytes);
      documents.set(row.id, { row, live, player: players.get(row.id) });
    }
    return { documents, erased, players };
  }

  /** Whom the tasks of clients erase: all that were merged with those they name (ERA1). */
  async #loadErasing(tasks: readonly Task[]): Promise<Loaded["players"]> {
    const ids = tasks.flatMap((task) => (task.kind === "erase" ? [task.documentId] : []));
    const group = ids.length === 0 ? [] : await this.#store.mergeGroup(ids);
    return new Map(group.map((row) => [row.player.id, row]));
  }

  async #loadGroups({ groupsOf }: Wanted, players: Loaded["players"]): Promise<MergeGroups> {
    const rows = new Map(players);
    const ids = [...groupsOf];
    if (ids.length === 0) {
      return { rows, asked: new Set(), known: new Set(), erased: new Set(), firstMatches: new Map() };
    }
    for (const row of await this.#store.mergeGroup(ids)) rows.set(row.player.id, row);
    const stored = await this.#store.documents([...new Set([...ids, ...mergedWith(rows)])]);
    return {
      rows,
      asked: groupsOf,
      known: new Set(stored.keys()),
      erased: new Set([...stored.values()].filter(({ erased }) => erased).map(({ id }) => id)),
      firstMatches: await this.#store.firstMatches([...new Set([...rows.keys(), ...ids])]),
    };
  }

  async #loadClaims(
    tasks: readonly Task[],
    wanted: Wanted,
    presumeFree: boolean,
    playerOf: PlayerOf,
  ): Promise<PlanContext["claims"]> {
    const keys = new Map(wanted.claims);
    for (const key of claimsOfTasks(tasks, presumeFree, playerOf)) {
      keys.set(claimKeyText(key.kind, key.key), key);
    }
    if (keys.size === 0) return new Map();
    const groups = await this.#store.claims([...keys.values()]);
    const claims = new Map(groups.map((group) => [claimKeyText(group.kind, group.key), group]));
    for (const [text, { kind, key }] of keys)
      if (!claims.has(text)) claims.set(text, { kind, key, claims: [] });
    return claims;
  }
}

function mergedWith(rows: ReadonlyMap<DocumentId, PlayerRow>): DocumentId[] {
  return [...rows.values()].flatMap(({ player }) => player.mergedWith);
}

/** The documents that may exist already, each with its registrant if the tasks do no more than register it. */
function documentsOf(tasks: readonly Task[], stored: VersionVector): Map<DocumentId, Registrant | undefined> {
  const ids = new Map<DocumentId, Registrant | undefined>();
  const add = (id: DocumentId, registrant: Registrant | undefined): void => {
    ids.set(id, ids.has(id) && ids.get(id) !== registrant ? undefined : registrant);
  };
  for (const task of tasks) {
    if (task.kind === "edit") {
      if (task.expects !== "nothing") add(task.documentId, task.expects === "either" ? "client" : undefined);
      for (const id of task.others) add(id, undefined);
    } else if (task.kind === "erase") {
      add(task.documentId, undefined);
    } else if (task.kind === "receive") {
      for (const { entry, content } of task.entries) {
        const isNew = entry.sequence > sequenceOf(stored, entry.origin);
        if (!isNew || entry.documentId === null) continue;
        const isRegistration =
          content.type === "change" && registers(content.change, firstChangeOf(content.documentKind).hash);
        // Also what is not understood is looked at: of an erased document nothing is kept.
        add(entry.documentId, isRegistration ? "peer" : undefined);
      }
    }
  }
  return ids;
}

function registers({ parents }: DecodedChange, first: string): boolean {
  return parents.length === 1 && parents[0] === first;
}
