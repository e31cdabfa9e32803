/** The documents of a log with their histories: who changed what, and what met that did not know of each other. */
import { decodeChange } from "../../../crdt/automerge.ts";
import type { DecodedChange } from "../../../crdt/change.ts";
import { documentAt, type RegisterValues } from "../../../crdt/document-at.ts";
import { documentKindOf, type Entry, erasureNoteOf, serverThatBegan } from "../../../crdt/entry.ts";
import { UnacceptableChangeError } from "../../../crdt/errors.ts";
import { type HistoryItem, historyOf } from "../../../crdt/history.ts";
import type { DocumentId, DocumentKind } from "../../../crdt/ids.ts";
import { MATCH_FIRST_CHANGE } from "../../../crdt/match.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";

export interface DocumentHistory {
  readonly id: DocumentId;
  readonly kind: DocumentKind;
  /** Parents first. */
  readonly items: readonly HistoryItem[];
  /** Pairs of changes of which neither knew of the other. */
  readonly concurrentPairs: number;
  /** The changes that no other builds on. */
  readonly heads: readonly string[];
  /** What it says when all of them have taken effect; undefined where no document takes all of them. */
  readonly values: () => RegisterValues | undefined;
}

const FIRST_CHANGES = { player: PLAYER_FIRST_CHANGE, match: MATCH_FIRST_CHANGE } as const;

/** In the order of the log. Those that were erased are left out. */
export function documentHistories(log: readonly Entry[]): DocumentHistory[] {
  const erased = new Set(log.filter(erasureNoteOf).map(({ documentId }) => documentId));
  const documents = new Map<DocumentId, { kind: DocumentKind; changes: DecodedChange[] }>();
  for (const entry of log) {
    const { documentId, hash, body } = entry;
    const kind = documentKindOf(entry);
    if (kind === undefined || documentId === null || hash === null || erased.has(documentId)) continue;
    const document = documents.get(documentId) ?? { kind, changes: [] };
    const change = unlessUnacceptable(() => decodeChange(body, hash));
    if (change) document.changes.push(change);
    documents.set(documentId, document);
  }
  return [...documents].map(([id, { kind, changes }]) => {
    const first = FIRST_CHANGES[kind];
    const items = historyOf(first, changes);
    const known = new Set(items.flatMap(({ parents }) => parents));
    const heads = items.map(({ hash }) => hash).filter((hash) => !known.has(hash));
    return {
      id,
      kind,
      items,
      // Each pair is counted at both of its changes.
      concurrentPairs: items.reduce((total, item) => total + item.concurrentWith().length, 0) / 2,
      heads,
      values: () => unlessUnacceptable(() => documentAt(first, changes, heads)),
    };
  });
}

/** A log that a bug has spoilt is what a report is most wanted of. */
function unlessUnacceptable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnacceptableChangeError) return undefined;
    throw error;
  }
}

export function isMerged({ concurrentPairs }: DocumentHistory): boolean {
  return concurrentPairs > 0;
}

/** Names the server that an origin was an incarnation of; the origin itself, if the log does not say. */
export function serverNamesOf(log: readonly Entry[]): (origin: string) => string {
  const names = new Map(log.map((entry) => [entry.origin, serverThatBegan(entry)] as const).filter(hasName));
  return (origin) => names.get(origin) ?? origin.slice(0, 8);
}

function hasName(pair: readonly [string, string | undefined]): pair is readonly [string, string] {
  return pair[1] !== undefined;
}
