/** Players: register, read, list, edit, link, erase, export; bans. */
import type { z } from "zod";
import type { BanAnswer, newBan } from "../http/contract/ban.ts";
import type { RatingsAnswer } from "../http/contract/board.ts";
import type { ExportAnswer } from "../http/contract/export.ts";
import type { MatchAnswer, MatchPageAnswer } from "../http/contract/match.ts";
import type {
  ErasedAnswer,
  newPlayer,
  PlayerAnswer,
  PlayerPageAnswer,
  playerPatch,
} from "../http/contract/player.ts";
import type { ApiCaller, CallOptions, CreateOptions, WriteOptions } from "./api-caller.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";
import { itemsOf, type PageQuery } from "./pages.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

export type Player = PlayerAnswer;
export type NewPlayer = z.input<typeof newPlayer>;
/** A JSON merge patch (RFC 7396): null unsets a field or a key of the metadata. */
export type PlayerPatch = z.input<typeof playerPatch>;
export type NewBan = z.input<typeof newBan>;
/** An account at a platform. */
export type Identity = NonNullable<NewPlayer["identity"]>;

export interface Registered {
  readonly player: Player;
  /**
   * False: this identity or key had a player, whose unset fields were filled. That player may come from an earlier
   * attempt of the same call, whose answer was lost.
   */
  readonly isNew: boolean;
  /** Undefined from a server that gives none. */
  readonly session: Session | undefined;
}

export interface PlayerQuery extends PageQuery {
  readonly username?: string | undefined;
  /** Of usernames; the list is then by name. */
  readonly prefix?: string | undefined;
  readonly region?: string | undefined;
  readonly platform?: string | undefined;
  readonly status?: Player["status"] | undefined;
}

export interface EditOptions extends WriteOptions {
  /**
   * The `ETag` of what the edit is based on; `precondition-failed` when the player has changed since. Of an edit that
   * had to be repeated (`afterUnknownOutcome`) the change may be its own.
   */
  readonly ifMatch?: string | undefined;
}

export class Players {
  readonly #api: ApiCaller;
  readonly #sessions: Sessions;

  constructor(api: ApiCaller, sessions: Sessions) {
    this.#api = api;
    this.#sessions = sessions;
  }

  /** The session that comes with it is used from then on, unless the client acts with a token of its own. */
  async register(player: NewPlayer = {}, options: CreateOptions = {}): Promise<Registered> {
    const { idempotencyKey = newIdempotencyKey(), ...rest } = options;
    const answer = await this.#api.answer({
      ...rest,
      method: "POST",
      path: ["v1", "players"],
      body: player,
      headers: { "idempotency-key": idempotencyKey },
      as: this.#sessions.areInUse ? "nobody" : "caller",
    });
    const { player: registered } = answer.body as { readonly player: Player };
    return { player: registered, isNew: answer.status === 201, session: this.#sessions.adopt(answer) };
  }

  /** One who was merged into another answers with that one. @throws ProblemError `player-not-found`, `player-erased` */
  get(id: string, options: CallOptions = {}): Promise<Player> {
    return this.#api.call({ ...options, method: "GET", path: ["v1", "players", id] });
  }

  list(query: PlayerQuery = {}, options: CallOptions = {}): Promise<PlayerPageAnswer> {
    return this.#api.call({ ...options, method: "GET", path: ["v1", "players"], query: { ...query } });
  }

  /** Every player that the filters fit, page after page. */
  all(query: PlayerQuery = {}, options: CallOptions = {}): AsyncGenerator<Player, void, undefined> {
    return itemsOf((page: PlayerQuery) => this.list(page, options), query);
  }

  /** Fields that are not named stay as they are. @throws ProblemError `name-taken`, `metadata-full`, … */
  edit(id: string, patch: PlayerPatch, { ifMatch, ...options }: EditOptions = {}): Promise<Player> {
    return this.#api.call({
      ...options,
      method: "PATCH",
      path: ["v1", "players", id],
      body: patch,
      contentType: "application/merge-patch+json",
      headers: { "if-match": ifMatch },
    });
  }

  /** @throws ProblemError `identity-taken` */
  linkIdentity(id: string, identity: Identity, options: WriteOptions = {}): Promise<Player> {
    return this.#api.call({ ...options, method: "PUT", path: identityPath(id, identity) });
  }

  unlinkIdentity(id: string, identity: Identity, options: WriteOptions = {}): Promise<Player> {
    return this.#api.call({ ...options, method: "DELETE", path: identityPath(id, identity) });
  }

  /** Everywhere and for ever. */
  erase(id: string, options: WriteOptions = {}): Promise<ErasedAnswer> {
    return this.#api.call({ ...options, method: "DELETE", path: ["v1", "players", id] });
  }

  /** Everything that is held on a player, with its history. */
  export(id: string, options: CallOptions = {}): Promise<ExportAnswer> {
    return this.#api.call({ ...options, method: "GET", path: ["v1", "players", id, "export"] });
  }

  ratings(id: string, options: CallOptions = {}): Promise<RatingsAnswer> {
    return this.#api.call({ ...options, method: "GET", path: ["v1", "players", id, "ratings"] });
  }

  /** Those that the player hosts or ever joined, also those that it left, newest first. */
  matches(id: string, page: PageQuery = {}, options: CallOptions = {}): Promise<MatchPageAnswer> {
    const path = ["v1", "players", id, "matches"];
    return this.#api.call({ ...options, method: "GET", path, query: { ...page } });
  }

  allMatches(
    id: string,
    query: PageQuery = {},
    options: CallOptions = {},
  ): AsyncGenerator<MatchAnswer, void, undefined> {
    return itemsOf((page: PageQuery) => this.matches(id, page, options), query);
  }

  /** For trusted back ends. Bans stand beside each other; the same key makes the same one. */
  ban(id: string, ban: NewBan, options: CreateOptions = {}): Promise<BanAnswer> {
    const { idempotencyKey = newIdempotencyKey(), ...rest } = options;
    return this.#api.call({
      ...rest,
      method: "POST",
      path: ["v1", "players", id, "bans"],
      body: ban,
      headers: { "idempotency-key": idempotencyKey },
    });
  }

  /** Others stay in force. */
  liftBan(id: string, banId: string, options: WriteOptions = {}): Promise<Player> {
    return this.#api.call({ ...options, method: "DELETE", path: ["v1", "players", id, "bans", banId] });
  }
}

function identityPath(id: string, { provider, subject }: Identity): string[] {
  return ["v1", "players", id, "identities", provider, subject];
}
