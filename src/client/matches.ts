/** Matches: create, read, list, join, leave, start, cancel, report. */
import type { z } from "zod";
import type { JoinedAnswer, MatchAnswer, MatchPageAnswer, newMatch } from "../http/contract/match.ts";
import type { ReportedAnswer } from "../http/contract/report.ts";
import type { ApiCaller, CallOptions, CreateOptions, WriteOptions } from "./api-caller.ts";
import { ProblemError } from "./errors.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";
import { itemsOf, type PageQuery } from "./pages.ts";

export type Match = MatchAnswer;
export type NewMatch = z.input<typeof newMatch>;
/** The place of each player by id: 1 is best, ties are equal. */
export type Ranks = Readonly<Record<string, number>>;

export interface MatchQuery extends PageQuery {
  readonly state?: Match["state"] | undefined;
  readonly mode?: string | undefined;
  readonly region?: string | undefined;
}

export class Matches {
  readonly #api: ApiCaller;

  constructor(api: ApiCaller) {
    this.#api = api;
  }

  /** The host is seated. */
  create(match: NewMatch, options: CreateOptions = {}): Promise<Match> {
    const { idempotencyKey = newIdempotencyKey(), ...rest } = options;
    return this.#api.call({
      ...rest,
      method: "POST",
      path: ["v1", "matches"],
      body: match,
      headers: { "idempotency-key": idempotencyKey },
    });
  }

  get(id: string, options: CallOptions = {}): Promise<Match> {
    return this.#api.call({ ...options, method: "GET", path: ["v1", "matches", id] });
  }

  /** Newest first; open ones while their host is heard. */
  list(query: MatchQuery = {}, options: CallOptions = {}): Promise<MatchPageAnswer> {
    return this.#api.call({ ...options, method: "GET", path: ["v1", "matches"], query: { ...query } });
  }

  /** Every match that the filters fit, page after page. */
  all(query: MatchQuery = {}, options: CallOptions = {}): AsyncGenerator<Match, void, undefined> {
    return itemsOf((page: MatchQuery) => this.list(page, options), query);
  }

  /** Whoever has a seat keeps it. @throws ProblemError `match-full`, `match-not-open`, `too-many-entries` */
  join(id: string, playerId: string, options: WriteOptions = {}): Promise<JoinedAnswer> {
    return this.#api.call({ ...options, method: "PUT", path: ["v1", "matches", id, "players", playerId] });
  }

  leave(id: string, playerId: string, options: WriteOptions = {}): Promise<Match> {
    return this.#api.call({ ...options, method: "DELETE", path: ["v1", "matches", id, "players", playerId] });
  }

  /** @throws ProblemError `match-not-open`, `match-empty` */
  start(id: string, options: WriteOptions = {}): Promise<Match> {
    return this.#become("running", { id, verb: "start", refusal: "match-not-open" }, options);
  }

  /** @throws ProblemError `match-over` */
  cancel(id: string, options: WriteOptions = {}): Promise<Match> {
    return this.#become("cancelled", { id, verb: "cancel", refusal: "match-over" }, options);
  }

  /** How it ended, as a player says; may be changed until the result is settled. */
  report(id: string, playerId: string, ranks: Ranks, options: WriteOptions = {}): Promise<ReportedAnswer> {
    const path = ["v1", "matches", id, "reports", playerId];
    return this.#api.call({ ...options, method: "PUT", path, body: { ranks } });
  }

  /**
   * A match is started once. If an attempt whose answer was lost did start it, the next one is refused; then the
   * match is what was wanted, and that is the answer.
   */
  async #become(
    state: Match["state"],
    { id, verb, refusal }: { readonly id: string; readonly verb: string; readonly refusal: string },
    options: WriteOptions,
  ): Promise<Match> {
    try {
      return await this.#api.call({ ...options, method: "POST", path: ["v1", "matches", id, verb] });
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== refusal || !error.afterUnknownOutcome)
        throw error;
      const { signal, timeoutMs } = options;
      const match = await this.get(id, { signal, timeoutMs });
      if (match.state !== state) throw error;
      return match;
    }
  }
}
