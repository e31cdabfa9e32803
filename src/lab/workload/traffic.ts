/**
 * Players who go on playing while things break: calls at random servers about random players and matches, one
 * after the other in each of a few lanes. What is refused or lost is part of the game; the history tells which.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../random.ts";
import type { Account, Caller } from "./caller.ts";
import { keepLatest } from "./latest.ts";
import { idIn } from "./made-id.ts";
import { MatchPlay } from "./match-play.ts";

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
/** Few enough that both sides of a split want the same. */
const NAMES = 400;

export class Traffic {
  readonly #options: Required<TrafficOptions>;
  readonly #players: string[] = [];
  readonly #matches: MatchPlay;
  readonly #linked: { readonly playerId: string; readonly account: Account }[] = [];
  #running: Promise<void>[] = [];
  #stopped = false;

  constructor(options: TrafficOptions) {
    this.#options = { lanes: LANES, restMs: REST_MS, ...options };
    this.#matches = new MatchPlay(options.random, () => this.#player());
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
    { weight: 3, move: (caller: Caller) => this.#matches.create(caller) },
    { weight: 8, move: (caller: Caller) => this.#matches.join(caller) },
    { weight: 1, move: (caller: Caller) => this.#matches.leave(caller) },
    { weight: 3, move: (caller: Caller) => this.#matches.start(caller) },
    { weight: 1, move: (caller: Caller) => this.#matches.cancel(caller) },
    { weight: 6, move: (caller: Caller) => this.#matches.report(caller) },
    { weight: 1, move: (caller: Caller) => this.#matches.settle(caller) },
    { weight: 1, move: (caller: Caller) => caller.ban(this.#player()) },
    { weight: 2, move: (caller: Caller) => this.#link(caller) },
    { weight: 1, move: (caller: Caller) => this.#unlink(caller) },
    { weight: 0.5, move: (caller: Caller) => caller.merge(this.#player(), this.#player()) },
    { weight: 1, move: (caller: Caller) => caller.erase(this.#player()) },
  ];

  async #register(caller: Caller): Promise<void> {
    const { random } = this.#options;
    const answer = await caller.register({
      ...(random.chance(0.5) && { username: this.#name() }),
      ...(random.chance(0.3) && { identity: this.#account() }),
      region: this.#region(),
    });
    keepLatest(this.#players, idIn(answer, "player"));
  }

  async #link(caller: Caller): Promise<void> {
    const linked = { playerId: this.#player(), account: this.#account() };
    const { outcome } = await caller.link(linked.playerId, linked.account);
    keepLatest(this.#linked, outcome === "ok" ? linked : undefined);
  }

  async #unlink(caller: Caller): Promise<void> {
    if (this.#linked.length === 0) return;
    const { playerId, account } = this.#options.random.pick(this.#linked);
    await caller.unlink(playerId, account);
  }

  #player(): string {
    return this.#options.random.pick(this.#players);
  }

  #account(): Account {
    return { provider: "steam", subject: String(this.#options.random.between(1, NAMES)) };
  }

  #name(): string {
    return `player-${this.#options.random.between(1, NAMES)}`;
  }

  #region(): string {
    return this.#options.random.pick(["eu", "us", "asia"]);
  }
}
