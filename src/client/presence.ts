/** Presence: a player is there, for the lease of 30 s; to be said again before it ends, about every 10 s. */
import type { ApiCaller, CallOptions } from "./api-caller.ts";

export interface Announcement {
  /** Whom a trusted back end speaks for; with a session it is the session's player. */
  readonly playerId?: string | undefined;
  /** The match that the player is in. */
  readonly matchId?: string | undefined;
  /** Where others reach the player. */
  readonly address?: string | undefined;
}

export class Presence {
  readonly #api: ApiCaller;

  constructor(api: ApiCaller) {
    this.#api = api;
  }

  async announce(announcement: Announcement = {}, options: CallOptions = {}): Promise<void> {
    await this.#api.answer({ ...options, method: "PUT", path: ["v1", "presence"], body: announcement });
  }
}
