/** Positions: what was written, by this client or another, and which servers have it. */
import type { ApiCaller, CallOptions } from "./api-caller.ts";
import type { PositionKeeper } from "./position-keeper.ts";

export interface PositionReport {
  readonly position: string;
  readonly servers: readonly { readonly server: string; readonly has: boolean }[];
}

export class Positions {
  readonly #api: ApiCaller;
  readonly #keeper: PositionKeeper;

  constructor(api: ApiCaller, keeper: PositionKeeper) {
    this.#api = api;
    this.#keeper = keeper;
  }

  /**
   * What this client's calls wait for: its own writes, and what it was told to see. Give it to another client, or
   * keep it for the next start, as the option `positions`.
   */
  get kept(): readonly string[] {
    return this.#keeper.all();
  }

  /** From now on, calls see this write of somebody else, too. @param position as that one's `kept` has it. */
  see(position: string): void {
    this.#keeper.note(position);
  }

  /** Which servers have it, as far as the one that is asked knows. */
  get(position: string, options: CallOptions = {}): Promise<PositionReport> {
    return this.#api.call({ ...options, method: "GET", path: ["v1", "positions", position] });
  }
}
