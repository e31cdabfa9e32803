/** Of the calls: what was acknowledged is on all servers, once; what failed is on none; no call half. */
import { ENTRY_KIND } from "../../../crdt/entry.ts";
import type { RecordedCall } from "../history.ts";
import { MARK } from "../mark.ts";
import { erasedIn } from "../oracle/documents.ts";
import type { FinalState } from "./final-state.ts";
import { positionOf } from "./logs.ts";

/** What a log says of the writes that made it. */
interface Written {
  readonly server: string;
  readonly positions: ReadonlySet<string>;
  /** Of entries whose document was erased: what they said is gone (ERA1). */
  readonly emptied: ReadonlySet<string>;
  /** By mark, the positions of the entries that have it. */
  readonly marks: ReadonlyMap<string, readonly string[]>;
}

export function writtenIn({ server, log }: FinalState): Written {
  const marks = new Map<string, string[]>();
  for (const entry of log) {
    // What an operator did is noted a second time, with its reason, beside the change.
    if (entry.kind === ENTRY_KIND.audit) continue;
    // Texts stand in a change as they are.
    const found = new Set(Buffer.from(entry.body).toString("latin1").match(MARK));
    for (const mark of found) marks.set(mark, [...(marks.get(mark) ?? []), positionOf(entry)]);
  }
  const erased = erasedIn(log);
  const emptied = log.filter(({ documentId }) => documentId !== null && erased.has(documentId));
  return {
    server,
    positions: new Set(log.map(positionOf)),
    emptied: new Set(emptied.map(positionOf)),
    marks,
  };
}

export function* lostWrites(calls: readonly RecordedCall[], logs: readonly Written[]): Iterable<string> {
  for (const { what, server, mark, position } of calls.filter(({ outcome }) => outcome === "ok")) {
    for (const log of logs) {
      if (position === null) yield `${server} acknowledged "${what}" without a position`;
      else if (!log.positions.has(position)) {
        yield `${log.server} lacks ${position}: "${what}", acknowledged by ${server}`;
      } else if (mark !== null && !log.marks.has(mark) && !log.emptied.has(position)) {
        yield `${log.server} has ${position}, but not ${mark}: "${what}", acknowledged by ${server}`;
      }
    }
  }
}

export function* refusedWritesThatStand(
  calls: readonly RecordedCall[],
  logs: readonly Written[],
): Iterable<string> {
  for (const { what, server, mark } of calls.filter(({ outcome }) => outcome === "failed")) {
    for (const log of logs) {
      if (mark !== null && log.marks.has(mark))
        yield `${log.server} has ${mark}: "${what}", refused by ${server}`;
    }
  }
}

/** Of any call: what it wrote stands in one entry, and on all servers or on none. */
export function* brokenWrites(calls: readonly RecordedCall[], logs: readonly Written[]): Iterable<string> {
  for (const { what, server, mark } of calls) {
    if (mark === null) continue;
    const found = logs.map(({ marks }) => marks.get(mark) ?? []);
    if (found.some(({ length }) => length > 1)) yield `"${what}" of ${server} stands twice: ${mark}`;
    const having = found.filter(({ length }) => length > 0).length;
    if (having > 0 && having < logs.length)
      yield `"${what}" of ${server} is on ${having} servers of ${logs.length}: ${mark}`;
  }
}
