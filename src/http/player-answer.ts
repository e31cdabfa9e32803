/** A player as a caller may see it. */
import type { Player } from "../../crdt/player.ts";
import type { Caller } from "./access.ts";
import type { PlayerAnswer } from "./contract/player.ts";

/** Of ECMAScript's dates; a peer can write any number. */
const TIME_MS_MAX = 8.64e15;

export function playerAnswer(player: Player, caller: Caller): PlayerAnswer {
  const { id, username, displayName, region, platform, status, metadata, homeServer } = player;
  const open: PlayerAnswer = {
    id,
    username,
    usernameStatus: username === null ? "none" : "provisional",
    handle: username,
    displayName,
    region,
    platform,
    status,
    metadata,
    createdAt: formatTime(player.createdAtMs),
    homeServer,
  };
  return caller === "key" ? { ...open, identities: [...player.identities], notices: [] } : open;
}

function formatTime(ms: number): string {
  return new Date(Math.min(Math.max(ms, -TIME_MS_MAX), TIME_MS_MAX)).toISOString();
}
