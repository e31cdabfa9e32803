/** Players as this server sees them at this moment (PLY3, CLM1, CLM2). */
import { handleOf } from "../../crdt/handle.ts";
import type { Identity } from "../../crdt/ids.ts";
import { identityKey } from "../../crdt/player.ts";
import { holds, type VersionVector } from "../../crdt/version-vector.ts";
import type { LogStore } from "../storage/log-store.ts";
import type { StoredPlayer } from "../storage/record-queries.ts";
import type { Notice, PlayerView, UsernameStatus } from "./views.ts";

export interface PlayerViewsOptions {
  readonly store: Pick<LogStore, "matchesOf" | "mergeGroup">;
  readonly nowMs: () => number;
  /** What every member was seen to hold. */
  readonly stable: () => VersionVector;
}

/** Of the player's latest matches, so many are looked at for a seat that was taken by somebody else. */
const MATCHES_LOOKED_AT = 20;

export class PlayerViews {
  readonly #options: PlayerViewsOptions;

  constructor(options: PlayerViewsOptions) {
    this.#options = options;
  }

  of(stored: StoredPlayer): PlayerView {
    const { player, heads, usernameOwnerId, bannedUntilMs: untilMs } = stored;
    const usernameStatus = this.#usernameStatus(stored);
    return {
      player,
      heads,
      status: untilMs !== null && untilMs > this.#options.nowMs() ? "banned" : "active",
      usernameStatus,
      handle: handleOf(player, usernameOwnerId ?? undefined),
      identities: player.identities,
      notices: usernameStatus === "lost" ? [nameLost(player.username ?? "")] : [],
    };
  }

  /** With what takes a look at other records: the identities of all it was merged with, and notices of their seats. */
  async whole(stored: StoredPlayer): Promise<PlayerView> {
    const view = this.of(stored);
    const { store } = this.#options;
    const group = (await store.mergeGroup([stored.player.id])).map(({ player }) => player);
    const playerIds = group.map(({ id }) => id);
    const { items } = await store.matchesOf({ playerIds, limit: MATCHES_LOOKED_AT });
    const overflows = items.filter(({ match: { state, seats } }) => {
      const isUnderWay = state === "open" || state === "running";
      return (
        isUnderWay && seats.some((seat) => playerIds.includes(seat.playerId) && seat.status === "overflow")
      );
    });
    return {
      ...view,
      identities: distinct([...view.identities, ...group.flatMap(({ identities }) => identities)]),
      notices: [...view.notices, ...overflows.map(({ match }) => overflow(match.id))],
    };
  }

  #usernameStatus({ player, usernameOwnerId, usernamePosition }: StoredPlayer): UsernameStatus {
    if (player.username === null) return "none";
    if (usernameOwnerId !== player.id) return "lost";
    const confirmed = usernamePosition !== null && holds(this.#options.stable(), usernamePosition);
    return confirmed ? "confirmed" : "provisional";
  }
}

/** Sorted. */
function distinct(identities: readonly Identity[]): Identity[] {
  const byKey = new Map(identities.map((identity) => [identityKey(identity), identity]));
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, identity]) => identity);
}

function nameLost(username: string): Notice {
  const detail = `the name ${username} belongs to another player, who claimed it first; choose another one`;
  return { code: "username-lost", detail };
}

function overflow(matchId: string): Notice {
  const detail = "all seats of this match were taken earlier; join another one";
  return { code: "seat-overflow", detail, matchId };
}
