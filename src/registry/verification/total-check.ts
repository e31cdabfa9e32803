/** The running totals against what they are the sum of, at one moment. */
import { canonicalConflict } from "../../../crdt/conflict.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import { canonicalRating } from "../../../crdt/rating.ts";
import { digestHex, emptyDigest, memberDigest, toggle } from "../../../crdt/set-digest.ts";
import type { Totals } from "../../storage/log-store.ts";
import type { StoreView } from "../../storage/store-view.ts";
import { headsMember } from "../touched-document.ts";
import type { Inspection } from "./fault.ts";

const PAGE_ROWS = 1_000;

export async function checkTotals(inspection: Inspection): Promise<void> {
  await inspection.look(async (view, found) => {
    const { totals: kept, vector } = await view.state();
    const { documents, headsDigest, stateDigest } = await summed(view, inspection);
    // That every origin's entries are there is known from the check of the log.
    const entries = [...vector.values()].reduce((sum, sequence) => sum + sequence, 0);
    const pairs: [string, string | number, string | number][] = [
      ["documents", kept.documents, documents],
      ["entries", kept.entries, entries],
      ["headsDigest", digestHex(kept.headsDigest), digestHex(headsDigest)],
      ["stateDigest", digestHex(kept.stateDigest), digestHex(stateDigest)],
    ];
    for (const [name, is, should] of pairs) {
      if (is !== should) found({ kind: "total", detail: `${name} is kept as ${is}, and comes to ${should}` });
    }
  });
}

async function summed(view: StoreView, inspection: Inspection): Promise<Omit<Totals, "entries">> {
  const headsDigest = emptyDigest();
  const stateDigest = emptyDigest();
  let documents = 0;
  for await (const rows of pages(
    inspection,
    (after) => view.documentsAfter(after, PAGE_ROWS),
    ({ id }) => id,
  )) {
    for (const row of rows) {
      if (!row.stateDigest) continue;
      toggle(headsDigest, headsMember(row));
      toggle(stateDigest, row.stateDigest);
      if (!row.erased) documents++;
    }
  }
  for await (const rows of pages(
    inspection,
    (after) => view.conflictsAfter(after, PAGE_ROWS),
    ({ id }) => id,
  )) {
    for (const { conflict } of rows) {
      const isOfClaims = conflict.kind === "username" || conflict.kind === "identity";
      if (isOfClaims) toggle(stateDigest, memberDigest(canonicalConflict(conflict)));
    }
  }
  for (const mode of await view.modes()) {
    const read = (after: DocumentId | undefined) => view.leadersAfter(mode, after, PAGE_ROWS);
    for await (const rows of pages(inspection, read, ({ playerId }) => playerId)) {
      for (const { playerId, skill } of rows) {
        toggle(stateDigest, memberDigest(canonicalRating(mode, playerId, skill)));
      }
    }
  }
  return { documents, headsDigest, stateDigest };
}

async function* pages<Row>(
  inspection: Inspection,
  read: (after: string | undefined) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row[]> {
  let after: string | undefined;
  for (;;) {
    const rows = await read(after);
    yield rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = keyOf(last);
    await inspection.giveWay();
  }
}
