/** The names and identities of a batch (CLM1, CLM4): who owns them while it is planned, and what it changes. */
import {
  type Claim,
  type ClaimGroup,
  type ClaimKey,
  claimKeyText,
  claimsOf,
  isContested,
  type KeyedClaim,
  ownerOf,
  regroup,
} from "../../crdt/claim.ts";
import { claimConflict } from "../../crdt/claim-conflicts.ts";
import { type Conflict, canonicalConflict, conflictScope } from "../../crdt/conflict.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { memberDigest } from "../../crdt/set-digest.ts";
import type { PlayerRow } from "../storage/player-row.ts";
import { missingClaim, type PlanContext } from "./plan-context.ts";

interface Book {
  readonly before: ClaimGroup;
  now: ClaimGroup;
  /** Nobody was asked: the commit has to make sure that the group is new. */
  readonly presumed: boolean;
}

/** What of a batch concerns claims. */
export interface ClaimChanges {
  readonly claims: readonly ClaimGroup[];
  readonly newClaims: ReadonlySet<ClaimGroup>;
  readonly conflictScopes: readonly string[];
  readonly conflicts: readonly Conflict[];
  /** Members that leave or enter the state digest. */
  readonly toggles: readonly Uint8Array[];
}

export class ClaimBook {
  readonly #context: Pick<PlanContext, "claims" | "presumeFree">;
  readonly #books = new Map<string, Book>();

  constructor(context: Pick<PlanContext, "claims" | "presumeFree">) {
    this.#context = context;
  }

  /**
   * Of a key that was not asked for, nobody, unless `certain` is wanted. Whoever is told so by presumption claims
   * it, and the commit makes sure.
   * @throws MissingContextError
   */
  ownerOf(key: ClaimKey, { certain }: { readonly certain: boolean }): DocumentId | undefined {
    const book = this.#book(key);
    if (certain && book.presumed && book.now === book.before) throw missingClaim(key);
    return ownerOf(book.now);
  }

  /** All live claims on it, the owner's first (CLM1). @throws MissingContextError */
  claimsOn(key: ClaimKey): readonly Claim[] {
    return this.#book(key).now.claims;
  }

  /** Whether others claim it beside its owner (CLM1). @throws MissingContextError */
  isContested(key: ClaimKey): boolean {
    return isContested(this.#book(key).now);
  }

  /** Undefined where it is not known here who owns it, null where nobody does. */
  knownOwnerOf({ kind, key }: ClaimKey): DocumentId | null | undefined {
    const text = claimKeyText(kind, key);
    const book = this.#books.get(text);
    const group = book?.now ?? this.#context.claims.get(text);
    return group && (ownerOf(group) ?? null);
  }

  /** A player's claims as they are from now on. @throws MissingContextError */
  replace(before: PlayerRow | undefined, after: PlayerRow | undefined): void {
    if (before?.player === after?.player && before?.survivorId === after?.survivorId) return;
    const held = claimsByKey(before);
    const made = claimsByKey(after);
    for (const [text, { kind, key, claim }] of held) {
      if (!made.has(text)) this.#regroup({ kind, key }, claim.playerId, undefined);
    }
    for (const [text, { kind, key, claim }] of made) {
      const was = held.get(text)?.claim;
      if (!was || !isSameClaim(was, claim)) this.#regroup({ kind, key }, claim.playerId, claim);
    }
  }

  changes(): ClaimChanges {
    const claims: ClaimGroup[] = [];
    const newClaims = new Set<ClaimGroup>();
    const conflictScopes: string[] = [];
    const conflicts: Conflict[] = [];
    const toggles: Uint8Array[] = [];
    for (const { before, now, presumed } of this.#books.values()) {
      if (now === before) continue;
      claims.push(now);
      if (presumed) newClaims.add(now);
      const was = claimConflict(before);
      const is = claimConflict(now);
      if (was || is) conflictScopes.push(conflictScope(now.kind, now.key));
      if (was) toggles.push(memberDigest(canonicalConflict(was)));
      if (is) toggles.push(memberDigest(canonicalConflict(is)));
      if (is) conflicts.push(is);
    }
    return { claims, newClaims, conflictScopes, conflicts, toggles };
  }

  #regroup(key: ClaimKey, playerId: DocumentId, claim: Claim | undefined): void {
    const book = this.#book(key);
    // The commit makes sure of claims that are made, not of one that is given up again before it.
    if (claim === undefined && book.presumed) throw missingClaim(key);
    book.now = regroup(book.now, playerId, claim);
  }

  #book(key: ClaimKey): Book {
    const text = claimKeyText(key.kind, key.key);
    let book = this.#books.get(text);
    if (!book) {
      const stored = this.#context.claims.get(text);
      if (!stored && !this.#context.presumeFree) throw missingClaim(key);
      const before = stored ?? { kind: key.kind, key: key.key, claims: [] };
      book = { before, now: before, presumed: !stored };
      this.#books.set(text, book);
    }
    return book;
  }
}

function claimsByKey(row: PlayerRow | undefined): Map<string, KeyedClaim> {
  const claims = row ? claimsOf(row.player, row.survivorId) : [];
  return new Map(claims.map((keyed) => [claimKeyText(keyed.kind, keyed.key), keyed]));
}

function isSameClaim(a: Claim, b: Claim): boolean {
  return a.stamp === b.stamp && a.holderId === b.holderId && a.value === b.value && a.origin === b.origin;
}
