/** Reads `--map FILE`; what is wrong with it is told by file and field. */
import { readFileSync } from "node:fs";
import { CommandError } from "../command-error.ts";
import { type ColumnMap, columnMap } from "./column-map.ts";

/** Without a file, columns mean what they are called. @throws CommandError `bad-usage` */
export function readMap(path: string | undefined): ColumnMap {
  if (path === undefined) return columnMap.parse({});
  const read = columnMap.safeParse(contentOf(path));
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path: at, message }) =>
    at.length === 0 ? message : `${at.join(".")} ${message}`,
  );
  throw new CommandError("bad-usage", `--map ${path}: ${faults.join("; ")}`);
}

function contentOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new CommandError("bad-usage", `--map ${path} cannot be read: ${reason(error)}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError("bad-usage", `--map ${path} is no JSON: ${reason(error)}`, { cause: error });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
