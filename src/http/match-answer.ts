/** A match as everybody sees it. */
import type { Match } from "../../crdt/match.ts";
import type { MatchView } from "../registry/views.ts";
import type { MatchAnswer } from "./contract/match.ts";
import { stampTimeText, timeText } from "./time-text.ts";

/** Optional fields that have no value are left out. */
export function matchAnswer({ match, address, ratedAs }: MatchView): MatchAnswer {
  return {
    ...matchRecordAnswer(match),
    ...(address !== null && { address }),
    ...(Object.keys(ratedAs).length > 0 && { ratedAs }),
  };
}

/** What the document alone says. */
export function matchRecordAnswer(match: Match): MatchAnswer {
  const { id, mode, region, capacity, state, hostId, address, metadata, seats, result, homeServer } = match;
  const { createdAtMs, startedAt, finishedAt } = match;
  return {
    id,
    mode,
    region,
    capacity,
    state,
    hostId,
    ...(address !== null && { address }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    players: seats.map(({ playerId, status, stamp }) => ({
      playerId,
      status,
      joinedAt: stampTimeText(stamp),
    })),
    result: { status: result.status, ...(result.ranks && { ranks: result.ranks }) },
    createdAt: timeText(createdAtMs),
    ...(startedAt !== null && { startedAt: stampTimeText(startedAt) }),
    ...(finishedAt !== null && { finishedAt: stampTimeText(finishedAt) }),
    homeServer,
  };
}
