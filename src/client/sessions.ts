/** Sessions: what proves who the player is, from any server to any server. */
import type { PlayerAnswer } from "../http/contract/player.ts";
import type { ApiCaller, CallOptions } from "./api-caller.ts";
import type { HttpAnswer } from "./attempt.ts";
import { UnexpectedAnswerError } from "./errors.ts";
import { type Session, sessionOf } from "./session.ts";
import type { GrantedSession, SessionKeeper } from "./session-keeper.ts";

export class Sessions {
  readonly #api: ApiCaller;
  readonly #keeper: SessionKeeper;
  /** False for a client that acts with a token of its own. */
  readonly areInUse: boolean;

  constructor(api: ApiCaller, keeper: SessionKeeper, areInUse: boolean) {
    this.#api = api;
    this.#keeper = keeper;
    this.areInUse = areInUse;
  }

  /** The one in use. */
  get current(): Session | undefined {
    return this.#keeper.session;
  }

  /** Signs a player in by an identity. @throws ProblemError `unauthorized` */
  async start(
    identity: { readonly provider: string; readonly subject: string },
    options: CallOptions = {},
  ): Promise<{ readonly player: PlayerAnswer; readonly session: Session }> {
    const answer = await requestSession(this.#api, { identity }, options);
    const grant = granted(answer);
    if (this.areInUse) this.#keeper.start(grant);
    const { player } = answer.body as { readonly player: PlayerAnswer };
    return { player, session: grant.session };
  }

  /** Goes on with a session that was stored. */
  use(session: Session): void {
    this.#keeper.start({ session });
  }

  /** Forgets the session on this side; servers keep none that could be ended. */
  end(): void {
    this.#keeper.end();
  }

  /** The session that came with an answer, which is used from then on. */
  adopt(answer: HttpAnswer): Session | undefined {
    const session = sessionIn(answer);
    if (session !== undefined && this.areInUse) {
      this.#keeper.start({ session, date: answer.headers.get("date") });
    }
    return session;
  }
}

/** For the keeper. @throws UnexpectedAnswerError and as every call */
export async function refreshSession(api: ApiCaller, refreshToken: string): Promise<GrantedSession> {
  return granted(await requestSession(api, { refreshToken }));
}

function requestSession(api: ApiCaller, body: object, options: CallOptions = {}): Promise<HttpAnswer> {
  return api.answer({ ...options, method: "POST", path: ["v1", "sessions"], body, as: "nobody" });
}

function granted(answer: HttpAnswer): GrantedSession {
  const session = sessionIn(answer);
  if (session === undefined) throw new UnexpectedAnswerError(answer.server, answer.status, "no session");
  return { session, date: answer.headers.get("date") };
}

function sessionIn({ body }: HttpAnswer): Session | undefined {
  return sessionOf((body as { readonly session?: unknown } | undefined)?.session);
}
