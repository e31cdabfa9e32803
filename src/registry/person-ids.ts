/** Players that were merged are one person (CLM4): under which ids it may be met. */
import type { DocumentId } from "../../crdt/ids.ts";
import type { LogStore } from "../storage/log-store.ts";

/** Of each of these players its own id, then those of all it was merged with, as far as is known here. */
export async function personIdsOf(
  store: Pick<LogStore, "mergeGroup">,
  ids: readonly DocumentId[],
): Promise<ReadonlyMap<DocumentId, readonly DocumentId[]>> {
  const group = ids.length === 0 ? [] : await store.mergeGroup([...new Set(ids)]);
  const survivors = new Map(group.map(({ player, survivorId }) => [player.id, survivorId]));
  const persons = new Map<DocumentId, DocumentId[]>();
  for (const [id, survivorId] of survivors) {
    persons.set(survivorId, [...(persons.get(survivorId) ?? []), id]);
  }
  return new Map(
    ids.map((id) => {
      const person = persons.get(survivors.get(id) ?? id) ?? [];
      return [id, [id, ...person.filter((other) => other !== id)]];
    }),
  );
}
