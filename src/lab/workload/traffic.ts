/**
 * Players who go on playing while things break: calls at random servers about random players and matches, one
 * after the other in each of a few lanes. What is refused or lost is part of the game; the history tells which.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../random.ts";
import type { Caller } from "./caller.ts";
import { idIn } from "./made-id.ts";

export interface TrafficOptions {
  /** One for each server. */
  readonly callers: readonly Caller[];
  readonly random: Random;
  readonly lanes?: number;
  /** How long a lane rests between two calls. */
  readonly restMs?: number;
}

const LANES = 4;
const REST_MS = 15;
/** Calls are about the latest ones, so that servers meet on them. */
const KNOWN_MAX = 60;
const MODES = ["duel", "party"] as const;
const CAPACITIES = [2, 2, 3, 4] as const;
/** Few enough that both sides of a split want the same. */
const NAMES = 400;

interface KnownMatch {
  readonly id: string;
  readonly players: Set<string>;
}

export class Traffic {
  readonly #options: Required<TrafficOptions>;
  readonly #players: string[] = [];
  readonly #matches: KnownMatch[] = [];
  #running: Promise<void>[] = [];
  #stopped = false;

  constructor(options: TrafficOptions) {
    this.#options = { lanes: LANES, restMs: REST_MS, ...options };
  }

  start(): void {
    this.#stopped = false;
    this.#running = Array.from({ length: this.#options.lanes }, () => this.#play());
  }

  /** Resolves when the last call is answered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
    this.#running = [];
  }

  async #play(): Promise<void> {
    while (!this.#stopped) {
      await this.#move();
      await delay(this.#options.restMs);
    }
  }

  async #move(): Promise<void> {
    const { random, callers } = this.#options;
    const caller = random.pick(callers);
    if (this.#players.length < 4) return this.#register(caller);
    const { move } = random.weighted(this.#moves);
    await move(caller);
  }

  readonly #moves = [
    { weight: 6, move: (caller: Caller) => this.#register(caller) },
    { weight: 5, move: (caller: Caller) => caller.markPlayer(this.#player()) },
    { weight: 2, move: (caller: Caller) => caller.edit(this.#player(), { username: this.#name() }) },
    { weight: 1, move: (caller: Caller) => caller.edit(this.#player(), { username: null }) },
    { weight: 3, move: (caller: Caller) => caller.edit(this.#player(), { region: this.#region() }) },
    { weight: 3, move: (caller: Caller) => this.#createMatch(caller) },
    { weight: 8, move: (caller: Caller) => this.#join(caller) },
    { weight: 1, move: (caller: Caller) => this.#withMatch(({ id }) => caller.leave(id, this.#player())) },
    { weight: 3, move: (caller: Caller) => this.#withMatch(({ id }) => caller.startMatch(id)) },
    { weight: 1, move: (caller: Caller) => this.#withMatch(({ id }) => caller.cancelMatch(id)) },
    { weight: 6, move: (caller: Caller) => this.#report(caller) },
    { weight: 1, move: (caller: Caller) => caller.ban(this.#player()) },
  ];

  async #register(caller: Caller): Promise<void> {
    const { random } = this.#options;
    const answer = await caller.register({
      ...(random.chance(0.5) && { username: this.#name() }),
      ...(random.chance(0.3) && {
        identity: { provider: "steam", subject: String(random.between(1, NAMES)) },
      }),
      region: this.#region(),
    });
    keepLatest(this.#players, idIn(answer, "player"));
  }

  async #createMatch(caller: Caller): Promise<void> {
    const { random } = this.#options;
    const hostId = this.#player();
    const capacity = random.pick(CAPACITIES);
    const id = idIn(await caller.createMatch({ mode: random.pick(MODES), capacity, hostId }));
    keepLatest(this.#matches, id === undefined ? undefined : { id, players: new Set([hostId]) });
  }

  #join(caller: Caller): Promise<unknown> {
    return this.#withMatch((match) => {
      const player = this.#player();
      match.players.add(player);
      return caller.join(match.id, player);
    });
  }

  /** Of whoever was heard of, in whatever order chance has: most are refused, as not all of them are seated. */
  #report(caller: Caller): Promise<unknown> {
    const { random } = this.#options;
    return this.#withMatch((match) => {
      const players = [...match.players].slice(0, random.between(1, match.players.size));
      const ranks = Object.fromEntries(players.map((player, index) => [player, index + 1]));
      return caller.report(match.id, random.pick(players), ranks);
    });
  }

  async #withMatch(act: (match: KnownMatch) => Promise<unknown>): Promise<unknown> {
    return this.#matches.length > 0 ? act(this.#options.random.pick(this.#matches)) : undefined;
  }

  #player(): string {
    return this.#options.random.pick(this.#players);
  }

  #name(): string {
    return `player-${this.#options.random.between(1, NAMES)}`;
  }

  #region(): string {
    return this.#options.random.pick(["eu", "us", "asia"]);
  }
}

function keepLatest<T>(known: T[], latest: T | undefined): void {
  if (latest === undefined) return;
  known.push(latest);
  if (known.length > KNOWN_MAX) known.shift();
}
