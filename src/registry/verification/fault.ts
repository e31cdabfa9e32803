/** What a verification finds (VER1). */
import type { DocumentId } from "../../../crdt/ids.ts";
import type { StoreView } from "../../storage/store-view.ts";

export type FaultKind =
  /** The log has a hole, or ends before it should. */
  | "entry-missing"
  /** An entry does not hold what was written, or stands where none should. */
  | "entry-damaged"
  /** What is kept of a document is not what its changes come to: heads, digests, erasure. */
  | "document"
  /** The row of a player or match, with all that is found by it, is not what its document says. */
  | "record"
  /** Who claims a name or an identity is not who does by the players. */
  | "claim"
  /** The conflicts that are stored are not those that follow. */
  | "conflict"
  /** A board of ratings is not the fold of its matches. */
  | "rating"
  /** A running total is not the sum of what is stored. */
  | "total"
  /** It could not be looked at. */
  | "unreadable";

export interface Fault {
  readonly kind: FaultKind;
  readonly documentId?: DocumentId;
  /** A sentence; nothing in it that a record says. */
  readonly detail: string;
}

/** What the parts of a verification are given. */
export interface Inspection {
  /**
   * Looks at the store as it is at one moment; again, if the database went away meanwhile. What it finds counts once
   * it is done, so `at` has no other effect: what it counts and remembers is in what it gives.
   * @throws StorageError when the store does not let it be looked at
   * @throws when the verification is to end
   */
  look<Result>(at: (view: StoreView, found: (fault: Fault) => void) => Promise<Result>): Promise<Result>;
  /** To be called often: lets writes go first. @throws when the verification is to end */
  giveWay(): Promise<void>;
  readonly signal: AbortSignal;
  /** Looked at so far. */
  readonly counted: { documents: number; entries: number };
}
