/**
 * Ratings: each board is the fold of its mode's matches from the beginning. Where matches came that are still to be
 * folded in, what stands behind the first of them, and whoever played since, is not judged.
 */
import type { DocumentId } from "../../../crdt/ids.ts";
import { ratingOf } from "../../../crdt/rating.ts";
import { comparePlaces, type RatingPlace } from "../../storage/rating-store.ts";
import type { BoardView, StoreView } from "../../storage/store-view.ts";
import { changesOf, FOLD_LIMITS, type RatedStep, RatingWalk } from "../rating-walk.ts";
import type { Fault, Inspection } from "./fault.ts";

const PAGE_LEADERS = 1_000;

/** @param counted The modes in which a match counts. */
export async function checkRatings(inspection: Inspection, counted: ReadonlySet<string>): Promise<void> {
  const folded = await inspection.look((view) => view.modes());
  for (const mode of new Set([...folded, ...counted])) {
    await inspection.look(async (view, found) => {
      await checkBoard(view, await view.board(mode), inspection, found);
    });
  }
}

async function checkBoard(
  view: StoreView,
  { fold, markedFrom }: BoardView,
  inspection: Inspection,
  found: (fault: Fault) => void,
): Promise<void> {
  const walk = new RatingWalk(fold, FOLD_LIMITS, inspection.signal);
  const moving = new Set<DocumentId>();
  const isMoving = (place: RatingPlace): boolean =>
    markedFrom !== null && comparePlaces(place, markedFrom) >= 0;
  for await (const steps of walk.steps()) {
    for (const step of steps) {
      if (isMoving(step.place)) for (const id of participantsIn(step)) moving.add(id);
      else if (changesOf(step).length > 0) {
        const documentId = step.place.matchId;
        found({
          kind: "rating",
          documentId,
          detail: "the skills that are kept after it are not what they come to",
        });
      }
    }
    await inspection.giveWay();
  }
  const wrong = (documentId: DocumentId): void => {
    const detail = "its row of a leaderboard is not the fold of its matches";
    if (!moving.has(documentId)) found({ kind: "rating", documentId, detail });
  };
  for await (const leaders of walk.leaders()) {
    for (const { playerId } of leaders) wrong(playerId);
    await inspection.giveWay();
  }
  for (let after: DocumentId | undefined; ; ) {
    const leaders = await view.leadersAfter(fold.mode, after, PAGE_LEADERS);
    for (const { playerId, skill, rating } of leaders) {
      if (!walk.hasMet(playerId) || rating !== ratingOf(skill)) wrong(playerId);
    }
    after = leaders.at(-1)?.playerId;
    if (after === undefined) return;
    await inspection.giveWay();
  }
}

function participantsIn({ after, rated }: RatedStep): Iterable<DocumentId> {
  return [...after.keys(), ...rated.keys()];
}
