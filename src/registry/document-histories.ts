/**
 * What happened to a document, for operators: its history by pages (HIS1), how it was at any heads, and what lies
 * between two of them (HIS4). All of it follows from the stored changes.
 *
 * A history that was laid out is kept for the next page, as long as the document is the same.
 */
import { LRUCache } from "lru-cache";
import type { ChangeHash } from "../../crdt/change.ts";
import { wordsOfChange } from "../../crdt/change-words.ts";
import {
  differences,
  type RegisterDifference,
  type RegisterValues,
  valuesOf,
} from "../../crdt/document-at.ts";
import { DocumentHistory, type HistoryCursor, type HistoryItem } from "../../crdt/history.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import { PlayerErasedError } from "../../crdt/player-errors.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import type { LogStore, StoredChange } from "../storage/log-store.ts";
import { DocumentNotFoundError } from "./errors.ts";
import { firstChangeOf } from "./records.ts";

export interface HistoriesOptions {
  readonly store: Pick<LogStore, "documents" | "changesOf" | "conflicts">;
  /** The server that an origin is an incarnation of, once that is known here. */
  readonly serverOf: (origin: Origin) => string | undefined;
}

export interface RecordedChange extends HistoryItem {
  readonly position: Position;
  /** Ids of the conflicts of fields that it is a candidate of. */
  readonly met: readonly string[];
  readonly words: string;
}

export interface RecordedChanges {
  /** Newest first. */
  readonly items: readonly RecordedChange[];
  readonly next: HistoryCursor | null;
  /** How many changes the document has. */
  readonly total: number;
}

/** What a document said at some heads. */
export interface DocumentView {
  readonly kind: DocumentKind;
  readonly heads: readonly ChangeHash[];
  readonly values: RegisterValues;
}

interface LaidOut {
  readonly kind: DocumentKind;
  readonly heads: readonly ChangeHash[];
  readonly history: DocumentHistory<StoredChange>;
}

/** Changes that are kept laid out, of all documents: half a kilobyte each. */
const CHANGES_KEPT_MAX = 40_000;
/** A change contributes to one conflict a register, and nearly always writes one of them. */
const CONFLICTS_MAX = 2_000;
const ORIGIN_DIGITS_SHOWN = 8;

export class DocumentHistories {
  readonly #options: HistoriesOptions;
  readonly #kept = new LRUCache<DocumentId, LaidOut>({
    maxSize: CHANGES_KEPT_MAX,
    sizeCalculation: ({ history }) => history.length + 1,
  });

  constructor(options: HistoriesOptions) {
    this.#options = options;
  }

  /** @throws DocumentNotFoundError, PlayerErasedError */
  async page(
    id: DocumentId,
    { limit, after }: { readonly limit: number; readonly after?: HistoryCursor | undefined },
  ): Promise<RecordedChanges> {
    const { history } = await this.#laidOut(id);
    const { items, next } = history.page(limit, after);
    const changes = items.map(({ hash }) => hash);
    const { store, serverOf } = this.#options;
    const isAlone = items.every((item) => item.concurrentCount === 0);
    const conflicts = isAlone
      ? []
      : (await store.conflicts({ kind: "field", documentId: id, changes, limit: CONFLICTS_MAX })).items;
    const name = (origin: Origin): string => serverOf(origin) ?? origin.slice(0, ORIGIN_DIGITS_SHOWN);
    return {
      items: items.map((item) => {
        const own = conflicts.filter(({ candidates }) =>
          candidates.some(({ change }) => change === item.hash),
        );
        const { position } = item.change;
        return { ...item, position, met: own.map((one) => one.id), words: wordsOfChange(item, own, name) };
      }),
      next,
      total: history.length,
    };
  }

  /** At `heads`; as it is now without. @throws DocumentNotFoundError, PlayerErasedError, UnknownHeadError */
  async at(id: DocumentId, heads?: readonly ChangeHash[]): Promise<DocumentView> {
    const laidOut = await this.#laidOut(id);
    const at = heads ?? laidOut.heads;
    return { kind: laidOut.kind, heads: at, values: valuesAt(laidOut, at) };
  }

  /** @throws DocumentNotFoundError, PlayerErasedError, UnknownHeadError */
  async between(
    id: DocumentId,
    from: readonly ChangeHash[],
    to: readonly ChangeHash[],
  ): Promise<RegisterDifference[]> {
    const laidOut = await this.#laidOut(id);
    return differences(valuesAt(laidOut, from), valuesAt(laidOut, to));
  }

  /** @throws DocumentNotFoundError, PlayerErasedError */
  async historyOf(
    id: DocumentId,
  ): Promise<{ readonly kind: DocumentKind; readonly history: DocumentHistory<StoredChange> }> {
    return this.#laidOut(id);
  }

  /** ERA1: nothing of an erased document is kept. */
  forget(id: DocumentId): void {
    this.#kept.delete(id);
  }

  /** How many documents are kept laid out. */
  get kept(): number {
    return this.#kept.size;
  }

  async #laidOut(id: DocumentId): Promise<LaidOut> {
    const { store } = this.#options;
    const row = (await store.documents([id])).get(id);
    if (row?.erased) {
      // Erased while it was being laid out.
      this.forget(id);
      throw new PlayerErasedError(id);
    }
    if (!row || row.heads.length === 0) throw new DocumentNotFoundError(id);
    const kept = this.#kept.get(id);
    if (kept && kept.heads.join() === row.heads.join()) return kept;
    const changes = await store.changesOf(id);
    const laidOut: LaidOut = {
      kind: row.kind,
      heads: row.heads,
      history: new DocumentHistory(firstChangeOf(row.kind), changes),
    };
    this.#kept.set(id, laidOut);
    return laidOut;
  }
}

function valuesAt({ kind, history }: LaidOut, heads: readonly ChangeHash[]): RegisterValues {
  return valuesOf(firstChangeOf(kind), history.upTo(heads));
}
