/** What the writer is given to do. Every task is settled exactly once. */
import type { AuditNote, AuditRecord } from "../../crdt/audit.ts";
import type { ChangeHash, DecodedChange } from "../../crdt/change.ts";
import type { ChangeReason } from "../../crdt/change-note.ts";
import type { Claim, ClaimKey } from "../../crdt/claim.ts";
import type { Write } from "../../crdt/document.ts";
import type { Entry } from "../../crdt/entry.ts";
import type { ChangeFault } from "../../crdt/errors.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import type { MemberForgotten } from "../../crdt/membership.ts";
import type { Position } from "../../crdt/position.ts";
import type { VersionVector } from "../../crdt/version-vector.ts";
import type { PlayerRow } from "../storage/player-row.ts";
import type { RatingUpdate } from "../storage/rating-store.ts";
import type { CurrentRecord, RegistryRecord } from "./records.ts";
import type { KeyedRequest } from "./request-memory.ts";

export type Task = EditTask | EraseTask | ForgetTask | ReceiveTask | RatingsTask | StableTask;

interface Settled<Result> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** A write of a client of this server. */
export interface EditTask extends Settled<Written> {
  readonly kind: "edit";
  readonly weight: number;
  readonly documentKind: DocumentKind;
  readonly documentId: DocumentId;
  /**
   * What stands there, as far as the caller knows: nothing, as the id was made for this task; a record; or
   * either, as the id was derived.
   */
  readonly expects: "nothing" | "record" | "either";
  /** Players whose documents it may write to beside its own. */
  readonly others: readonly DocumentId[];
  /** What the task is going to claim, or to ask for the owner of. */
  readonly claims: readonly ClaimKey[];
  readonly by: string;
  /** Of an operator: noted beside the change (AUD1). */
  readonly audit: AuditNote | undefined;
  /** Remembered with what is written (IDM1). */
  readonly request: KeyedRequest | undefined;
  /** Decides what to write, given the record as it is now. Throws what its caller is to see. */
  readonly decide: (current: CurrentRecord | undefined, circumstances: Circumstances) => Decision;
}

export interface Circumstances {
  /** Of the change that is made. */
  readonly stamp: Stamp;
  /** What other records make of a player; undefined for what is no player, or not stored yet. */
  readonly row: PlayerRow | undefined;
  /** The owner of a name or an identity, as far as this server knows. */
  readonly ownerOf: (key: ClaimKey) => DocumentId | undefined;
  /** All live claims on it, the owner's first. */
  readonly claimsOn: (key: ClaimKey) => readonly Claim[];
  /** Whether others claim it beside its owner. */
  readonly isContested: (key: ClaimKey) => boolean;
}

export interface Decision {
  readonly reason: ChangeReason;
  /** Of a `restore`: the change whose value it puts back (HIS3). */
  readonly restores?: ChangeHash;
  /** Written before it, in the same batch: a change each, for the same reason. */
  readonly before?: readonly OtherWrites[];
  /** Empty: nothing is to change, and no entry is made. */
  readonly writes: readonly Write[];
}

/** To one of the task's `others`. */
export interface OtherWrites {
  readonly documentId: DocumentId;
  readonly writes: readonly Write[];
}

/** What came of an edit. */
export interface Written {
  readonly record: RegistryRecord;
  readonly heads: readonly ChangeHash[];
  /** What other records make of a player. */
  readonly row: PlayerRow | undefined;
  /** The owner of a player's username; undefined where the write did not have to know. */
  readonly usernameOwnerId: DocumentId | null | undefined;
  /** Of the last entry that was made; undefined when nothing was to change. */
  readonly position: Position | undefined;
  /** The document did not exist before. */
  readonly created: boolean;
}

/** ERA1, on behalf of a client of this server. */
export interface EraseTask extends Settled<Position> {
  readonly kind: "erase";
  readonly weight: number;
  readonly documentId: DocumentId;
  readonly by: string;
  readonly audit: AuditNote | undefined;
}

/** MBR1, on behalf of an operator. */
export interface ForgetTask extends Settled<Position> {
  readonly kind: "forget";
  readonly weight: number;
  readonly forgotten: MemberForgotten;
  readonly by: string;
  readonly audit: AuditNote | undefined;
}

/** Entries of one origin, in order, from a peer. */
export interface ReceiveTask extends Settled<void> {
  readonly kind: "receive";
  readonly weight: number;
  readonly patient: true;
  readonly entries: readonly ReceivedEntry[];
}

/** What a fold of ratings came to. */
export interface RatingsTask extends Settled<void> {
  readonly kind: "ratings";
  readonly weight: number;
  readonly update: RatingUpdate;
}

/** What every member was seen to hold (CLM2). */
export interface StableTask extends Settled<void> {
  readonly kind: "stable";
  readonly weight: number;
  readonly patient: true;
  readonly stable: VersionVector;
}

export interface ReceivedEntry {
  readonly entry: Entry;
  readonly content: Content;
}

/** What an entry was found to hold. */
export type Content =
  | { readonly type: "change"; readonly documentKind: DocumentKind; readonly change: DecodedChange }
  | { readonly type: "origin-began"; readonly server: string }
  | { readonly type: "erasure"; readonly note: string }
  | { readonly type: "audit"; readonly record: AuditRecord }
  | { readonly type: "member-forgotten"; readonly forgotten: MemberForgotten }
  /** The place of a change whose document was erased at the sender (ERA1). */
  | { readonly type: "emptied" }
  /** Of a kind or version that this server does not know: stored and forwarded (UNK1). */
  | { readonly type: "unknown" }
  /** Not to be applied: stored, forwarded, and reported (UNK2). */
  | { readonly type: "faulty"; readonly reason: ChangeFault | "refused"; readonly detail: string };
