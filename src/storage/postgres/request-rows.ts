/** Remembered requests (IDM1) on PostgreSQL: what a batch writes of them, and what is asked. */
import { requestsKept } from "../erased-content.ts";
import type { Batch } from "../log-store.ts";
import type { RequestLimit, StoredRequest } from "../request-store.ts";
import { COLUMN } from "./binary-array.ts";
import type { Reader } from "./reader.ts";
import { column, rowSource } from "./row-source.ts";

const { uuid, hex, int8 } = COLUMN;

export const REQUESTS = rowSource<Batch, StoredRequest>(
  "written_request",
  [
    column("key", hex, (row) => row.key),
    column("fingerprint", hex, (row) => row.fingerprint),
    column("document_id", uuid, (row) => row.documentId),
    column("change", hex, (row) => row.change),
    column("created_at_ms", int8, (row) => row.createdAtMs),
  ],
  requestsKept,
);

interface RequestColumns {
  readonly fingerprint: Buffer;
  readonly document_id: string;
  readonly change: Buffer;
  readonly created_at_ms: string;
}

export async function readRequest(reader: Reader, key: string): Promise<StoredRequest | undefined> {
  const [row] = await reader.rows<RequestColumns>({
    name: "request",
    text: `select fingerprint, document_id, change, created_at_ms from rollcall_store.request where key = $1`,
    values: [Buffer.from(key, "hex")],
  });
  return (
    row && {
      key,
      fingerprint: row.fingerprint.toString("hex"),
      documentId: row.document_id,
      change: row.change.toString("hex"),
      createdAtMs: Number(row.created_at_ms),
    }
  );
}

/** Waits for no row: an erasure may be removing some of them at the same moment. */
export async function forgetRequests(reader: Reader, { beforeMs, keptMax }: RequestLimit): Promise<void> {
  await reader.rows({
    name: "forget requests",
    text: `delete from rollcall_store.request where key in (
        select key from rollcall_store.request
        where created_at_ms < greatest($1::int8, (
          select created_at_ms + 1 from rollcall_store.request order by created_at_ms desc offset $2 limit 1
        ))
        for update skip locked
      )`,
    values: [beforeMs, keptMax],
  });
}
