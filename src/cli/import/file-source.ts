/** Rows of a file: CSV with a header line, or one JSON object a line. Read as a stream, however long it is. */
import { createReadStream, statSync } from "node:fs";
import { CommandError } from "../command-error.ts";
import { csvRecords } from "./csv-records.ts";
import { type FileLine, fileLines, isUtf8 } from "./file-lines.ts";
import type { Source, SourceItem } from "./source-row.ts";

/** @throws CommandError when there is no such file */
export function fileSource(path: string): Source {
  const sizeBytes = sizeOf(path);
  const stream = createReadStream(path);
  const lines = fileLines(stream);
  const isCsv = path.endsWith(".csv");
  const name = `--from ${path}`;
  return {
    name,
    sameColumns: isCsv,
    items: () => atLeastOne(isCsv ? csvRecords(lines) : jsonRecords(lines), name),
    progress: () => (sizeBytes === 0 ? 1 : stream.bytesRead / sizeBytes),
    close: async () => {
      stream.destroy();
    },
  };
}

/** A query may find nothing new; a file without rows is some mistake. */
async function* atLeastOne(items: AsyncGenerator<SourceItem>, name: string): AsyncGenerator<SourceItem> {
  let some = false;
  for await (const item of items) {
    some = true;
    yield item;
  }
  if (!some) throw new CommandError("bad-source", `${name} has no rows`);
}

async function* jsonRecords(lines: AsyncGenerator<FileLine>): AsyncGenerator<SourceItem> {
  for await (const each of lines) if (each.text.trim() !== "") yield jsonRecord(each);
}

function jsonRecord(each: FileLine): SourceItem {
  const { line, text } = each;
  if (!isUtf8(each)) return { line, fault: "is not UTF-8" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { line, fault: `is no JSON: ${error.message}` };
    throw error;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { line, fault: "is no JSON object" };
  }
  return { line, values: value as Readonly<Record<string, unknown>> };
}

function sizeOf(path: string): number {
  try {
    const found = statSync(path);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw new CommandError("bad-source", `--from ${path} cannot be read`, { cause: error });
  }
  throw new CommandError("bad-source", `--from ${path} is no file`);
}
