/** What the writer is given to do. Every task is settled exactly once. */
import type { ChangeHash, DecodedChange } from "../../crdt/change.ts";
import type { ChangeReason } from "../../crdt/change-note.ts";
import type { Write } from "../../crdt/document.ts";
import type { Entry } from "../../crdt/entry.ts";
import type { ChangeFault } from "../../crdt/errors.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Player } from "../../crdt/player.ts";
import type { Position } from "../../crdt/position.ts";

export type Task = EditTask | ReceiveTask;

/** A write of a client of this server. */
export interface EditTask {
  readonly kind: "edit";
  readonly weight: number;
  readonly documentId: DocumentId;
  /**
   * What stands there, as far as the caller knows: nothing, as the id was made for this task; a player; or
   * either, as the id was derived.
   */
  readonly expects: "nothing" | "player" | "either";
  readonly by: string;
  /** Decides what to write, given the player as it is now. Throws what its caller is to see. */
  readonly decide: (current: CurrentPlayer | undefined, stamp: Stamp) => Decision;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

export interface CurrentPlayer {
  readonly player: Player;
  readonly heads: readonly ChangeHash[];
}

export interface Decision {
  readonly reason: ChangeReason;
  /** Empty: nothing is to change, and no entry is made. */
  readonly writes: readonly Write[];
}

/** What came of an edit. */
export interface Written {
  readonly player: Player;
  readonly heads: readonly ChangeHash[];
  /** Of the entry that was made; undefined when nothing was to change. */
  readonly position: Position | undefined;
  /** The document did not exist before. */
  readonly created: boolean;
}

/** Entries of one origin, in order, from a peer. */
export interface ReceiveTask {
  readonly kind: "receive";
  readonly weight: number;
  readonly entries: readonly ReceivedEntry[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface ReceivedEntry {
  readonly entry: Entry;
  readonly content: Content;
}

/** What an entry was found to hold. */
export type Content =
  | { readonly type: "change"; readonly change: DecodedChange }
  | { readonly type: "origin-began"; readonly server: string }
  /** Of a kind or version that this server does not know: stored and forwarded (UNK1). */
  | { readonly type: "unknown" }
  /** Not to be applied: stored, forwarded, and reported (UNK2). */
  | { readonly type: "faulty"; readonly reason: ChangeFault | "refused"; readonly detail: string };
