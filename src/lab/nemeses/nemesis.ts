/** A fault with a name, a target, a start and an end. What it breaks works again when it has ended. */
export interface Nemesis {
  /** In a word or two, as it stands in the report: `killed`, `cut off`. */
  readonly name: string;
  readonly target: string;
  start(): Promise<void>;
  end(): Promise<void>;
}
