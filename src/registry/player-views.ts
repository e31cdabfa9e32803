/** Players as this server sees them at this moment (PLY3, CLM1, CLM2). */
import { handleOf } from "../../crdt/handle.ts";
import type { DocumentId, Identity } from "../../crdt/ids.ts";
import type { Match } from "../../crdt/match.ts";
import type { LateSeat } from "../../crdt/match-seats.ts";
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
    return {
      ...view,
      identities: distinct([...view.identities, ...group.flatMap(({ identities }) => identities)]),
      notices: [...view.notices, ...items.flatMap(({ match }) => seatNotices(match, playerIds))],
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

/** Of a match that is under way: that a person who joined it has no seat in it. */
function seatNotices({ id, state, seats, lateSeats }: Match, playerIds: readonly DocumentId[]): Notice[] {
  if (state !== "open" && state !== "running") return [];
  const isTheirs = ({ playerId }: LateSeat): boolean => playerIds.includes(playerId);
  if (seats.some((seat) => isTheirs(seat) && seat.status === "overflow")) {
    const detail = "all seats of this match were taken earlier; join another one";
    return [{ code: "seat-overflow", detail, matchId: id }];
  }
  if (!seats.some(isTheirs) && lateSeats.some(isTheirs)) {
    const detail = "this match had started before the seat was taken; join another one";
    return [{ code: "seat-late", detail, matchId: id }];
  }
  return [];
}
