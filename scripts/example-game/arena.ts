/** What all bots of one run share: the seed, the pace, who is who, and what is counted. */
import { setTimeout as delay } from "node:timers/promises";
import type { Match, Ranks } from "../../src/client/client.ts";
import type { CallRecord } from "./call-record.ts";
import type { MatchTally } from "./match-tally.ts";
import { ranksOf } from "./outcome.ts";
import { type BotProfile, SKILL_DEFAULT } from "./roster.ts";

export interface ArenaOptions {
  readonly servers: readonly string[];
  readonly seed: number;
  /** 1 is that of people who do not think for long; 10 is ten times as fast. */
  readonly speed: number;
  readonly record: CallRecord;
  readonly tally: MatchTally;
  readonly isOver: () => boolean;
}

/** How often somebody who waits looks; a person notices no sooner. */
const LOOK_EVERY_MS = 200;

export class Arena {
  readonly servers: readonly string[];
  readonly seed: number;
  readonly record: CallRecord;
  readonly tally: MatchTally;
  /** Bots that are registered meet in this mode, and nobody else does. */
  readonly mode: string;
  readonly #options: ArenaOptions;
  readonly #profiles = new Map<string, BotProfile>();

  constructor(options: ArenaOptions) {
    this.#options = options;
    this.servers = options.servers;
    this.seed = options.seed;
    this.record = options.record;
    this.tally = options.tally;
    this.mode = modeOf(options.seed);
  }

  /** Nothing new is begun. */
  get isOver(): boolean {
    return this.#options.isOver();
  }

  get players(): number {
    return this.#profiles.size;
  }

  enter(playerId: string, profile: BotProfile): void {
    this.#profiles.set(playerId, profile);
  }

  /** Milliseconds of a plan, at this speed. */
  paced(ms: number): number {
    return ms / this.#options.speed;
  }

  async pause(ms: number): Promise<void> {
    await delay(this.paced(ms));
  }

  /** Until it is time to look again. */
  async lookAgain(): Promise<void> {
    await this.pause(LOOK_EVERY_MS);
  }

  /** Of those who are seated, whoever that is: also a guest who is no bot of this run. */
  ranksOf(match: Match): Ranks {
    const contenders = seatedOf(match).map((playerId) => {
      const { username = playerId, skill = SKILL_DEFAULT } = this.#profiles.get(playerId) ?? {};
      return { playerId, name: username, skill };
    });
    return ranksOf(this.seed, String(match.metadata?.name ?? match.id), contenders);
  }
}

/** Of the bots of a seed. */
export function modeOf(seed: number): string {
  return `example-${seed}`;
}

export function seatedOf({ players }: Match): string[] {
  return players.filter(({ status }) => status === "seated").map(({ playerId }) => playerId);
}
