/** A document that a plan works on: as it was, as it is by now, and what is to be stored of it. */
import type { ChangeHash, DecodedChange, EncodedChange } from "../../crdt/change.ts";
import { type Conflict, canonicalConflict } from "../../crdt/conflict.ts";
import { fieldConflicts, needsFieldConflicts } from "../../crdt/field-conflicts.ts";
import type { DocumentId, DocumentKind } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import type { Position } from "../../crdt/position.ts";
import { type Digest, memberDigest } from "../../crdt/set-digest.ts";
import type { DocumentRow } from "../storage/log-store.ts";
import type { PlayerRow } from "../storage/player-row.ts";
import type { CachedDocument } from "./document-cache.ts";
import { type CurrentRecord, canonicalRecord, firstChangeOf, projectRecord } from "./records.ts";
import type { Arrival, ArrivedChange } from "./unapplied.ts";
import { WorkingDocument } from "./working-document.ts";

export interface Stored {
  readonly row: DocumentRow | undefined;
  /** Of a player that is stored. */
  readonly player: PlayerRow | undefined;
}

export class TouchedDocument {
  readonly id: DocumentId;
  readonly kind: DocumentKind;
  readonly stored: Stored;
  readonly document: WorkingDocument;
  /** What the claim book has of a player. */
  claimedAs: PlayerRow | undefined;
  #current: CurrentRecord | undefined;
  #before: CurrentRecord | undefined | "unread" = "unread";
  #changed = false;
  #erased: boolean;
  /** Changes that came and may wait for their parents. */
  readonly #doubtful: ArrivedChange[] = [];
  /** A change came that had not seen all others. */
  #concurrent = false;

  constructor(
    id: DocumentId,
    kind: DocumentKind,
    actor: string,
    cached: CachedDocument | undefined,
    erased?: DocumentRow,
  ) {
    this.id = id;
    this.kind = kind;
    this.stored = { row: cached?.row ?? erased, player: cached?.player };
    this.claimedAs = cached?.player;
    this.document = new WorkingDocument(id, firstChangeOf(kind), actor, cached?.live);
    this.#erased = erased !== undefined;
  }

  get changed(): boolean {
    return this.#changed;
  }

  get erased(): boolean {
    return this.#erased;
  }

  /** Undefined while no change could be applied, and once it is erased. */
  current(): CurrentRecord | undefined {
    if (this.#erased) return undefined;
    const state = this.#current ? undefined : this.document.state();
    if (state) {
      const record = projectRecord(this.kind, this.id, state);
      this.#current = { ...record, heads: this.document.heads() };
    }
    return this.#current;
  }

  /** What came of changes from elsewhere. */
  arrival(): Arrival {
    // Of an erased document nothing is waited for.
    const applied = (hash: ChangeHash) => this.#erased || this.document.applied(hash);
    return { documentId: this.id, doubtful: this.#doubtful, applied };
  }

  /** A match as it was before this plan. */
  matchBefore(): Match | undefined {
    const before = this.#before === "unread" ? undefined : this.#before;
    return before?.kind === "match" ? before.match : undefined;
  }

  edit(
    head: Parameters<WorkingDocument["edit"]>[0],
    writes: Parameters<WorkingDocument["edit"]>[1],
  ): EncodedChange {
    this.#change();
    return this.document.edit(head, writes);
  }

  /** @throws UnacceptableChangeError; the plan is then void */
  receive(change: DecodedChange, position: Position): void {
    this.#change();
    const sawAll = !needsFieldConflicts(change.parents, this.document.heads());
    this.document.receive(change);
    // It may also have let in changes that waited for it.
    const [head, another] = this.document.heads();
    if (head !== change.hash) this.#doubtful.push({ position, hash: change.hash });
    if (!sawAll || head !== change.hash || another !== undefined) this.#concurrent = true;
  }

  erase(): void {
    this.#change();
    this.#erased = true;
    this.document.abandon();
  }

  /** What is stored of it from now on, and its conflicts of kind `field` if these were looked at. */
  result(): { readonly row: DocumentRow; readonly fieldConflicts: readonly Conflict[] | undefined } {
    if (this.#erased) return { row: erasedRow(this.id, this.kind), fieldConflicts: [] };
    const current = this.current();
    const conflicts = this.#concurrent && current ? this.#fieldConflicts() : undefined;
    const fieldConflictsDigest = conflicts
      ? conflictsDigest(conflicts)
      : (this.stored.row?.fieldConflictsDigest ?? null);
    const row: DocumentRow = {
      id: this.id,
      kind: this.kind,
      heads: current?.heads ?? [],
      stateDigest: current ? stateDigest(current, fieldConflictsDigest) : null,
      fieldConflictsDigest,
      erased: false,
    };
    return { row, fieldConflicts: conflicts };
  }

  #change(): void {
    if (this.#before === "unread") this.#before = this.kind === "match" ? this.current() : undefined;
    this.#current = undefined;
    this.#changed = true;
  }

  #fieldConflicts(): Conflict[] {
    return fieldConflicts(this.id, firstChangeOf(this.kind), this.document.changes());
  }
}

/** What an erased document leaves in the digests: that it is erased (ERA1). */
function erasedRow(id: DocumentId, kind: DocumentKind): DocumentRow {
  const stateDigest = memberDigest(`erased ${id}`);
  return { id, kind, heads: [], stateDigest, fieldConflictsDigest: null, erased: true };
}

function stateDigest(record: CurrentRecord, fieldConflictsDigest: Digest | null): Digest {
  const canonical = canonicalRecord(record);
  if (!fieldConflictsDigest) return memberDigest(canonical);
  return memberDigest(`${canonical} ${Buffer.from(fieldConflictsDigest).toString("hex")}`);
}

function conflictsDigest(conflicts: readonly Conflict[]): Digest | null {
  return conflicts.length === 0 ? null : memberDigest(conflicts.map(canonicalConflict).join("\n"));
}

/** What stands in the digest of heads for a document. */
export function headsMember({ id, heads }: { id: DocumentId; heads: readonly ChangeHash[] }): Uint8Array {
  return memberDigest(`${id} ${heads.join(" ")}`);
}
