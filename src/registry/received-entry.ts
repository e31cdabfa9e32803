/** Verifies and decodes what came from a peer; nothing that arrives here can throw (UNK1, UNK2). */
import { auditRecordOf } from "../../crdt/audit.ts";
import { decodeChange } from "../../crdt/automerge.ts";
import { parseChangeNote } from "../../crdt/change-note.ts";
import { documentKindOf, type Entry, erasureNoteOf, serverThatBegan } from "../../crdt/entry.ts";
import { MalformedTextError, UnacceptableChangeError } from "../../crdt/errors.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { memberForgottenIn } from "../../crdt/membership.ts";
import { holds, type VersionVector } from "../../crdt/version-vector.ts";
import type { Content, ReceivedEntry } from "./task.ts";

/** Entries checked before others get their turn on the event loop: about 5 ms. */
const SLICE = 64;

export async function examineEntries(entries: readonly Entry[]): Promise<ReceivedEntry[]> {
  const examined: ReceivedEntry[] = [];
  for (const entry of entries) {
    examined.push({ entry, content: examine(entry) });
    if (examined.length % SLICE === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return examined;
}

/** The matches whose creation is among entries that are not held yet. */
export function* matchesCreatedBy(
  received: readonly ReceivedEntry[],
  vector: VersionVector,
): Iterable<DocumentId> {
  for (const { entry, content } of received) {
    if (content.type !== "change" || content.documentKind !== "match" || holds(vector, entry)) continue;
    if (entry.documentId !== null && reasonIn(content.change.message) === "create") yield entry.documentId;
  }
}

/** A note that this version cannot read says nothing. */
function reasonIn(message: string): string {
  try {
    return parseChangeNote(message).reason;
  } catch (error) {
    if (error instanceof MalformedTextError) return "";
    throw error;
  }
}

/** What an entry holds, as far as that can be told from it alone. */
export function examine(entry: Entry): Content {
  const server = serverThatBegan(entry);
  if (server !== undefined) return { type: "origin-began", server };
  const note = erasureNoteOf(entry);
  if (note !== undefined) return { type: "erasure", note };
  const record = auditRecordOf(entry);
  if (record) return { type: "audit", record };
  const forgotten = memberForgottenIn(entry);
  if (forgotten) return { type: "member-forgotten", forgotten };
  const documentKind = documentKindOf(entry);
  if (documentKind === undefined) return { type: "unknown" };
  if (entry.hash === null && entry.body.byteLength === 0) return { type: "emptied" };
  try {
    const change = decodeChange(entry.body, entry.hash ?? "");
    if (change.actor === entry.origin) return { type: "change", documentKind, change };
    return { type: "faulty", reason: "unexpected-actor", detail: `the change is by actor ${change.actor}` };
  } catch (error) {
    if (error instanceof UnacceptableChangeError) {
      return { type: "faulty", reason: error.reason, detail: error.message };
    }
    throw error;
  }
}
