/** The log itself: every origin from its first entry to where the version vector says, each as it was written. */
import type { Entry } from "../../../crdt/entry.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Origin } from "../../../crdt/position.ts";
import type { DocumentRow, StoredState } from "../../storage/log-store.ts";
import type { StoreView } from "../../storage/store-view.ts";
import { examine } from "../received-entry.ts";
import type { Fault, Inspection } from "./fault.ts";

const PAGE = { entriesMax: 500, bytesMax: 1024 * 1024 } as const;
const ONE = { entriesMax: 1, bytesMax: 0 } as const;

type Found = (fault: Fault) => void;
type State = Pick<StoredState, "vector" | "servers">;

export async function checkLog(inspection: Inspection): Promise<void> {
  const { vector } = await inspection.look((view) => view.state());
  /** Documents without a row, each told of once. */
  const rowless = new Set<DocumentId>();
  for (const [origin, end] of vector) {
    let next: number | undefined = 1;
    while (next !== undefined) {
      const from: number = next;
      const seen = await inspection.look((view, found) =>
        checkPage(view, { origin, from, end, rowless, inspection }, found),
      );
      next = seen.next;
      inspection.counted.entries += seen.entries;
      for (const id of seen.rowless) rowless.add(id);
      await inspection.giveWay();
    }
  }
}

interface Page {
  readonly origin: Origin;
  readonly from: number;
  /** As of the beginning: what comes meanwhile is not chased. */
  readonly end: number;
  readonly rowless: ReadonlySet<DocumentId>;
  readonly inspection: Inspection;
}

interface SeenPage {
  /** Where the next page begins; undefined after the last. */
  readonly next: number | undefined;
  readonly entries: number;
  /** Documents without a row that were not told of before. */
  readonly rowless: ReadonlySet<DocumentId>;
}

async function checkPage(
  view: StoreView,
  { origin, from, end, rowless: toldOf, inspection }: Page,
  found: Found,
): Promise<SeenPage> {
  const rowless = new Set<DocumentId>();
  const state = await view.state();
  const last = state.vector.get(origin) ?? 0;
  if (from > end) {
    const [beyond] = await view.entries(origin, last + 1, ONE);
    if (beyond)
      found({ kind: "entry-damaged", detail: `${placeOf(beyond)} stands behind the end of its origin` });
    return { next: undefined, entries: 0, rowless };
  }
  const entries = (await view.entries(origin, from, PAGE)).filter(({ sequence }) => sequence <= last);
  const reached = entries.at(-1)?.sequence ?? last;
  const setAside = await view.quarantined(origin, from, reached);
  const ids = entries.flatMap(({ documentId }) => (documentId === null ? [] : [documentId]));
  const documents = await view.documents([...new Set(ids)]);
  let expected = from;
  for (const entry of entries) {
    if (entry.sequence !== expected) found(hole(origin, expected, entry.sequence - 1));
    expected = entry.sequence + 1;
    const { documentId } = entry;
    if (
      documentId !== null &&
      isOfDocument(entry) &&
      !documents.has(documentId) &&
      !toldOf.has(documentId) &&
      !rowless.has(documentId)
    ) {
      rowless.add(documentId);
      found({ kind: "document", documentId, detail: "it has changes, and no row" });
    }
    if (!setAside.has(entry.sequence)) {
      const detail = faultOf(entry, documents, state);
      if (detail) found({ kind: "entry-damaged", ...(documentId !== null && { documentId }), detail });
    }
    await inspection.giveWay();
  }
  if (entries.length === 0) found(hole(origin, from, last));
  return { next: reached + 1, entries: entries.length, rowless };
}

/** What is wrong with an entry, as a sentence. */
function faultOf(
  entry: Entry,
  documents: ReadonlyMap<DocumentId, DocumentRow>,
  { servers }: State,
): string | undefined {
  const content = examine(entry);
  const place = placeOf(entry);
  switch (content.type) {
    case "faulty":
      return `${place} is not the change that was written: ${content.reason}`;
    case "emptied": {
      const row = entry.documentId === null ? undefined : documents.get(entry.documentId);
      return row && !row.erased ? `${place} is empty, and its document is not erased` : undefined;
    }
    case "origin-began":
      return servers.get(entry.origin) === content.server
        ? undefined
        : `${place} names another server than is kept`;
    case "audit":
    case "change":
    case "erasure":
    case "member-forgotten":
    case "unknown":
      return undefined;
  }
}

function isOfDocument(entry: Entry): boolean {
  const { type } = examine(entry);
  return type === "change" || type === "erasure";
}

function hole(origin: Origin, from: number, to: number): Fault {
  const detail =
    from === to ? `${origin}:${from} is missing` : `${origin}:${from} to ${origin}:${to} are missing`;
  return { kind: "entry-missing", detail };
}

function placeOf({ origin, sequence }: Entry): string {
  return `${origin}:${sequence}`;
}
