/** Rows as they come out of a source, whatever it is. */

/** Where a row stands: the line of a file, counted from 1, or the row of a query. */
interface Place {
  readonly line: number;
}

export interface SourceRow extends Place {
  readonly values: Readonly<Record<string, unknown>>;
}

/** What could not be read as a row. */
export interface SourceFault extends Place {
  readonly fault: string;
}

export type SourceItem = SourceRow | SourceFault;

export interface Source {
  /** As the user named it. */
  readonly name: string;
  /** Every row has the same columns, so that what the first one lacks, all do. */
  readonly sameColumns: boolean;
  /** All items, in the same order each time. @throws CommandError when the source as a whole cannot be read */
  items(): AsyncGenerator<SourceItem>;
  /** How much of it was read, from 0 to 1; undefined while nobody knows. */
  progress(): number | undefined;
  close(): Promise<void>;
}
