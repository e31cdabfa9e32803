/** The calls that scenarios and traffic make at one server, as a back end that may act for any player. */
import type { History } from "../history.ts";
import type { Server } from "../world/world.ts";
import { type CallAnswer, type CallOptions, call } from "./call.ts";

export interface Account {
  readonly provider: string;
  readonly subject: string;
}

export interface NewPlayer {
  readonly username?: string;
  readonly displayName?: string;
  readonly region?: string;
  readonly identity?: Account;
  readonly metadata?: Readonly<Record<string, string | number>>;
}

export interface PlayerPatch {
  readonly username?: string | null;
  readonly displayName?: string | null;
  readonly region?: string | null;
  readonly metadata?: Readonly<Record<string, string | number | null>>;
}

export interface NewMatch {
  readonly mode: string;
  readonly capacity: number;
  readonly hostId?: string;
  readonly metadata?: Readonly<Record<string, string | number>>;
}

/** By player id; 1 is best. */
export type Ranks = Readonly<Record<string, number>>;

export interface CallerParts {
  readonly history: History;
  readonly server: Server;
  readonly apiKey: string;
  readonly opsToken: string;
  /** One that no other write of the run has. */
  readonly newMark: () => string;
}

type Call = Omit<CallOptions, "server" | "token">;

export class Caller {
  readonly #parts: CallerParts;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /** Every registration says something of its own, in its metadata. */
  register({ metadata, ...fields }: NewPlayer): Promise<CallAnswer> {
    const mark = this.#parts.newMark();
    const body = { ...fields, metadata: { ...metadata, [mark]: mark } };
    return this.#asKey({ what: "register", method: "POST", path: "/v1/players", body, mark });
  }

  /** A patch as it is given. */
  edit(playerId: string, patch: PlayerPatch): Promise<CallAnswer> {
    return this.#asKey({ what: "edit", method: "PATCH", path: `/v1/players/${playerId}`, body: patch });
  }

  /** An edit that says something of its own: the display name. */
  markPlayer(playerId: string): Promise<CallAnswer> {
    const mark = this.#parts.newMark();
    const body = { displayName: mark };
    return this.#asKey({ what: "edit", method: "PATCH", path: `/v1/players/${playerId}`, body, mark });
  }

  /** An account that a player has at a platform. */
  link(playerId: string, account: Account): Promise<CallAnswer> {
    return this.#asKey({ what: "link account", method: "PUT", path: accountPath(playerId, account) });
  }

  unlink(playerId: string, account: Account): Promise<CallAnswer> {
    return this.#asKey({ what: "unlink account", method: "DELETE", path: accountPath(playerId, account) });
  }

  erase(playerId: string): Promise<CallAnswer> {
    return this.#asKey({ what: "erase", method: "DELETE", path: `/v1/players/${playerId}` });
  }

  createMatch({ metadata, ...fields }: NewMatch): Promise<CallAnswer> {
    const mark = this.#parts.newMark();
    const body = { ...fields, metadata: { ...metadata, [mark]: mark } };
    return this.#asKey({ what: "create match", method: "POST", path: "/v1/matches", body, mark });
  }

  join(matchId: string, playerId: string): Promise<CallAnswer> {
    const path = `/v1/matches/${matchId}/players/${playerId}`;
    return this.#asKey({ what: "join match", method: "PUT", path });
  }

  leave(matchId: string, playerId: string): Promise<CallAnswer> {
    const path = `/v1/matches/${matchId}/players/${playerId}`;
    return this.#asKey({ what: "leave match", method: "DELETE", path });
  }

  startMatch(matchId: string): Promise<CallAnswer> {
    return this.#asKey({ what: "start match", method: "POST", path: `/v1/matches/${matchId}/start` });
  }

  cancelMatch(matchId: string): Promise<CallAnswer> {
    return this.#asKey({ what: "cancel match", method: "POST", path: `/v1/matches/${matchId}/cancel` });
  }

  report(matchId: string, playerId: string, ranks: Ranks): Promise<CallAnswer> {
    const path = `/v1/matches/${matchId}/reports/${playerId}`;
    return this.#asKey({ what: "report", method: "PUT", path, body: { ranks } });
  }

  settle(matchId: string, ranks: Ranks, reason: string): Promise<CallAnswer> {
    const path = `/v1/matches/${matchId}/settlement`;
    return this.#asOps({ what: "settle", method: "POST", path, body: { ranks, reason } });
  }

  ban(playerId: string): Promise<CallAnswer> {
    const mark = this.#parts.newMark();
    const path = `/v1/players/${playerId}/bans`;
    return this.#asKey({ what: "ban", method: "POST", path, body: { reason: mark }, mark });
  }

  merge(playerId: string, into: string): Promise<CallAnswer> {
    const path = `/v1/players/${playerId}/merge`;
    return this.#asOps({ what: "merge", method: "POST", path, body: { into } });
  }

  #asKey(asked: Call): Promise<CallAnswer> {
    const { history, server, apiKey } = this.#parts;
    return call(history, { ...asked, server, token: apiKey });
  }

  #asOps(asked: Call): Promise<CallAnswer> {
    const { history, server, opsToken } = this.#parts;
    return call(history, { ...asked, server, token: opsToken });
  }
}

function accountPath(playerId: string, { provider, subject }: Account): string {
  return `/v1/players/${playerId}/identities/${provider}/${subject}`;
}
