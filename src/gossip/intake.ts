/**
 * What to take in and what to ask for: one window for each origin. Pure.
 *
 * Intuition: announcements bring an origin's entries in order as long as none is lost. When one is, everything
 * after the hole waits, so the hole is asked for, page by page, from any peer that has it, until the log is
 * contiguous again and announcements fit once more.
 *
 * `stored` <= `handed`: entries between the two are on their way to the database. Only what continues `handed`
 * is taken. At most one page of an origin is asked for at a time, and the next is asked for only when no more
 * than one taken before it waits to be stored, so that a slow receiver is never flooded.
 */
import type { Entry } from "../../crdt/entry.ts";
import type { Origin } from "../../crdt/position.ts";
import { sequenceOf, type VersionVector } from "../../crdt/version-vector.ts";

interface Window {
  handed: number;
  /** Batches handed to the database and not settled. */
  storing: number;
  asked: Asked | undefined;
  /** A failed store is not repeated before this. */
  notBeforeMs: number;
}

interface Asked {
  readonly server: string;
  readonly request: number;
  readonly from: number;
  readonly atMs: number;
}

/** A question to be sent to a peer. */
export interface Question {
  readonly server: string;
  readonly request: number;
  readonly origin: Origin;
  readonly from: number;
}

/** Entries taken and not yet stored, over all origins; announcements beyond are left for a later pull. */
const UNSTORED_MAX = 5_000;
/** A question without an answer is put to another peer. A page is read and sent in some 20 ms. */
const ANSWER_WITHIN_MS = 2_000;
const RETRY_STORE_AFTER_MS = 500;
/** One page being stored while the next is on its way. */
const STORING_MAX = 1;

export class Intake {
  readonly #windows = new Map<Origin, Window>();
  /** Until when a peer that did not answer is asked only if nobody else can be. */
  readonly #avoidUntilMs = new Map<string, number>();
  #stored: VersionVector;
  #unstored = 0;
  #requests = 0;

  constructor(stored: VersionVector) {
    this.#stored = stored;
  }

  get stored(): VersionVector {
    return this.#stored;
  }

  get unstored(): number {
    return this.#unstored;
  }

  get asking(): number {
    return [...this.#windows.values()].filter(({ asked }) => asked).length;
  }

  /** The database advanced, by whatever cause. */
  advanced(stored: VersionVector): void {
    this.#stored = stored;
    for (const [origin, window] of this.#windows) {
      window.handed = Math.max(window.handed, sequenceOf(stored, origin));
    }
  }

  /** The part of contiguous entries of one origin that continues what is here; empty if they do not. */
  take(entries: readonly Entry[]): readonly Entry[] {
    const [first] = entries;
    if (!first || this.#unstored > UNSTORED_MAX) return [];
    const window = this.#window(first.origin);
    const skip = window.handed + 1 - first.sequence;
    if (skip < 0 || skip >= entries.length) return [];
    const taken = skip === 0 ? entries : entries.slice(skip);
    window.handed += taken.length;
    window.storing++;
    this.#unstored += taken.length;
    return taken;
  }

  /** Entries that were taken have been stored, or could not be. */
  settled(entries: readonly Entry[], ok: boolean, nowMs: number): void {
    const last = entries.at(-1);
    if (!last) return;
    const window = this.#window(last.origin);
    const stored = sequenceOf(this.#stored, last.origin);
    window.storing--;
    this.#unstored -= entries.length;
    if (!ok) window.notBeforeMs = nowMs + RETRY_STORE_AFTER_MS;
    // What was handed over behind entries that are not there will be ignored: it has to come once more.
    if (window.storing === 0 || stored < last.sequence) window.handed = stored;
  }

  /** An answer came; returns what was asked of whom, if it was still waited for. */
  answered(origin: Origin, request: number): Question | undefined {
    const window = this.#windows.get(origin);
    if (window?.asked?.request !== request) return undefined;
    const { server, from } = window.asked;
    window.asked = undefined;
    return { server, request, origin, from };
  }

  /** A peer hears again: what it was asked before may be lost, and is not waited for. */
  askAgain(server: string): void {
    this.#avoidUntilMs.delete(server);
    for (const window of this.#windows.values()) {
      if (window.asked?.server === server) window.asked = undefined;
    }
  }

  /** What to ask of whom now, given what each reachable peer has. */
  questions(peers: readonly { server: string; vector: VersionVector }[], nowMs: number): Question[] {
    this.#forgetUnanswered(nowMs);
    const load = this.#load();
    const questions: Question[] = [];
    for (const [origin, servers] of this.#holdersOfMissing(peers)) {
      const window = this.#window(origin);
      const busy = window.asked || window.storing > STORING_MAX || nowMs < window.notBeforeMs;
      if (busy || this.#unstored > UNSTORED_MAX) continue;
      const server = this.#leastBusy(servers, load, nowMs);
      load.set(server, (load.get(server) ?? 0) + 1);
      const request = ++this.#requests;
      const from = window.handed + 1;
      window.asked = { server, request, from, atMs: nowMs };
      questions.push({ server, request, origin, from });
    }
    return questions;
  }

  /** Which peers have entries that are neither here nor on their way, by origin. */
  #holdersOfMissing(peers: readonly { server: string; vector: VersionVector }[]): Map<Origin, string[]> {
    const holders = new Map<Origin, string[]>();
    for (const { server, vector } of peers) {
      for (const [origin, sequence] of vector) {
        if (sequence <= this.#handed(origin)) continue;
        const servers = holders.get(origin);
        if (servers) servers.push(server);
        else holders.set(origin, [server]);
      }
    }
    return holders;
  }

  #forgetUnanswered(nowMs: number): void {
    for (const window of this.#windows.values()) {
      if (!window.asked || nowMs - window.asked.atMs <= ANSWER_WITHIN_MS) continue;
      this.#avoidUntilMs.set(window.asked.server, nowMs + 2 * ANSWER_WITHIN_MS);
      window.asked = undefined;
    }
  }

  #leastBusy(servers: readonly string[], load: ReadonlyMap<string, number>, nowMs: number): string {
    const cost = (server: string): number =>
      (load.get(server) ?? 0) + ((this.#avoidUntilMs.get(server) ?? 0) > nowMs ? 1_000 : 0);
    return servers.reduce((best, server) => (cost(server) < cost(best) ? server : best));
  }

  #load(): Map<string, number> {
    const load = new Map<string, number>();
    for (const { asked } of this.#windows.values()) {
      if (asked) load.set(asked.server, (load.get(asked.server) ?? 0) + 1);
    }
    return load;
  }

  #handed(origin: Origin): number {
    return this.#windows.get(origin)?.handed ?? sequenceOf(this.#stored, origin);
  }

  #window(origin: Origin): Window {
    let window = this.#windows.get(origin);
    if (!window) {
      window = { handed: sequenceOf(this.#stored, origin), storing: 0, asked: undefined, notBeforeMs: 0 };
      this.#windows.set(origin, window);
    }
    return window;
  }
}
