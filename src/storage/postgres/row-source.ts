/**
 * Rows that a statement takes as parameters: one binary array a column, put together again by `unnest`. Each
 * column is declared once, by its name, its type and where its value comes from; text and values follow.
 *
 * `unnest` stands in the list of what is selected, where equally long arrays go side by side, row by row. In
 * `from` PostgreSQL would copy each of them into a table of its own first, a fifth of what a commit costs.
 */
import { binaryArray, type ElementType } from "./binary-array.ts";

export interface Column<Row> {
  readonly name: string;
  /** Of the array's elements. */
  readonly sqlType: string;
  /** The type to which the elements have to be cast, for those that cannot be elements themselves. */
  readonly cast: string | undefined;
  readonly array: (rows: readonly Row[]) => Buffer;
}

/** A column of these rows; null stands for SQL's null. */
export function column<Row, Value>(
  name: string,
  type: ElementType<Value>,
  of: (row: Row) => Value | null,
  { cast }: { readonly cast?: string } = {},
): Column<Row> {
  return { name, sqlType: type.sql, cast, array: (rows) => binaryArray(type, rows.map(of)) };
}

export interface RowSource<Input> {
  /** By which the statement knows the rows. */
  readonly name: string;
  readonly columns: readonly string[];
  isEmpty(input: Input): boolean;
  /** The common table expression; its parameters are counted from `firstParameter`. */
  expression(firstParameter: number): string;
  /** One for each column. */
  parameters(input: Input): Buffer[];
}

export function rowSource<Input, Row>(
  name: string,
  columns: readonly Column<Row>[],
  rowsOf: (input: Input) => readonly Row[],
): RowSource<Input> {
  const names = columns.map((each) => each.name);
  return {
    name,
    columns: names,
    isEmpty: (input) => rowsOf(input).length === 0,
    expression: (first) => {
      const selected = columns.map((each, index) => {
        const element = `unnest($${first + index}::${each.sqlType}[])`;
        return `${each.cast ? `${element}::${each.cast}` : element} as ${each.name}`;
      });
      return `${name} as (select ${selected.join(", ")})`;
    },
    parameters: (input) => {
      const rows = rowsOf(input);
      return columns.map((each) => each.array(rows));
    },
  };
}

/** A statement that adds the rows to a table with columns of the same names. */
export function insertInto(table: string, { name, columns }: RowSource<never>): string {
  const names = columns.join(", ");
  return `insert into ${table} (${names}) select ${names} from ${name}`;
}

/** The same, where a row with the same key takes the new values. */
export function upsertInto(table: string, source: RowSource<never>, key: readonly string[]): string {
  const rest = source.columns.filter((name) => !key.includes(name));
  const updates = rest.map((name) => `${name} = excluded.${name}`).join(", ");
  return `${insertInto(table, source)} on conflict (${key.join(", ")}) do update set ${updates}`;
}
