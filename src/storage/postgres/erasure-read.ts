/** Where an erasure stands in the log (ERA1). */
import { ENTRY_KIND, ENTRY_VERSION } from "../../../crdt/entry.ts";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Position } from "../../../crdt/position.ts";
import type { RowReader } from "./reader.ts";
import { toOrigin } from "./rows.ts";

export async function readErasure(reader: RowReader, id: DocumentId): Promise<Position | undefined> {
  const [row] = await reader.rows<{ origin: string; sequence: string }>({
    name: "erasureOf",
    text: `select origin, sequence from rollcall_store.entry
      where document_id = $1 and kind = $2 and version = $3 limit 1`,
    values: [id, ENTRY_KIND.erasure, ENTRY_VERSION],
  });
  return row && { origin: toOrigin(row.origin), sequence: Number(row.sequence) };
}
