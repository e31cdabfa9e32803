/**
 * The names and identities that tasks give up, take or ask for, as far as that can be told before they are planned:
 * what is named here is asked for at once, what a plan comes upon beside it costs another plan.
 */
import { type ClaimKey, claimsOf } from "../../crdt/claim.ts";
import { stateOntoFirst } from "../../crdt/first-change.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { isStorableIdentity, PLAYER_FIRST_CHANGE, projectPlayer } from "../../crdt/player.ts";
import { type RegisterWrite, registerWritesReader } from "../../crdt/register-writes.ts";
import { normaliseUsername } from "../../crdt/username-claim.ts";
import type { PlayerRow } from "../storage/player-row.ts";
import type { EditTask, ReceivedEntry, Task } from "./task.ts";

/** A player as it is stored; undefined for one that is unknown here, or presumed to be. */
export type PlayerOf = (id: DocumentId) => PlayerRow | undefined;

const writesOf = registerWritesReader(PLAYER_FIRST_CHANGE);

/** @param presumeFree What players claim who are unknown here is taken to be free, and left out. */
export function* claimsOfTasks(
  tasks: readonly Task[],
  presumeFree: boolean,
  playerOf: PlayerOf,
): Iterable<ClaimKey> {
  for (const task of tasks) {
    if (task.kind === "edit") yield* claimsOfEdit(task, presumeFree, playerOf);
    if (task.kind === "erase") yield* heldBy(playerOf(task.documentId));
    if (task.kind !== "receive") continue;
    for (const received of task.entries) yield* claimsOfEntry(received, presumeFree, playerOf);
  }
}

function* claimsOfEdit(
  { documentId, claims }: EditTask,
  presumeFree: boolean,
  playerOf: PlayerOf,
): Iterable<ClaimKey> {
  const player = playerOf(documentId);
  if (claims.length === 0 || (presumeFree && !player)) return;
  yield* claims;
  yield* heldBy(player);
}

function* claimsOfEntry(
  { entry: { documentId }, content }: ReceivedEntry,
  presumeFree: boolean,
  playerOf: PlayerOf,
): Iterable<ClaimKey> {
  if (documentId === null) return;
  const player = playerOf(documentId);
  if (content.type === "erasure") yield* heldBy(player);
  if (content.type !== "change" || content.documentKind !== "player") return;
  if (player) {
    const writes = writesOf(content.change).filter(isOfClaim);
    if (writes.length > 0) yield* heldBy(player);
    for (const write of writes) yield* claimedBy(write);
  } else if (!presumeFree) {
    const state = stateOntoFirst(PLAYER_FIRST_CHANGE, content.change);
    if (state) yield* claimsOf(projectPlayer(documentId, state), documentId);
  }
}

function heldBy(row: PlayerRow | undefined): readonly ClaimKey[] {
  return row ? claimsOf(row.player, row.survivorId) : [];
}

function isOfClaim({ map, key }: RegisterWrite): boolean {
  return map === "identities" || (map === null && key === "username");
}

function claimedBy({ map, key, value }: RegisterWrite): ClaimKey[] {
  if (map === "identities") return isStorableIdentity(key) ? [{ kind: "identity", key }] : [];
  return typeof value === "string" ? [{ kind: "username", key: normaliseUsername(value) }] : [];
}
