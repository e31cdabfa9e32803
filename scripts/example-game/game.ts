/** A whole game: the bots of a seed on some servers, until it is over, and what came of it. */
import { createClient, type Leader, RollcallError } from "../../src/client/client.ts";
import { Arena } from "./arena.ts";
import { playOn } from "./bot.ts";
import { CallRecord } from "./call-record.ts";
import { MatchTally } from "./match-tally.ts";
import { rosterOf } from "./roster.ts";

export interface GameOptions {
  readonly servers: readonly string[];
  readonly bots: number;
  readonly seed: number;
  readonly speed: number;
  /** Nothing new is begun after so long, or after so many matches were played to the end. */
  readonly minutes?: number | undefined;
  readonly matches?: number | undefined;
}

export interface GameResult {
  readonly seconds: number;
  readonly players: number;
  readonly tally: MatchTally;
  readonly record: CallRecord;
  readonly mode: string;
  /** The best of this seed's bots, in all games of the seed on these servers. */
  readonly leaders: readonly Leader[];
}

const LEADERS = 5;
/** Bots come one after the other: a hundred sign-ins in one moment are another test. */
const BOT_EVERY_MS = 10;
const MS_PER_MINUTE = 60_000;

export class Game {
  readonly record = new CallRecord(() => performance.now());
  readonly tally = new MatchTally();
  readonly options: GameOptions;
  readonly #arena: Arena;
  readonly #startedAtMs = performance.now();
  #isEnded = false;

  constructor(options: GameOptions) {
    const { servers, seed, speed } = options;
    this.options = options;
    const { record, tally } = this;
    this.#arena = new Arena({ servers, seed, speed, record, tally, isOver: () => this.isOver });
  }

  get seconds(): number {
    return (performance.now() - this.#startedAtMs) / 1_000;
  }

  get players(): number {
    return this.#arena.players;
  }

  get isOver(): boolean {
    const { minutes = Number.POSITIVE_INFINITY, matches = Number.POSITIVE_INFINITY } = this.options;
    const isLate = performance.now() - this.#startedAtMs >= minutes * MS_PER_MINUTE;
    return this.#isEnded || isLate || this.tally.played >= matches;
  }

  /** Matches that are under way are played to their end. */
  end(): void {
    this.#isEnded = true;
  }

  async play(): Promise<GameResult> {
    const { seed, bots } = this.options;
    const playing = rosterOf(seed, bots).map(async (profile) => {
      await new Promise((resolve) => setTimeout(resolve, profile.number * BOT_EVERY_MS));
      await playOn(this.#arena, profile);
    });
    await Promise.all(playing);
    const leaders = await this.#lookBack();
    const { record, tally, players, seconds } = this;
    return { seconds, players, tally, record, mode: this.#arena.mode, leaders };
  }

  /** What ended after its host had gone on, and who leads. */
  async #lookBack(): Promise<readonly Leader[]> {
    const caller = this.record.caller();
    const client = createClient({ servers: this.options.servers, onTrouble: caller.onTrouble });
    try {
      for (const id of this.tally.unended) {
        const seen = await caller.tryTo("match", () => client.matches.get(id), ["match-not-found"]);
        if ("value" in seen) this.tally.saw(seen.value);
      }
      const page = { limit: LEADERS };
      const { items } = await caller.make("leaderboard", () =>
        client.leaderboards.get(this.#arena.mode, page),
      );
      return items;
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error; // It is counted.
      return [];
    }
  }
}
