/**
 * The documents of a log, read by Automerge itself through its public functions: nothing of the product but the
 * first change of each kind, which is a constant. What the oracle knows, it knows from here.
 */
import { applyChanges, type Doc, init, isImmutableString, load, save, toJS } from "@automerge/automerge";
import { ENTRY_KIND, type Entry } from "../../../crdt/entry.ts";
import { MATCH_FIRST_CHANGE } from "../../../crdt/match.ts";
import { PLAYER_FIRST_CHANGE } from "../../../crdt/player.ts";

export interface OracleDocument {
  readonly id: string;
  readonly kind: "player" | "match";
  /** Registers at the root, and maps of registers; texts as texts. */
  readonly content: Content;
  /** Whether what it was saved as can be loaded, and is the same. */
  readonly isWhole: boolean;
  /** How many of its changes Automerge does not take. */
  readonly refused: number;
}

type Register = string | number | boolean;
export type Registers = Readonly<Record<string, Register>>;
export type Content = Readonly<Record<string, Register | Registers>>;

const FIRST_CHANGES = {
  player: PLAYER_FIRST_CHANGE.bytes,
  match: MATCH_FIRST_CHANGE.bytes,
} as const;

/** The ids of those that were erased (ERA1). */
export function erasedIn(log: readonly Entry[]): Set<string> {
  const erasures = log.filter(({ kind }) => kind === ENTRY_KIND.erasure);
  return new Set(erasures.flatMap(({ documentId }) => documentId ?? []));
}

/** Sorted by id. Those that were erased are left out. */
export function documentsOf(log: readonly Entry[]): OracleDocument[] {
  const erased = erasedIn(log);
  const changes = new Map<string, { kind: "player" | "match"; bodies: Uint8Array[] }>();
  for (const { kind, documentId, body } of log) {
    const isChange = kind === ENTRY_KIND.playerChange || kind === ENTRY_KIND.matchChange;
    if (!isChange || documentId === null || erased.has(documentId)) continue;
    const known = changes.get(documentId);
    if (known) known.bodies.push(body);
    else
      changes.set(documentId, {
        kind: kind === ENTRY_KIND.playerChange ? "player" : "match",
        bodies: [body],
      });
  }
  return [...changes]
    .map(([id, { kind, bodies }]) => read(id, kind, bodies))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

function read(id: string, kind: "player" | "match", bodies: readonly Uint8Array[]): OracleDocument {
  const { document, refused } = applied([FIRST_CHANGES[kind], ...bodies]);
  const content = plain(toJS(document)) as Content;
  const again = plain(toJS(load<unknown>(save(document))));
  return { id, kind, content, isWhole: sorted(again) === sorted(content), refused };
}

/** One by one, where not all are taken: two of them may bear one number of one actor. */
function applied(changes: readonly Uint8Array[]): { document: Doc<unknown>; refused: number } {
  try {
    const [document] = applyChanges<unknown>(init<unknown>(), [...changes]);
    return { document, refused: 0 };
  } catch {
    let document = init<unknown>();
    let refused = 0;
    for (const change of changes) {
      try {
        [document] = applyChanges<unknown>(document, [change]);
      } catch {
        refused++;
      }
    }
    return { document, refused };
  }
}

function plain(value: unknown): unknown {
  if (isImmutableString(value)) return value.toString();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null ? Object.fromEntries(Object.entries(item).sort()) : item,
  );
}

/** A map of a document, empty if it is not there. */
export function mapOf(content: Content, name: string): Registers {
  const map = content[name];
  return typeof map === "object" ? map : {};
}

export function textOf(content: Content, name: string): string | undefined {
  const value = content[name];
  return typeof value === "string" ? value : undefined;
}
