/** What is told of a batch once it is stored. */
import type { Conflict } from "../../crdt/conflict.ts";
import type { Entry } from "../../crdt/entry.ts";
import type { VersionVector } from "../../crdt/version-vector.ts";
import type { CommittedChange } from "./committed-changes.ts";

/** What a commit brought. */
export interface Committed {
  readonly local: readonly Entry[];
  /** How many entries, local and received. */
  readonly entries: number;
  readonly vector: VersionVector;
  /** A match came, went or changed that counts for ratings. */
  readonly ratingsMarked: boolean;
  /** Entry by entry; empty, too, where it is not known what was committed. */
  readonly changes: readonly CommittedChange[];
  /** Those of all records that were changed, whether they are new or stood before. */
  readonly conflicts: readonly Conflict[];
}
