/**
 * Players that were declared to be one person (CLM4). A merge is an edge between two players, recorded with the
 * greater id; those whom edges join, over any number of steps, are a group, and the least id of it survives.
 *
 * Edges are only ever added and have no order, so merges commute; whatever circles they close, a group has one
 * least id. An erased player still joins those who were merged with it, and does not survive them.
 */
import type { DocumentId } from "./ids.ts";
import type { Player } from "./player.ts";

/**
 * The survivor of each player: the least of its group that is not erased, or itself where all of them are. Players
 * who are only named in a merge are in the answer too: an edge can come before the player it leads to.
 */
export function survivorsOf(
  players: Iterable<Pick<Player, "id" | "mergedWith">>,
  erased: ReadonlySet<DocumentId> = new Set(),
): Map<DocumentId, DocumentId> {
  const lesser: Lesser = new Map();
  for (const { id, mergedWith } of players) {
    leastOf(lesser, id);
    for (const other of mergedWith) join(lesser, id, other);
  }
  const survivors = new Map<DocumentId, DocumentId>();
  for (const id of [...lesser.keys()].sort()) {
    const group = leastOf(lesser, id);
    if (!erased.has(id) && !survivors.has(group)) survivors.set(group, id);
  }
  return new Map([...lesser.keys()].map((id) => [id, survivors.get(leastOf(lesser, id)) ?? id]));
}

/** Of each player one with a lesser id in its group, or itself while it is the least. */
type Lesser = Map<DocumentId, DocumentId>;

/** Goes down to the least, and halves the way there for those who come next. */
function leastOf(lesser: Lesser, id: DocumentId): DocumentId {
  const below = (player: DocumentId): DocumentId => lesser.get(player) ?? player;
  let at = id;
  while (below(at) !== at) {
    lesser.set(at, below(below(at)));
    at = below(at);
  }
  lesser.set(at, at);
  return at;
}

function join(lesser: Lesser, one: DocumentId, other: DocumentId): void {
  const [a, b] = [leastOf(lesser, one), leastOf(lesser, other)];
  if (a < b) lesser.set(b, a);
  else lesser.set(a, b);
}
