/**
 * `rollcall/client`: what a game imports, in a browser or in Node.
 *
 * Give it the URLs of several servers. Each call goes to one that is well and near, moves on when that one fails,
 * and sees what this client wrote, wherever that was. It needs nothing but `fetch`.
 */
import { ApiCaller, type ApiRequest } from "./api-caller.ts";
import type { Fetch, HttpAnswer } from "./attempt.ts";
import { CallRunner, type OwnWrites, POSITION_WAIT_MS } from "./call-runner.ts";
import { InvalidArgumentError, type RollcallError } from "./errors.ts";
import { type EventOptions, type EventStreamParts, type ServerEvent, streamEvents } from "./event-stream.ts";
import { HedgeDelay } from "./hedge-delay.ts";
import { Leaderboards } from "./leaderboards.ts";
import { Matches } from "./matches.ts";
import { Players } from "./players.ts";
import { PositionKeeper } from "./position-keeper.ts";
import { Positions } from "./positions.ts";
import { Presence } from "./presence.ts";
import { Prober } from "./prober.ts";
import { ServerPicker } from "./server-picker.ts";
import type { Session } from "./session.ts";
import { SessionKeeper } from "./session-keeper.ts";
import { refreshSession, Sessions } from "./sessions.ts";

export type { ApiRequest, CallOptions, CreateOptions, WriteOptions } from "./api-caller.ts";
export type { HttpAnswer } from "./attempt.ts";
export type { OwnWrites } from "./call-runner.ts";
export {
  EventTooLargeError,
  InvalidArgumentError,
  NoServerReachableError,
  ProblemError,
  RollcallError,
  ServerSilentError,
  ServerUnreachableError,
  SessionEndedError,
  UnexpectedAnswerError,
} from "./errors.ts";
export type { EventOptions, ServerEvent } from "./event-stream.ts";
export { newIdempotencyKey } from "./idempotency-key.ts";
export type { Leader } from "./leaderboards.ts";
export type { Match, MatchQuery, NewMatch, Ranks } from "./matches.ts";
export type { Page, PageQuery } from "./pages.ts";
export type {
  EditOptions,
  Identity,
  NewBan,
  NewPlayer,
  Player,
  PlayerPatch,
  PlayerQuery,
  Registered,
} from "./players.ts";
export type { PositionReport } from "./positions.ts";
export type { Announcement } from "./presence.ts";
export type { Session } from "./session.ts";

export interface ClientOptions {
  /** URLs of servers of one cluster, such as `https://eu-1.example`; one does, several survive one's failure. */
  readonly servers: readonly string[];
  /** An API key, for trusted back ends, or the operators' token. Never ship one with a game: players have sessions. */
  readonly token?: string | undefined;
  /** Of an earlier start, as `onSession` was given it. */
  readonly session?: Session | undefined;
  /** Told of each new session, and with undefined of its end: the place to store it. */
  readonly onSession?: ((session: Session | undefined) => void) | undefined;
  /** Writes to be seen from the first call on: `positions.kept` of an earlier start or of another client. */
  readonly positions?: readonly string[] | undefined;
  /** What to do when no server that answers has this client's own writes; `prefer` unless given. */
  readonly ownWrites?: OwnWrites | undefined;
  /** For one call with all its attempts, milliseconds; 10 s unless given. */
  readonly timeoutMs?: number | undefined;
  /** How long one server may take before another is asked, milliseconds, at least 400; 600 unless given. */
  readonly patienceMs?: number | undefined;
  /** Told of every attempt that failed and is being made good elsewhere: for a log. */
  readonly onTrouble?: ((error: RollcallError) => void) | undefined;
  /** Instead of the global one. */
  readonly fetch?: Fetch | undefined;
}

const TIMEOUT_MS_DEFAULT = 10_000;
/** With what follows at the next server, a frozen one costs the caller less than a second. */
const PATIENCE_MS_DEFAULT = 600;
const PATIENCE_MS_MIN = POSITION_WAIT_MS + 100;

export class RollcallClient {
  readonly players: Players;
  readonly matches: Matches;
  readonly leaderboards: Leaderboards;
  readonly presence: Presence;
  readonly sessions: Sessions;
  readonly positions: Positions;
  readonly #api: ApiCaller;
  readonly #streamParts: EventStreamParts;

  /** @throws InvalidArgumentError */
  constructor(options: ClientOptions) {
    const { token, fetch = globalFetch, patienceMs = PATIENCE_MS_DEFAULT, onTrouble = ignore } = options;
    const { timeoutMs = TIMEOUT_MS_DEFAULT, ownWrites = "prefer", onSession = ignore } = options;
    requireAtLeast(PATIENCE_MS_MIN, { patienceMs });
    requireAtLeast(1, { timeoutMs });
    const random = Math.random;
    const now = (): number => performance.now();
    const picker = new ServerPicker({ servers: baseUrls(options.servers), random });
    const positions = new PositionKeeper(options.positions);
    const common = { picker, fetch, now, random, patienceMs, onTrouble };
    const prober = new Prober({ picker, fetch, now });
    const runner = new CallRunner({ ...common, prober, hedgeDelay: new HedgeDelay(), positions, ownWrites });
    const keeper = new SessionKeeper({
      session: options.session,
      refresh: (refreshToken) => refreshSession(this.#api, refreshToken),
      nowMs: Date.now,
      onChange: onSession,
    });
    this.#api = new ApiCaller({ runner, sessions: keeper, token, timeoutMs });
    this.#streamParts = { ...common, api: this.#api };
    this.sessions = new Sessions(this.#api, keeper, token === undefined);
    this.players = new Players(this.#api, this.sessions);
    this.matches = new Matches(this.#api);
    this.leaderboards = new Leaderboards(this.#api);
    this.presence = new Presence(this.#api);
    this.positions = new Positions(this.#api, positions);
  }

  /**
   * What happens, as it happens, for as long as the loop runs: `for await (const event of client.events())`.
   * @throws ProblemError, UnexpectedAnswerError, EventTooLargeError, SessionEndedError; the signal's reason
   */
  events(options: EventOptions = {}): AsyncGenerator<ServerEvent, void, undefined> {
    return streamEvents(this.#streamParts, options);
  }

  /**
   * Any other call of the API, moved, repeated and positioned like those that have a method here.
   * @throws ProblemError, UnexpectedAnswerError, NoServerReachableError, SessionEndedError; the signal's reason
   */
  call(request: ApiRequest): Promise<HttpAnswer> {
    return this.#api.answer(request);
  }
}

/** @throws InvalidArgumentError */
export function createClient(options: ClientOptions): RollcallClient {
  return new RollcallClient(options);
}

/** Looked up with each call, and called as a browser wants it: on the window. */
const globalFetch: Fetch = (url, init) => globalThis.fetch(url, init);

const ignore = (): undefined => undefined;

function baseUrls(servers: readonly string[]): string[] {
  const urls = servers.map((server) => {
    const url = URL.canParse(server) ? new URL(server) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
      throw new InvalidArgumentError("servers", `must be http or https URLs, and ${server} is none`);
    }
    return url.href.replace(/\/+$/, "");
  });
  if (urls.length === 0) throw new InvalidArgumentError("servers", "must have the URL of a server");
  return [...new Set(urls)];
}

function requireAtLeast(least: number, option: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(option)) {
    if (!(value >= least)) throw new InvalidArgumentError(name, `must be at least ${least} milliseconds`);
  }
}
