/**
 * What follows from the documents of a batch for everything else: owners of names and identities, survivors of
 * merges, conflicts, where ratings have to be folded again from, and what all of it does to the state digest.
 */
import type { Conflict } from "../../crdt/conflict.ts";
import { conflictScope } from "../../crdt/conflict.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import { matchConflicts } from "../../crdt/match-conflicts.ts";
import type { Player } from "../../crdt/player.ts";
import type { Position } from "../../crdt/position.ts";
import type { Batch, DocumentRow } from "../storage/log-store.ts";
import type { PlayerRow } from "../storage/player-row.ts";
import type { RatingMark } from "../storage/rating-store.ts";
import type { ClaimBook } from "./claim-book.ts";
import { mergeChanges, type PlayerChange } from "./merge-book.ts";
import type { MergeGroups } from "./plan-context.ts";
import type { TouchedDocument } from "./touched-document.ts";

export type Derived = Pick<
  Batch,
  | "documents"
  | "players"
  | "matches"
  | "claims"
  | "newClaims"
  | "conflicts"
  | "conflictScopes"
  | "erased"
  | "ratingMarks"
> & {
  /** Members that leave or enter the state digest beside those of documents. */
  readonly toggles: readonly Uint8Array[];
};

export interface DerivationInput {
  readonly touched: Iterable<TouchedDocument>;
  readonly claims: ClaimBook;
  readonly mergeGroups: MergeGroups;
  /** Up to where the entries of the origin that wrote it are held. */
  readonly positionOf: (origin: string) => Position;
}

/** @throws MissingContextError when something stored is needed that was not loaded */
export function derive({ touched, claims, mergeGroups, positionOf }: DerivationInput): Derived {
  const documents: DocumentRow[] = [];
  const matches: Match[] = [];
  const conflicts: Conflict[] = [];
  const conflictScopes: string[] = [];
  const erased: DocumentId[] = [];
  const ratingMarks: RatingMark[] = [];
  const playerChanges = new Map<DocumentId, PlayerChange>();

  for (const document of touched) {
    if (!document.changed) continue;
    const { row, fieldConflicts } = document.result();
    documents.push(row);
    if (fieldConflicts) {
      conflictScopes.push(conflictScope("field", document.id));
      conflicts.push(...fieldConflicts);
    }
    if (row.erased) erased.push(document.id);
    const current = document.current();
    if (document.kind === "player") {
      const after = current?.kind === "player" ? current.player : undefined;
      const { id, stored } = document;
      const { claimedAs } = document;
      const isStored = stored.row !== undefined;
      playerChanges.set(id, { id, isStored, before: stored.player, after, claimedAs, erased: row.erased });
    } else {
      const was = document.matchBefore();
      const is = current?.kind === "match" ? current.match : undefined;
      if (is) matches.push(is);
      const found = is ? matchConflicts(is) : [];
      if (found.length > 0 || (was && matchConflicts(was).length > 0)) {
        conflictScopes.push(conflictScope("match", document.id));
        conflicts.push(...found);
      }
      ratingMarks.push(...marksOf(was, is));
    }
  }

  const { survivors, bannedUntilMs, countedForAnother, awaited } = mergeChanges(playerChanges, mergeGroups);
  for (const id of awaited) documents.push(awaitedRow(id));
  const players: PlayerRow[] = [];
  for (const { id, before, after, claimedAs } of playerChanges.values()) {
    const row = after && {
      player: after,
      survivorId: survivors.get(id) ?? before?.survivorId ?? id,
      bannedUntilMs: bannedUntilMs.has(id)
        ? (bannedUntilMs.get(id) ?? null)
        : (before?.bannedUntilMs ?? null),
      usernamePosition: usernamePosition(after, before, positionOf),
    };
    if (row) players.push(row);
    claims.replace(claimedAs, row);
  }
  for (const [id, survivorId] of survivors) {
    const before = mergeGroups.rows.get(id);
    if (!before || playerChanges.has(id)) continue;
    const untilMs = bannedUntilMs.get(id) ?? null;
    if (before.survivorId === survivorId && before.bannedUntilMs === untilMs) continue;
    const row = { ...before, survivorId, bannedUntilMs: untilMs };
    players.push(row);
    claims.replace(before, row);
  }
  for (const id of countedForAnother) ratingMarks.push(...(mergeGroups.firstMatches.get(id) ?? []));

  const claimed = claims.changes();
  return {
    documents,
    players,
    matches,
    claims: claimed.claims,
    newClaims: claimed.newClaims,
    conflicts: [...conflicts, ...claimed.conflicts],
    conflictScopes: [...conflictScopes, ...claimed.conflictScopes],
    erased,
    ratingMarks,
    toggles: claimed.toggles,
  };
}

/** Where a claim is new, whoever holds what is held here by now has it. */
function usernamePosition(
  { usernameClaim: claim }: Player,
  before: PlayerRow | undefined,
  positionOf: DerivationInput["positionOf"],
): Position | null {
  if (!claim) return null;
  const was = before?.player.usernameClaim;
  const isSame = was?.stamp === claim.stamp && was.origin === claim.origin;
  return (isSame ? before?.usernamePosition : null) ?? positionOf(claim.origin);
}

/** RAT1: where a match that counts, counted, or counts otherwise now, stands in its mode. */
function marksOf(before: Match | undefined, after: Match | undefined): RatingMark[] {
  const was = before && countedAs(before);
  const is = after && countedAs(after);
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  return [was, is].flatMap((counted) => (counted ? [counted.mark] : []));
}

function countedAs({ id, mode, state, result, finishedAt }: Match) {
  if (state !== "finished" || result.status !== "settled" || finishedAt === null) return undefined;
  return { mark: { mode, finishedAt, matchId: id }, ranks: result.ranks };
}

/** The row of a player whom others were merged with before anything was heard of it. */
function awaitedRow(id: DocumentId): DocumentRow {
  return { id, kind: "player", heads: [], stateDigest: null, fieldConflictsDigest: null, erased: false };
}
