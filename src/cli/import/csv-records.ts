/**
 * Records of CSV (RFC 4180), by the column names of the header line.
 *
 * A record that is wrong must not take others with it: reading goes on at the line after the one where it began. A
 * parser of a whole file cannot do that, as after a stray quote it takes what follows for a part of the value. So
 * lines are gathered until they make a record, and each record is parsed by itself.
 */
import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { CommandError } from "../command-error.ts";
import { type FileLine, isUtf8 } from "./file-lines.ts";
import type { SourceItem } from "./source-row.ts";

/** Where a value goes on for longer than this, a quote was forgotten. */
const RECORD_LINES_MAX = 100;

type Fields = readonly string[];
type Parsed = { readonly fields: Fields } | { readonly fault: string; readonly mayGoOn: boolean };

/** None of an empty file. @throws CommandError when the header line is none */
export async function* csvRecords(lines: AsyncGenerator<FileLine>): AsyncGenerator<SourceItem> {
  const ahead: FileLine[] = [];
  const next = async (): Promise<FileLine | undefined> => {
    for (;;) {
      const line = ahead.shift() ?? (await lines.next()).value;
      if (line === undefined || line.text !== "") return line;
    }
  };
  const first = await next();
  if (!first) return;
  const header = parseRecord(first.text);
  if ("fault" in header) throw new CommandError("bad-source", `the CSV has no header line: ${header.fault}`);
  for (let start = await next(); start; start = await next()) {
    const record = await gather(start, lines, ahead);
    yield "fault" in record
      ? { line: start.line, fault: record.fault }
      : toItem(start.line, header.fields, record.fields);
  }
}

/** The record that begins with this line; lines that turn out not to belong to it are put back. */
async function gather(start: FileLine, lines: AsyncGenerator<FileLine>, ahead: FileLine[]): Promise<Parsed> {
  if (!isUtf8(start)) return { fault: "is not UTF-8", mayGoOn: false };
  const taken: FileLine[] = [];
  let text = start.text;
  for (;;) {
    const parsed = parseRecord(text);
    if ("fields" in parsed) return parsed;
    const more =
      parsed.mayGoOn && taken.length < RECORD_LINES_MAX
        ? (ahead.shift() ?? (await lines.next()).value)
        : undefined;
    if (more === undefined) {
      ahead.unshift(...taken);
      return parsed;
    }
    taken.push(more);
    text += `\n${more.text}`;
  }
}

function parseRecord(text: string): Parsed {
  if (!text.includes('"')) return { fields: text.split(",") };
  try {
    const [fields = []] = parse(text) as string[][];
    return { fields };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const mayGoOn = error.code === "CSV_QUOTE_NOT_CLOSED";
    return { fault: mayGoOn ? "a quote is not closed" : "a quote stands inside a value", mayGoOn };
  }
}

function toItem(line: number, header: Fields, fields: Fields): SourceItem {
  if (fields.length !== header.length) {
    return { line, fault: `has ${fields.length} values for ${header.length} columns` };
  }
  return { line, values: Object.fromEntries(header.map((name, index) => [name, fields[index]])) };
}
