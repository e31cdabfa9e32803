/** A change as listeners are told of it: where it stands, and nothing that the record says. */
import type { Origin } from "../../../crdt/position.ts";
import { formatPosition } from "../../../crdt/position.ts";
import type { CommittedChange } from "../../registry/committed-changes.ts";
import type { ChangeEvent } from "../contract/event.ts";

export function changeEvent(
  { kind, documentId, position, heads, erased }: CommittedChange,
  serverOf: (origin: Origin) => string | undefined,
): ChangeEvent {
  const server = serverOf(position.origin) ?? null;
  return { kind, documentId, position: formatPosition(position), server, heads: [...heads], erased };
}
