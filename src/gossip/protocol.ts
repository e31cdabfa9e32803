/**
 * The gossip protocol, without I/O: it is told what happened and at what time, and answers with what to do.
 * The server drives it with Redis and PostgreSQL, the simulation with a virtual network and store.
 *
 * Pub/sub is for speed, pulling for correctness: nothing here relies on a message arriving.
 * - Own entries are announced once they are committed.
 * - An announcement that continues what is here is stored; one that leaves a hole makes us ask for it.
 * - Every heartbeat says what its sender has; whatever we lack is asked of any peer that has it, so the
 *   entries of a dead server come from those that heard it.
 * - Whoever (re)subscribes says hello, and everybody answers with a heartbeat at once, and asks it anew for what
 *   it was asked and may not have heard.
 * - What all members say they have, and this server has caught up with, comes to be stable (STB1, STB2).
 * - Whoever inquires after a position is told once it is stored here, ahead of the next heartbeat (ACK2).
 */
import type { Entry } from "../../crdt/entry.ts";
import { entryBytes } from "../../crdt/entry.ts";
import type { Stamp } from "../../crdt/hybrid-clock.ts";
import type { Origin, Position } from "../../crdt/position.ts";
import { entriesBehind, type VersionVector } from "../../crdt/version-vector.ts";
import { Inquiries } from "./inquiries.ts";
import { Intake } from "./intake.ts";
import type { Heartbeat, Message } from "./message.ts";
import { cutToPages } from "./pages.ts";
import { HEARTBEAT_MS, type PeerReport, Peers } from "./peers.ts";
import { Stability } from "./stability.ts";

export type Effect =
  /** To one server by name, or to all. */
  | { readonly type: "send"; readonly to: string | "*"; readonly message: Message }
  /** To be stored; `settled` has to be called with the same entries. */
  | { readonly type: "store"; readonly entries: readonly Entry[] }
  /** A page to be read and sent to a server as the answer to its request. */
  | {
      readonly type: "answer";
      readonly to: string;
      readonly request: number;
      readonly origin: Origin;
      readonly from: number;
    }
  /** The stable vector advanced to this. */
  | { readonly type: "stable"; readonly vector: VersionVector };

export interface Self {
  readonly server: string;
  readonly incarnation: Origin;
}

/** Where a server stands: what it holds, what every member was seen to hold, its clock. */
export interface Standing {
  readonly vector: VersionVector;
  readonly stable: VersionVector;
  readonly clock: Stamp;
}

export interface Time {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** Entries of one page or announcement; also bounds the time for which a page keeps others waiting. */
export const PAGE = { entriesMax: 500, bytesMax: 256 * 1024 } as const;

/** So long a new server listens for others before it takes itself to be alone. */
const ALONE_AFTER_MS = 1_000;

export class Protocol {
  readonly #self: Self;
  readonly #peers = new Peers();
  readonly #intake: Intake;
  readonly #stability: Stability;
  readonly #inquiries = new Inquiries();
  readonly #startedAtMs: number;
  #clock: Stamp;
  #state: Heartbeat["state"] = "starting";
  #saidAtMs = Number.NEGATIVE_INFINITY;
  /** All other members that the log tells of. */
  #members: readonly string[] = [];
  /** Incarnations that are no members any more (MBR1), each with the server's name. */
  #forgotten: ReadonlyMap<Origin, string> = new Map();

  /** @param peersExpected How many brokers of peers are configured. */
  constructor(self: Self, { vector, stable, clock }: Standing, peersExpected: number, nowMs: number) {
    this.#self = self;
    this.#intake = new Intake(vector);
    this.#stability = new Stability(stable, peersExpected);
    this.#clock = clock;
    this.#startedAtMs = nowMs;
  }

  /** False until the server has all that the peers had when it first heard them, or has heard none. */
  get caughtUp(): boolean {
    return this.#state !== "starting";
  }

  /** Of each origin the entries that are stable (STB2). */
  get stable(): VersionVector {
    return this.#stability.vector;
  }

  /** To be called several times a second, with the names of all members and the incarnations that were forgotten. */
  tick(
    time: Time,
    members: readonly string[],
    forgotten: ReadonlyMap<Origin, string> = this.#forgotten,
  ): Effect[] {
    this.#members = members.filter((server) => server !== this.#self.server);
    this.#forgotten = forgotten;
    // One that was forgotten and still speaks is talked to, so that it learns of it (MBR3); nobody waits for it.
    this.#stability.forget(forgotten);
    this.#peers.forget(forgotten, time.nowMs);
    this.#peers.observe(this.#intake.stored, time.nowMs);
    if (this.#state === "starting" && this.#isWhole(time.nowMs)) this.#state = "serving";
    const effects = this.#ask(time.nowMs);
    if (time.nowMs - this.#saidAtMs >= HEARTBEAT_MS) effects.push(this.#heartbeat(time));
    if (this.#stabilityAdvances()) effects.push({ type: "stable", vector: this.stable });
    return effects;
  }

  /** A broker acknowledged a subscription, for the first time or again. */
  subscribed(time: Time): Effect[] {
    return [this.#heartbeat(time, { hello: true })];
  }

  /** The database advanced. */
  committed(stored: VersionVector, clock: Stamp): void {
    this.#intake.advanced(stored);
    this.#clock = clock;
  }

  /** Tells of entries of this server, which are committed. */
  announce(local: readonly Entry[]): Effect[] {
    return cutToPages(local, { ...PAGE, itemsMax: PAGE.entriesMax, bytesOf: entryBytes }).map((entries) => ({
      type: "send",
      to: "*",
      message: { type: "announce", entries },
    }));
  }

  /** Entries of a `store` effect were stored, or could not be. */
  settled(entries: readonly Entry[], ok: boolean, nowMs: number): Effect[] {
    this.#intake.settled(entries, ok, nowMs);
    return [...this.#tellHoldings(), ...this.#ask(nowMs)];
  }

  heard(server: string, incarnation: Origin, message: Message, time: Time): Effect[] {
    if (server === this.#self.server) return []; // an own frame, or a namesake: `namesake` tells
    if (!this.#peers.heard(server, incarnation, time.nowMs)) return [];
    switch (message.type) {
      case "heartbeat": {
        this.#peers.heartbeat(server, message, time.nowMs, time.wallMs);
        this.#stability.heard(server, incarnation, message.vector);
        if (message.hello) this.#intake.askAgain(server);
        const reply = message.hello ? [this.#heartbeat(time, { to: server })] : [];
        return [...reply, ...this.#ask(time.nowMs)];
      }
      case "announce":
        return this.#take(server, message.entries, time.nowMs);
      case "want": {
        const { request, origin, from } = message;
        return [{ type: "answer", to: server, request, origin, from }];
      }
      case "entries": {
        const asked = this.#intake.answered(message.origin, message.request);
        if (asked && !beginsAt(message.entries, message.origin, asked.from)) {
          this.#peers.lacks(asked.server, message.origin, asked.from);
          return this.#ask(time.nowMs);
        }
        return this.#take(server, message.entries, time.nowMs);
      }
      case "inquiry":
        this.#inquiries.note(server, message, this.#intake.stored);
        return this.#tellHoldings();
      case "holding":
        this.#peers.has(server, message.origin, message.sequence);
        return this.#ask(time.nowMs);
      case "presence":
        return []; // for the board; here it is a sign of life
    }
  }

  /** Asks everybody to tell once they hold it. */
  inquire({ origin, sequence }: Position): Effect[] {
    return [{ type: "send", to: "*", message: { type: "inquiry", origin, sequence } }];
  }

  /** Up to where at least so many peers were heard to hold the entries of an origin. */
  heldBy(origin: Origin, peers: number): number {
    return this.#peers.heldBy(origin, peers);
  }

  /** Whether each peer was heard to hold a position; members that were never heard have not. */
  holders(position: Position): { server: string; has: boolean }[] {
    const heard = this.#peers.holders(position);
    const names = new Set(heard.map(({ server }) => server));
    const silent = this.#members.filter((server) => !names.has(server));
    return [...heard, ...silent.map((server) => ({ server, has: false }))];
  }

  /** What a server says before it ends. */
  leave(time: Time): Effect[] {
    this.#state = "leaving";
    return [this.#heartbeat(time)];
  }

  peers(nowMs: number): PeerReport[] {
    return this.#peers.report(this.#intake.stored, nowMs);
  }

  unheard(nowMs: number): { server: string; heardMsAgo: number }[] {
    return this.#peers.unheard(nowMs, { members: this.#members, sinceMs: this.#startedAtMs });
  }

  /** How many entries others have that this server has not. */
  entriesBehind(): number {
    return entriesBehind(this.#intake.stored, this.#peers.union());
  }

  queues(): { unstored: number; asking: number } {
    return { unstored: this.#intake.unstored, asking: this.#intake.asking };
  }

  #take(server: string, entries: readonly Entry[], nowMs: number): Effect[] {
    const last = entries.at(-1);
    if (!last) return this.#ask(nowMs);
    this.#peers.has(server, last.origin, last.sequence);
    const taken = this.#intake.take(entries);
    const effects: Effect[] = taken.length > 0 ? [{ type: "store", entries: taken }] : [];
    return [...effects, ...this.#ask(nowMs)];
  }

  #ask(nowMs: number): Effect[] {
    return this.#intake
      .questions(this.#peers.reachable(nowMs), nowMs)
      .map(({ server, request, origin, from }) => ({
        type: "send",
        to: server,
        message: { type: "want", request, origin, from },
      }));
  }

  #tellHoldings(): Effect[] {
    return this.#inquiries.due(this.#intake.stored).map(({ server, origin, sequence }) => ({
      type: "send",
      to: server,
      message: { type: "holding", origin, sequence },
    }));
  }

  #heartbeat({ nowMs, wallMs }: Time, { to = "*", hello = false } = {}): Effect {
    if (to === "*") this.#saidAtMs = nowMs;
    const vector = this.#intake.stored;
    const message: Heartbeat = {
      type: "heartbeat",
      vector,
      clock: this.#clock,
      wallMs,
      state: this.#state,
      hello,
    };
    return { type: "send", to, message };
  }

  /** Not before others had the time to make themselves known. */
  #stabilityAdvances(): boolean {
    if (!this.caughtUp) return false;
    const gone = [...this.#forgotten.values()].filter((server) => server !== this.#self.server);
    return this.#stability.advance(this.#intake.stored, this.#members, gone);
  }

  #isWhole(nowMs: number): boolean {
    const reachable = this.#peers.reachable(nowMs);
    if (reachable.length === 0) return nowMs - this.#startedAtMs >= ALONE_AFTER_MS;
    return reachable.every(
      ({ introduction }) => introduction && entriesBehind(this.#intake.stored, introduction) === 0,
    );
  }
}

/** Whether an answer brings what was asked for; one that does not would be asked for again and again. */
function beginsAt([first]: readonly Entry[], origin: Origin, from: number): boolean {
  return first?.origin === origin && first.sequence === from;
}
