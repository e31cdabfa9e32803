/** What the rules of matches had to choose among (HIS2): seats (MAT2) and results (MAT3). */
import {
  byStampAndSource,
  type Candidate,
  type Conflict,
  type ConflictKind,
  conflictId,
  conflictScope,
} from "./conflict.ts";
import type { Match } from "./match.ts";
import { formatRanking, type Ranks } from "./ranking.ts";

/** At most one of kind `seat` and one of kind `result`, in this order. */
export function matchConflicts(match: Match): Conflict[] {
  return [...seatConflicts(match), ...resultConflicts(match)];
}

/**
 * More players took a seat than there are, or some after a start that their server had not heard of: the candidates
 * are all who took one, the winner is the list of the seated.
 */
function seatConflicts(match: Match): Conflict[] {
  const { seats, lateSeats } = match;
  if (lateSeats.length === 0 && seats.every(({ status }) => status === "seated")) return [];
  const late = lateSeats.map((seat) => ({ ...seat, status: "late" }));
  const candidates = [...seats, ...late].map(({ status, playerId, origin, stamp }) => ({
    value: status,
    playerId,
    origin,
    stamp,
  }));
  const seated = seats.filter(({ status }) => status === "seated").map(({ playerId }) => playerId);
  return [{ ...headOf(match, "seat", candidates), winner: seated, rule: "MAT2" }];
}

/** Seated players report different outcomes, or operators settled on different ones. */
function resultConflicts(match: Match): Conflict[] {
  const { reports, settlements, result } = match;
  if (areEqual(reports) && areEqual(settlements)) return [];
  const candidates = [
    ...reports.map(({ ranks, playerId, origin, stamp }) => ({ value: ranks, playerId, origin, stamp })),
    ...settlements.map(({ ranks, origin, stamp }) => ({ value: ranks, origin, stamp })),
  ];
  return [{ ...headOf(match, "result", candidates), winner: result.ranks, rule: "MAT3" }];
}

function headOf(
  { id }: Match,
  kind: ConflictKind,
  candidates: Candidate[],
): Omit<Conflict, "winner" | "rule"> {
  const scope = conflictScope("match", id);
  return {
    id: conflictId(scope, kind),
    scope,
    kind,
    documentId: id,
    documentIds: [id],
    path: null,
    candidates: candidates.sort(byStampAndSource),
  };
}

function areEqual(opinions: readonly { readonly ranks: Ranks }[]): boolean {
  return new Set(opinions.map(({ ranks }) => formatRanking(ranks))).size <= 1;
}
