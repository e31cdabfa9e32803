/** A change as the history of a document and the export of a player answer it. */
import type { HistoryItem } from "../../crdt/history.ts";
import type { Position } from "../../crdt/position.ts";
import type { ServerOf } from "./conflict-answer.ts";
import type { ChangeAnswer } from "./contract/change.ts";
import { stampTimeText } from "./time-text.ts";

export function changeAnswer(
  { hash, parents, position, note, sets }: HistoryItem & { readonly position: Position },
  serverOf: ServerOf,
): ChangeAnswer {
  return {
    hash,
    parents: [...parents],
    server: serverOf(position.origin) ?? null,
    origin: position.origin,
    sequence: position.sequence,
    ...(note && { at: stampTimeText(note.stamp), reason: note.reason }),
    ...(note?.by !== undefined && { by: note.by }),
    sets: sets.map((set) => ({ ...set })),
  };
}
