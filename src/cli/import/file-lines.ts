/** The lines of a file with their numbers, from 1; a byte order mark is no part of the first. */
import type { Readable } from "node:stream";

export interface FileLine {
  readonly line: number;
  readonly text: string;
}

/** What bytes that are no UTF-8 are read as. Nobody's name has it, so a line that does is of another encoding. */
const REPLACEMENT = "\ufffd";

export async function* fileLines(input: Readable): AsyncGenerator<FileLine> {
  input.setEncoding("utf8");
  let line = 0;
  let rest = "";
  for await (const chunk of input) {
    const texts = (rest + chunk).split("\n");
    rest = texts.pop() ?? "";
    for (const text of texts) yield lineOf(++line, text);
  }
  if (rest !== "") yield lineOf(++line, rest);
}

export function isUtf8({ text }: FileLine): boolean {
  return !text.includes(REPLACEMENT);
}

function lineOf(line: number, text: string): FileLine {
  const from = line === 1 && text.startsWith("\ufeff") ? 1 : 0;
  return { line, text: text.slice(from, text.endsWith("\r") ? -1 : undefined) };
}
