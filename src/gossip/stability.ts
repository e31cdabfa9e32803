/**
 * What every member holds, as far as this server knows (STB1, STB2): the ground on which a claim is confirmed (CLM2).
 * Pure.
 *
 * Intuition: an entry that a member says it has is known to whatever the member writes from then on. What it wrote
 * before, it had when it said so. So once this server has all that the member had, any entry of the member that
 * this server still lacks was written in knowledge of the first. When that is so for every member, nothing that was
 * written in ignorance of the entry can arrive any more.
 *
 * Hence a statement of a member counts only when this server has caught up with it. Where members write without a
 * pause the newest statement is always a little ahead, so one is kept until it is caught up with, and then
 * the newest that was heard since.
 *
 * One such round is not enough to call a claim confirmed (STB2). An earlier claim, written in ignorance of it, may be
 * here and hidden by a later value of its register; somebody who lacks it can delete that later value, and the earlier
 * one is read again. So what every member holds is stable only once all that this server held at that moment is held
 * by every member as well: whoever writes then knows of everything that was written in ignorance of the claim.
 *
 * Invariants: neither vector goes back; they stand still while any member is silent that the log or its own
 * voice tells of, while a member that restarted has not been caught up with again, and while fewer members are
 * known than peers are configured, forgotten ones counted. A member that goes down keeps what it said: what it writes meanwhile, alone, it
 * writes in knowledge of that.
 */
import type { Origin } from "../../crdt/position.ts";
import { entriesBehind, sequenceOf, type VersionVector } from "../../crdt/version-vector.ts";

/** What one incarnation of a member said that it has. The later holds all that the earlier holds. */
interface Statements {
  readonly incarnation: Origin;
  /** The latest that this server has caught up with. */
  covered: VersionVector | undefined;
  /** The next that is to be caught up with. */
  waiting: VersionVector | undefined;
  /** The newest that was heard while `waiting` waits. */
  newest: VersionVector | undefined;
}

/** What every member was found to hold, and what this server held at that moment. */
interface Round {
  readonly heldByAll: VersionVector;
  readonly held: VersionVector;
}

export class Stability {
  readonly #peersExpected: number;
  readonly #statements = new Map<string, Statements>();
  #heldByAll: VersionVector;
  #stable: VersionVector;
  /** While what this server held in it is not held by every member yet. */
  #round: Round | undefined;

  /** @param stored What was stable before. @param peersExpected How many brokers of peers are configured. */
  constructor(stored: VersionVector, peersExpected: number) {
    this.#heldByAll = stored;
    this.#stable = stored;
    this.#peersExpected = peersExpected;
  }

  /** STB1. Of each origin the entries that every member holds. */
  get heldByAll(): VersionVector {
    return this.#heldByAll;
  }

  /** STB2. Of each origin the entries that nobody writes in ignorance of any more, nor of what was written so. */
  get vector(): VersionVector {
    return this.#stable;
  }

  /** A member said that it has this. A new incarnation may have lost what the old one had. */
  heard(server: string, incarnation: Origin, vector: VersionVector): void {
    const known = this.#statements.get(server);
    if (known?.incarnation !== incarnation) {
      const nothing = { covered: undefined, newest: undefined };
      this.#statements.set(server, { incarnation, ...nothing, waiting: vector });
      return;
    }
    const latest = known.newest ?? known.waiting ?? known.covered;
    if (latest && includes(latest, vector)) return; // the same, or overtaken on the way
    if (known.waiting) known.newest = vector;
    else known.waiting = vector;
  }

  /**
   * To be called several times a second, with what this server holds, the names of all other members that
   * its log tells of, and of those that were forgotten: nobody waits for these, but they are known. Returns whether
   * the stable vector advanced.
   */
  advance(held: VersionVector, members: readonly string[], gone: readonly string[] = []): boolean {
    this.#hearAll(held, members, gone);
    const before = this.#stable;
    this.#endRound();
    if (!this.#round && entriesBehind(this.#stable, this.#heldByAll) > 0) {
      this.#round = { heldByAll: this.#heldByAll, held };
      this.#endRound();
    }
    return this.#stable !== before;
  }

  /** What these incarnations said counts no more (MBR2). To be called before each `advance`. */
  forget(forgotten: { has(incarnation: Origin): boolean }): void {
    for (const [server, { incarnation }] of this.#statements) {
      if (forgotten.has(incarnation)) this.#statements.delete(server);
    }
  }

  #hearAll(held: VersionVector, members: readonly string[], gone: readonly string[]): void {
    for (const statements of this.#statements.values()) catchUp(statements, held);
    const others = new Set([...members, ...this.#statements.keys()]);
    if (new Set([...others, ...gone]).size < this.#peersExpected) return;
    const said = [...others].map((server) => this.#statements.get(server)?.covered);
    if (!said.every((vector) => vector !== undefined)) return;
    const advanced = new Map<Origin, number>();
    for (const [origin, sequence] of held) {
      const before = sequenceOf(this.#heldByAll, origin);
      if (sequence <= before) continue;
      const least = said.reduce((min, vector) => Math.min(min, sequenceOf(vector, origin)), sequence);
      if (least > before) advanced.set(origin, least);
    }
    if (advanced.size > 0) this.#heldByAll = new Map([...this.#heldByAll, ...advanced]);
  }

  #endRound(): void {
    if (!this.#round || !includes(this.#heldByAll, this.#round.held)) return;
    this.#stable = this.#round.heldByAll;
    this.#round = undefined;
  }
}

/** Takes up the statements that this server has caught up with, the newest first. */
function catchUp(statements: Statements, held: VersionVector): void {
  const { waiting, newest } = statements;
  if (newest && includes(held, newest)) {
    statements.covered = newest;
    statements.waiting = undefined;
  } else if (waiting && includes(held, waiting)) {
    statements.covered = waiting;
    statements.waiting = newest;
  } else return;
  statements.newest = undefined;
}

function includes(whole: VersionVector, part: VersionVector): boolean {
  return entriesBehind(whole, part) === 0;
}
