/**
 * The session in use, exchanged for a new one before it expires.
 *
 * - One exchange at a time: whoever needs a token meanwhile waits for the same one.
 * - Only how long a session lasts is reckoned, from the answer's own date on, so a clock that is wrong by hours does
 *   no harm. Where that is impossible, a server's 401 says that it is time.
 * - While the old token is good, a failed exchange harms nobody, and is tried again after a pause.
 */
import { ProblemError, RollcallError, SessionEndedError } from "./errors.ts";
import type { Session } from "./session.ts";

export interface GrantedSession {
  readonly session: Session;
  /** The `Date` of the answer; undefined where a browser hides it, or it was not granted just now. */
  readonly date?: string | null | undefined;
}

export interface SessionKeeperOptions {
  readonly session: Session | undefined;
  /** Exchanges a refresh token for a session. */
  readonly refresh: (refreshToken: string) => Promise<GrantedSession>;
  /** The wall clock, milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Told of each new session, and of its end, so that the game can store it. */
  readonly onChange: (session: Session | undefined) => void;
}

interface Kept {
  readonly session: Session;
  /** By the local clock; infinite when its life cannot be reckoned. */
  readonly expiresAtMs: number;
  readonly marginMs: number;
}

/** Long enough for an exchange that has to move to another server; a fifth of a session that is very short. */
const MARGIN_MS_MAX = 60_000;
const MARGIN_PART = 0.2;
const RETRY_AFTER_MS = 5_000;

export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  #kept: Kept | undefined;
  #refreshing: Promise<Session> | undefined;
  #notBeforeMs = 0;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
    this.#kept = options.session && this.#reckoned({ session: options.session });
  }

  get session(): Session | undefined {
    return this.#kept?.session;
  }

  /** A session that was just granted. */
  start(granted: GrantedSession): void {
    this.#kept = this.#reckoned(granted);
    this.#notBeforeMs = 0;
    this.#options.onChange(granted.session);
  }

  end(): void {
    if (this.#kept === undefined) return;
    this.#kept = undefined;
    this.#options.onChange(undefined);
  }

  /** What to send now; undefined without a session. @throws SessionEndedError, and what the exchange throws */
  async token(): Promise<string | undefined> {
    const kept = this.#kept;
    if (kept === undefined) return undefined;
    const nowMs = this.#options.nowMs();
    if (nowMs < kept.expiresAtMs - kept.marginMs) return kept.session.token;
    const isGood = nowMs < kept.expiresAtMs;
    if (isGood && nowMs < this.#notBeforeMs) return kept.session.token;
    try {
      return (await this.#refreshed()).token;
    } catch (error) {
      if (!isGood || !(error instanceof RollcallError) || !error.retryable) throw error;
      this.#notBeforeMs = this.#options.nowMs() + RETRY_AFTER_MS;
      return kept.session.token;
    }
  }

  /**
   * Another token than this one, which a server did not take; undefined without a session.
   * @throws SessionEndedError, and what the exchange throws
   */
  async otherThan(token: string): Promise<string | undefined> {
    const session = this.#kept?.session;
    if (session === undefined || session.token !== token) return session?.token;
    return (await this.#refreshed()).token;
  }

  #refreshed(): Promise<Session> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<Session> {
    const before = this.#kept;
    if (before === undefined) throw new SessionEndedError();
    try {
      const granted = await this.#options.refresh(before.session.refreshToken);
      // Whoever signed in as somebody else meanwhile stays that.
      if (this.#kept === before) this.start(granted);
      return this.#kept?.session ?? granted.session;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      if (this.#kept === before) this.end();
      throw new SessionEndedError({ cause: error });
    }
  }

  #reckoned({ session, date }: GrantedSession): Kept {
    const nowMs = this.#options.nowMs();
    const grantedAtMs = Date.parse(date ?? "");
    const lifeMs = Date.parse(session.expiresAt) - (Number.isNaN(grantedAtMs) ? nowMs : grantedAtMs);
    // It cannot have expired when it was granted: one of the clocks is wrong.
    if (!(lifeMs > 0)) return { session, expiresAtMs: Number.POSITIVE_INFINITY, marginMs: 0 };
    return {
      session,
      expiresAtMs: nowMs + lifeMs,
      marginMs: Math.min(MARGIN_MS_MAX, MARGIN_PART * lifeMs),
    };
  }
}
