/**
 * What happened in a run: each call that was made, each fault, each measure of lag, on one clock. Beside what the
 * servers hold at the end, it is all that is judged and all that is drawn.
 */

/**
 * `ok`: answered with 2xx; `failed`: certainly not done (refused with 4xx, or never sent); `unknown`: anything
 * else, as it may have been done (an answer that did not come, 5xx).
 */
export type Outcome = "ok" | "failed" | "unknown";

export interface RecordedCall {
  /** The server that was asked. */
  readonly server: string;
  /** What was asked, in a word or two: `register`, `join match`. */
  readonly what: string;
  /** A text that this write alone puts into a record; null for a write that says nothing of its own. */
  readonly mark: string | null;
  /** Milliseconds since the run began. */
  readonly startedMs: number;
  readonly endedMs: number;
  readonly outcome: Outcome;
  /** Null when no answer came. */
  readonly status: number | null;
  /** Of the problem, or of the connection's error; null when it went well. */
  readonly code: string | null;
  /** Where the write stands in the log, as the answer says. */
  readonly position: string | null;
}

export interface RecordedFault {
  /** Of the nemesis: `killed`, `cut off`. */
  readonly name: string;
  /** What it struck: `server-1`, `server-1 hearing server-2`. */
  readonly target: string;
  readonly startedMs: number;
  /** Null while it lasts. */
  endedMs: number | null;
}

/** How far servers are apart at a moment. */
export interface LagSample {
  readonly atMs: number;
  /** By server, how many entries it lacks of all that any server holds; null when it does not answer. */
  readonly missing: Readonly<Record<string, number | null>>;
}

/** Something that a scenario tells whoever watches. */
export interface Remark {
  readonly atMs: number;
  readonly text: string;
}

export class History {
  readonly #beganMs = performance.now();
  readonly calls: RecordedCall[] = [];
  readonly faults: RecordedFault[] = [];
  readonly lag: LagSample[] = [];
  readonly remarks: Remark[] = [];

  /** Milliseconds since the run began. */
  now(): number {
    return performance.now() - this.#beganMs;
  }

  faultBegan(name: string, target: string): RecordedFault {
    const fault: RecordedFault = { name, target, startedMs: this.now(), endedMs: null };
    this.faults.push(fault);
    return fault;
  }

  remark(text: string): void {
    this.remarks.push({ atMs: this.now(), text });
  }
}
