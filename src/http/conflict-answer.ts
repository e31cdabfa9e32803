/** A conflict as operators see it (HIS2). */
import type { Conflict } from "../../crdt/conflict.ts";
import { wordsOf } from "../../crdt/conflict-words.ts";
import type { Origin } from "../../crdt/position.ts";
import type { ConflictAnswer } from "./contract/conflict.ts";
import { stampTimeText } from "./time-text.ts";

/** The server that an origin is an incarnation of; undefined while that is not known here. */
export type ServerOf = (origin: Origin) => string | undefined;

export function conflictAnswer(conflict: Conflict, serverOf: ServerOf): ConflictAnswer {
  const { id, documentId, kind, path, candidates, winner, rule } = conflict;
  return {
    id,
    documentId,
    kind,
    ...(path !== null && { path }),
    candidates: candidates.map(({ value, change, playerId, origin, stamp }) => ({
      value,
      ...(change !== undefined && { change }),
      ...(playerId !== undefined && { playerId }),
      server: serverOf(origin) ?? null,
      at: stampTimeText(stamp),
    })),
    winner,
    rule,
    words: wordsOf(conflict, (origin) => serverOf(origin) ?? "an unknown server"),
  };
}
