/**
 * Sends the rows of a source to a server, many at a time, and tells of those that are no players.
 *
 * - IMP1: a row that was sent before, here or to another server, is the same player, of whom what is unset is filled.
 * - IMP2: a row that cannot be read or is refused is told of with its line and the reason; the others go in.
 * - Rows are taken in the order of the source. `settledRows` counts those before the first that is still under way:
 *   an import that was stopped goes on by skipping that many.
 */
import { CommandError } from "../command-error.ts";
import type { Answer, Call } from "../server-connection.ts";
import { reasonOf } from "../server-connection.ts";
import { type ColumnMap, registrationOf } from "./column-map.ts";
import type { Source, SourceItem, SourceRow } from "./source-row.ts";

export interface ImportOptions {
  readonly source: Source;
  readonly map: ColumnMap;
  readonly call: (call: Call) => Promise<Answer>;
  /** Rows under way at a time. */
  readonly parallel: number;
  /** Rows of the source that were settled by an earlier run. */
  readonly skip: number;
  readonly onRejected: (row: RejectedRow) => void;
}

export interface RejectedRow {
  readonly line: number;
  readonly reason: string;
}

export interface ImportCounts {
  /** Registered by this run. */
  readonly created: number;
  /** Were players already. */
  readonly present: number;
  readonly rejected: number;
}

export class Importer {
  readonly #options: ImportOptions;
  readonly #counts = { created: 0, present: 0, rejected: 0 };
  readonly #underWay = new Set<number>();
  #taken = 0;
  #stopping = false;
  #columnsAreThere = false;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  get counts(): ImportCounts {
    return { ...this.#counts };
  }

  get settledRows(): number {
    // A set keeps the order in which rows were taken.
    const [first] = this.#underWay;
    return first === undefined ? this.#taken : first - 1;
  }

  /** Resolves when every row is settled, or after `stop` those that were under way. @throws CommandError */
  async run(): Promise<void> {
    const items = this.#options.source.items();
    const work = Array.from({ length: this.#options.parallel }, () => this.#work(items));
    // What is under way when one of them fails is settled before it is said how far the import came.
    const ended = await Promise.allSettled(work);
    await items.return(undefined);
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  }

  stop(): void {
    this.#stopping = true;
  }

  /** One of several that take turns: an async generator answers in the order in which it was asked. */
  async #work(items: AsyncGenerator<SourceItem>): Promise<void> {
    try {
      while (!this.#stopping) {
        const { value: item, done } = await items.next();
        if (done) return;
        const number = ++this.#taken;
        if (number <= this.#options.skip) continue;
        if (!("fault" in item)) this.#requireColumns(item);
        this.#underWay.add(number);
        await this.#settle(item);
        this.#underWay.delete(number);
      }
    } catch (error) {
      this.#stopping = true;
      throw error;
    }
  }

  /** What every row would be refused for is told once, before anything is sent. */
  #requireColumns({ values }: SourceRow): void {
    if (this.#columnsAreThere) return;
    const { source, map } = this.#options;
    const others = source.sameColumns ? Object.keys(map.columns ?? {}) : [];
    const missing = [...new Set([map.key, ...others])].filter((column) => !(column in values));
    if (missing.length > 0) {
      const isKey = missing[0] === map.key;
      throw new CommandError(
        "bad-source",
        `${source.name} has no column ${missing.join(", ")}${isKey ? ", the key" : ""}; ` +
          `it has ${Object.keys(values).join(", ")}. A map (--map) names the key and what becomes what`,
      );
    }
    this.#columnsAreThere = true;
  }

  async #settle(item: SourceItem): Promise<void> {
    const registration = "fault" in item ? item : registrationOf(item, this.#options.map);
    if ("fault" in registration) {
      this.#reject(item.line, registration.fault);
      return;
    }
    const { idempotencyKey, body } = registration;
    const answer = await this.#options.call({
      method: "POST",
      path: "/v1/players",
      headers: { "idempotency-key": idempotencyKey },
      body,
    });
    if (answer.status === 201) this.#counts.created++;
    else if (answer.status === 200) this.#counts.present++;
    else this.#reject(item.line, reasonOf(answer));
  }

  #reject(line: number, reason: string): void {
    this.#counts.rejected++;
    this.#options.onRejected({ line, reason });
  }
}
