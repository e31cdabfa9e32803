/** Something that should not be. */
export interface Finding {
  /** Which check it is of: `acknowledged writes`. */
  readonly check: string;
  /** What is wrong, with the ids that it takes to look at it. */
  readonly words: string;
}

/** One of the questions that a run is judged by. */
export interface Check {
  readonly name: string;
  /** What is true when nothing is found, in a sentence. */
  readonly promise: string;
  readonly findings: readonly Finding[];
}
