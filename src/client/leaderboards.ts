/** Leaderboards by mode, the same on every server that has the same matches. */
import type { LeaderboardAnswer, RatedModesAnswer } from "../http/contract/board.ts";
import type { ApiCaller, CallOptions } from "./api-caller.ts";
import { itemsOf, type PageQuery } from "./pages.ts";

export type Leader = LeaderboardAnswer["items"][number];

export class Leaderboards {
  readonly #api: ApiCaller;

  constructor(api: ApiCaller) {
    this.#api = api;
  }

  /** A page of the modes that have a leaderboard, by name. */
  modes(page: PageQuery = {}, options: CallOptions = {}): Promise<RatedModesAnswer> {
    return this.#api.call({ ...options, method: "GET", path: ["v1", "leaderboards"], query: { ...page } });
  }

  /** A page, the best first. */
  get(mode: string, page: PageQuery = {}, options: CallOptions = {}): Promise<LeaderboardAnswer> {
    const path = ["v1", "leaderboards", mode];
    return this.#api.call({ ...options, method: "GET", path, query: { ...page } });
  }

  /** Everybody, page after page. */
  all(
    mode: string,
    query: PageQuery = {},
    options: CallOptions = {},
  ): AsyncGenerator<Leader, void, undefined> {
    return itemsOf((page: PageQuery) => this.get(mode, page, options), query);
  }
}
