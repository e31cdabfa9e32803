/** Why something cannot be done to a match, as far as a server knows it. */
import { RollcallError } from "./errors.ts";
import type { DocumentId } from "./ids.ts";
import type { MatchState } from "./match-facts.ts";
import type { RankingFaults } from "./ranking.ts";

/** Joined or left when it is not open any more; started when it was cancelled or has expired. */
export class MatchNotOpenError extends RollcallError {
  readonly code = "match-not-open";

  constructor(state: MatchState) {
    super(`the match is ${state}, no longer open`);
  }
}

/** Joined when all seats are taken. */
export class MatchFullError extends RollcallError {
  readonly code = "match-full";

  constructor(capacity: number) {
    super(`all ${capacity} seats of the match are taken`);
  }
}

/** Joined once more by somebody who joined and left as often as a match keeps. */
export class TooManyEntriesError extends RollcallError {
  readonly code = "too-many-entries";

  constructor(entriesMax: number) {
    super(`the player took a seat in this match ${entriesMax} times already; join another match`);
  }
}

/** Started with nobody seated. */
export class MatchEmptyError extends RollcallError {
  readonly code = "match-empty";

  constructor() {
    super("nobody is seated in the match");
  }
}

/** Reported or settled when it is neither running nor finished. */
export class MatchNotRunningError extends RollcallError {
  readonly code = "match-not-running";

  constructor(state: MatchState) {
    super(`the match is ${state}, neither running nor finished`);
  }
}

/** Cancelled when it is finished or expired. */
export class MatchOverError extends RollcallError {
  readonly code = "match-over";

  constructor(state: MatchState) {
    super(`the match is ${state} already`);
  }
}

/** Reported by somebody without a seat. */
export class NotSeatedError extends RollcallError {
  readonly code = "not-seated";

  constructor(playerId: DocumentId) {
    super(`${playerId} is not seated in the match`);
  }
}

/** Ranks of others than exactly the seated. */
export class RanksNotOfSeatedError extends RollcallError {
  readonly code = "ranks-not-of-seated";
  /** Ranked without a seat; sorted. */
  readonly strangers: readonly DocumentId[];
  /** Seated and not ranked; sorted. */
  readonly missing: readonly DocumentId[];

  constructor({ strangers, missing }: RankingFaults) {
    super(`the ranks have ${strangers.length} who are not seated, and lack ${missing.length} who are`);
    this.strangers = strangers;
    this.missing = missing;
  }
}

/** Reported otherwise than before, or settled once more, when the result stands. */
export class ResultSettledError extends RollcallError {
  readonly code = "result-settled";

  constructor() {
    super("the result of the match is settled");
  }
}
