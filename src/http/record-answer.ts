/** What the answers about a record have in common: its entity tag, and where a write stands in the log. */
import type { ChangeHash } from "../../crdt/change.ts";
import { formatPosition, type Position } from "../../crdt/position.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { entityTag, matchesWeakly } from "./entity-tag.ts";

/** A record that was read; 304 when it is as `If-None-Match` says. */
export function readAnswer(heads: readonly ChangeHash[], known: string | undefined, value: object): Answer {
  const tag = entityTag(heads);
  if (known !== undefined && matchesWeakly(known, tag)) return { status: 304, headers: { ETag: tag } };
  return jsonAnswer(200, value, { ETag: tag });
}

export function positionHeader(position: Position): { [name: string]: string } {
  return { "Rollcall-Position": formatPosition(position) };
}

/** Of a write. */
export function writtenHeaders(written: {
  readonly heads: readonly ChangeHash[];
  readonly position: Position;
}): { [name: string]: string } {
  return { ETag: entityTag(written.heads), ...positionHeader(written.position) };
}
