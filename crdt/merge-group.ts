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

/**
 * A group, sorted by how many merges away from one of it each player is, farthest first: until the last is gone,
 * those that are left are still joined to that one.
 */
export function farthestFirst(
  id: DocumentId,
  players: readonly Pick<Player, "id" | "mergedWith">[],
): DocumentId[] {
  const joined = new Map<DocumentId, DocumentId[]>();
  const join = (one: DocumentId, other: DocumentId) => {
    joined.set(one, [...(joined.get(one) ?? []), other]);
  };
  for (const { id: one, mergedWith } of players) {
    for (const other of mergedWith) {
      join(one, other);
      join(other, one);
    }
  }
  // What is added to a set while it is gone through is come to later.
  const reached = new Set([id]);
  for (const at of reached) for (const next of joined.get(at) ?? []) reached.add(next);
  const there = new Set(players.map((player) => player.id));
  return [...reached].filter((player) => there.has(player)).reverse();
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
