/**
 * What is remembered of requests that may be made again (IDM1, IDM5), as part of the log store's port. It is stored in
 * the transaction of the write that answered the request, and is this server's own: it is not replicated.
 */
import type { ChangeHash } from "../../crdt/change.ts";
import type { DocumentId } from "../../crdt/ids.ts";

/** Hashes, so that nobody who sees it learns what was asked, by whom or with which key. */
export interface StoredRequest {
  /** SHA-256 of the caller and its idempotency key, 64 hexadecimal digits. */
  readonly key: string;
  /** The same of all that was asked, salted with caller and key. */
  readonly fingerprint: string;
  /** The document that was written, and the change that made it what the answer showed. */
  readonly documentId: DocumentId;
  readonly change: ChangeHash;
  /** Milliseconds since 1970, by this server's clock. */
  readonly createdAtMs: number;
}

export interface RequestStore {
  /** What is remembered under a key. */
  request(key: string): Promise<StoredRequest | undefined>;
  /** Forgets all that were made before a time, and of the others the oldest, until at most so many are left. */
  forgetRequests(limit: RequestLimit): Promise<void>;
}

export interface RequestLimit {
  readonly beforeMs: number;
  /** Those of one millisecond go together. */
  readonly keptMax: number;
}
