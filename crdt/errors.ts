/**
 * The base of every error that Rollcall throws on purpose.
 *
 * `code` is stable and part of the outer contract; callers classify by it, never by the message.
 * `retryable` says whether the same call may succeed later without being changed.
 */
export abstract class RollcallError extends Error {
  abstract readonly code: string;
  readonly retryable: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A text that should be an id, a stamp, a position or a hash, and is not. */
export class MalformedTextError extends RollcallError {
  readonly code = "malformed-text";
  readonly expected: string;

  constructor(expected: string, text: string) {
    super(`expected ${expected}, got ${JSON.stringify(text.slice(0, 80))}`);
    this.expected = expected;
  }
}

/** A change from outside that may not be applied; `reason` is counted and kept in quarantine. */
export class UnacceptableChangeError extends RollcallError {
  readonly code = "unacceptable-change";
  readonly reason: ChangeFault;

  constructor(reason: ChangeFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Why a change was not applied (UNK2). */
export type ChangeFault =
  | "not-a-change"
  | "hash-mismatch"
  | "undecodable"
  | "too-many-operations"
  | "unexpected-actor"
  | "unappliable";

/** Automerge's WebAssembly instance is lost: nothing is wrong with the data, and the process has to be restarted. */
export class EngineLostError extends RollcallError {
  readonly code = "engine-lost";

  constructor(cause: unknown) {
    super("Automerge's WebAssembly instance is lost; the process has to be restarted", { cause });
  }
}

/** A broken invariant of our own: a bug, never bad input. */
export class InvariantError extends RollcallError {
  readonly code = "invariant";
}

/** Throws an `InvariantError` unless the condition holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
