/** What the answers about a record have in common: its entity tag, and where a write stands in the log. */
import type { ChangeHash } from "../../crdt/change.ts";
import { formatPosition, type Position } from "../../crdt/position.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { entityTag } from "./entity-tag.ts";

/**
 * A record that was read. It is never answered with 304: the tag is of the record's own changes, and other records
 * and the time change what is shown of it as well (who owns its name, a ban that ends, where the host is).
 */
export function readAnswer(heads: readonly ChangeHash[], value: object): Answer {
  return jsonAnswer(200, value, { ETag: entityTag(heads) });
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
