/**
 * What became of the calls of all bots: how many there were, which were moved to another server, which failed.
 *
 * A refusal that belongs to the game (somebody else got the last seat) is no failure; each call names those that
 * it can take. A bot makes one call at a time, so a trouble that its client tells of belongs to that call.
 */
import { ProblemError, RollcallError } from "../../src/client/client.ts";

export interface Slowest {
  readonly what: string;
  readonly ms: number;
}

export class CallRecord {
  calls = 0;
  moved = 0;
  slowest: Slowest = { what: "none", ms: 0 };
  /** By code. */
  readonly refusals = new Map<string, number>();
  /** By code and call. */
  readonly failures = new Map<string, number>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get failed(): number {
    return [...this.failures.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Of one bot. */
  caller(): Caller {
    return new Caller(this, this.#nowMs);
  }
}

export class Caller {
  readonly #record: CallRecord;
  readonly #nowMs: () => number;
  #isMoving = false;

  constructor(record: CallRecord, nowMs: () => number) {
    this.#record = record;
    this.#nowMs = nowMs;
  }

  /** For the client's `onTrouble`. A limit is waited out at the same server. */
  readonly onTrouble = (error: RollcallError): void => {
    if (!(error instanceof ProblemError && error.status === 429)) this.#isMoving = true;
  };

  /** What the call gives. @throws RollcallError, which is counted. */
  async make<T>(what: string, call: () => Promise<T>): Promise<T> {
    const made = await this.tryTo(what, call, []);
    if ("refused" in made) throw new RangeError("no refusal was allowed");
    return made.value;
  }

  /** What the call gives, or the code of a refusal among those that are allowed. @throws RollcallError as above */
  async tryTo<T>(what: string, call: () => Promise<T>, allowed: readonly string[]): Promise<Made<T>> {
    const record = this.#record;
    const startedAtMs = this.#nowMs();
    this.#isMoving = false;
    record.calls++;
    try {
      const value = await call();
      if (this.#isMoving) record.moved++;
      return { value };
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      if (error instanceof ProblemError && allowed.includes(error.code)) {
        if (this.#isMoving) record.moved++;
        increment(record.refusals, error.code);
        return { refused: error.code };
      }
      increment(record.failures, `${error.code} (${what})`);
      throw error;
    } finally {
      const ms = this.#nowMs() - startedAtMs;
      if (ms > record.slowest.ms) record.slowest = { what, ms };
    }
  }
}

export type Made<T> = { readonly value: T } | { readonly refused: string };

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
