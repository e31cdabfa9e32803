/** Hashes of changes, short enough to be read and typed, and long again. */
import type { RecordedChangeAnswer } from "../../http/contract/history.ts";
import { CommandError } from "../command-error.ts";
import type { Items } from "./operator-api.ts";

/** Tells the changes of one document apart. */
const SHORT = 8;
const WHOLE = /^[0-9a-f]{64}$/;
const BEGINNING = /^[0-9a-f]{4,63}$/;
/** More than a player or match gathers. */
const CHANGES_MAX = 100_000;

export interface HistoryReader {
  history(documentId: string, count: number): Promise<Items<RecordedChangeAnswer>>;
}

export function shortHash(hash: string): string {
  return hash.slice(0, SHORT);
}

/** Comma-separated beginnings of hashes, as whole ones. @throws CommandError */
export async function wholeHeads(text: string, documentId: string, reader: HistoryReader): Promise<string[]> {
  const heads = text
    .toLowerCase()
    .split(",")
    .filter((head) => head !== "");
  if (heads.length > 0 && heads.every((head) => WHOLE.test(head))) return heads;
  const { items } = await changesOf(documentId, reader);
  return heads.map((head) => changeNamed(head, items).hash);
}

/** Of all changes of a document, that whose hash begins so. @throws CommandError */
export async function changeOf(
  text: string,
  documentId: string,
  reader: HistoryReader,
): Promise<RecordedChangeAnswer> {
  const { items } = await changesOf(documentId, reader);
  return changeNamed(text.toLowerCase(), items);
}

function changesOf(documentId: string, reader: HistoryReader): Promise<Items<RecordedChangeAnswer>> {
  return reader.history(documentId, CHANGES_MAX);
}

function changeNamed(beginning: string, changes: readonly RecordedChangeAnswer[]): RecordedChangeAnswer {
  if (!BEGINNING.test(beginning) && !WHOLE.test(beginning)) {
    throw new CommandError("bad-usage", `"${beginning}" is no hash of a change, nor 4 or more digits of one`);
  }
  const [only, ...others] = changes.filter(({ hash }) => hash.startsWith(beginning));
  if (!only) throw new CommandError("refused", `no change of it begins with ${beginning}`);
  if (others.length > 0)
    throw new CommandError("refused", `several changes begin with ${beginning}; give more of it`);
  return only;
}
