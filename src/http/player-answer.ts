/** A player as a caller may see it. */
import type { Ban } from "../../crdt/bans.ts";
import type { PlayerView } from "../registry/views.ts";
import type { BanAnswer } from "./contract/ban.ts";
import type { PlayerAnswer } from "./contract/player.ts";
import { timeText } from "./time-text.ts";

/** Public fields only, but for those who see the whole of it (`seesWhole`). */
export function playerAnswer(view: PlayerView, whole: boolean): PlayerAnswer {
  return whole ? wholePlayerAnswer(view) : publicPlayerAnswer(view);
}

/** With identities and notices. */
export function wholePlayerAnswer(view: PlayerView): PlayerAnswer {
  const { identities, notices } = view;
  return {
    ...publicPlayerAnswer(view),
    identities: identities.map(({ provider, subject }) => ({ provider, subject })),
    notices: notices.map((notice) => ({ ...notice })),
  };
}

function publicPlayerAnswer({ player, usernameStatus, handle, status }: PlayerView): PlayerAnswer {
  const { id, username, displayName, region, platform, metadata, homeServer } = player;
  return {
    id,
    username,
    usernameStatus,
    handle,
    displayName,
    region,
    platform,
    status,
    metadata,
    createdAt: timeText(player.createdAtMs),
    homeServer,
  };
}

export function banAnswer({ id, reason, by, fromMs, untilMs, lifted }: Ban): BanAnswer {
  return {
    id,
    reason,
    by,
    from: timeText(fromMs),
    until: untilMs === null ? null : timeText(untilMs),
    lifted,
  };
}
