/**
 * Matches that are played in traffic: each move is about one of the latest, chosen so that it may be taken, as far
 * as the last answer told. Most players report alike; some do not, and operators settle what is disputed.
 */
import type { Random } from "../random.ts";
import type { CallAnswer } from "./call.ts";
import type { Caller, Ranks } from "./caller.ts";
import { type KnownMatch, matchIn } from "./known-match.ts";
import { keepLatest } from "./latest.ts";

const MODES = ["duel", "party"] as const;
const CAPACITIES = [2, 2, 3, 4] as const;
/** Of rankings, how many are made up. */
const OTHERWISE = 0.25;

export class MatchPlay {
  readonly #random: Random;
  /** Somebody who may play. */
  readonly #player: () => string;
  #matches: KnownMatch[] = [];

  constructor(random: Random, player: () => string) {
    this.#random = random;
    this.#player = player;
  }

  async create(caller: Caller): Promise<void> {
    const mode = this.#random.pick(MODES);
    const capacity = this.#random.pick(CAPACITIES);
    const answer = await caller.createMatch({ mode, capacity, hostId: this.#player() });
    keepLatest(this.#matches, matchIn(answer));
  }

  join(caller: Caller): Promise<void> {
    return this.#move(isOpen, async ({ id }) => matchIn(await caller.join(id, this.#player()), "match"));
  }

  leave(caller: Caller): Promise<void> {
    return this.#move(isOpen, ({ id, players }) => this.#told(caller.leave(id, this.#one(players))));
  }

  start(caller: Caller): Promise<void> {
    return this.#move(isOpen, ({ id }) => this.#told(caller.startMatch(id)));
  }

  cancel(caller: Caller): Promise<void> {
    return this.#move(isOpen, ({ id }) => this.#told(caller.cancelMatch(id)));
  }

  report(caller: Caller): Promise<void> {
    return this.#move(isRunning, async ({ id, players }) =>
      matchIn(await caller.report(id, this.#one(players), this.#ranks(players)), "match"),
    );
  }

  settle(caller: Caller): Promise<void> {
    return this.#move(isDisputed, ({ id, players }) =>
      this.#told(caller.settle(id, this.#ranks(players), "as was seen")),
    );
  }

  /** One that is as it should be for the move, or else any: what is refused is part of the game. */
  async #move(
    fits: (match: KnownMatch) => boolean,
    act: (match: KnownMatch) => Promise<KnownMatch | undefined>,
  ): Promise<void> {
    if (this.#matches.length === 0) return;
    const fitting = this.#matches.filter(fits);
    const told = await act(this.#random.pick(fitting.length > 0 ? fitting : this.#matches));
    if (told) this.#matches = this.#matches.map((match) => (match.id === told.id ? told : match));
  }

  async #told(answer: Promise<CallAnswer>): Promise<KnownMatch | undefined> {
    return matchIn(await answer);
  }

  #one(players: readonly string[]): string {
    return players.length > 0 ? this.#random.pick(players) : this.#player();
  }

  #ranks(players: readonly string[]): Ranks {
    const inOrder = this.#random.chance(OTHERWISE) ? this.#random.shuffle(players) : players;
    const ranks = Object.fromEntries(inOrder.map((player, index) => [player, index + 1]));
    return players.length > 0 ? ranks : { [this.#player()]: 1 };
  }
}

function isOpen({ state }: KnownMatch): boolean {
  return state === "open";
}

/** Also one that is finished, while it can still be reported otherwise. */
function isRunning({ state, result }: KnownMatch): boolean {
  return state === "running" || (state === "finished" && result === "pending");
}

function isDisputed({ result }: KnownMatch): boolean {
  return result === "disputed";
}
