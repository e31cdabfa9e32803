/**
 * What callers may do with one player, and see of it: self, key, ops. A route's access lets a kind of caller in;
 * here a player is held to what is its own. A token of a player who was merged into another is that one's (CLM4).
 */
import type { DocumentId } from "../../crdt/ids.ts";
import type { Players } from "../registry/players.ts";
import type { Caller } from "./access.ts";
import { ForbiddenError } from "./errors.ts";

type Survivors = Pick<Players, "survivorsOf">;

/** Callers other than players were let in, or not, by the route. @throws ForbiddenError */
export async function requireSelf(players: Survivors, caller: Caller, id: DocumentId | null): Promise<void> {
  if (caller.kind !== "player" || (id !== null && (await isSame(players, caller.id, id)))) return;
  throw new ForbiddenError("it is another player's; a player's token is good for its own");
}

/** Whether a caller sees what is not public of a player. */
export async function seesWhole(players: Survivors, caller: Caller, id: DocumentId): Promise<boolean> {
  switch (caller.kind) {
    case "key":
    case "ops":
      return true;
    case "player":
      return isSame(players, caller.id, id);
    case "open":
      return false;
  }
}

/** The same of many that are listed. */
export async function whoseWhole(players: Survivors, caller: Caller): Promise<(id: DocumentId) => boolean> {
  if (caller.kind !== "player") return () => caller.kind !== "open";
  const [survivorId] = await players.survivorsOf([caller.id]);
  return (id) => id === survivorId;
}

/** Asks for nothing where the ids are equal, as they nearly always are. */
async function isSame(players: Survivors, one: DocumentId, other: DocumentId): Promise<boolean> {
  if (one === other) return true;
  const [first, second] = await players.survivorsOf([one, other]);
  return first === second;
}
