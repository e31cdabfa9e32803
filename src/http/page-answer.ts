/** A page of a list, with a link to the next one. */
import { type Answer, jsonAnswer } from "./answer.ts";

/** What a page is asked with: parameters as they were parsed. */
type Query = { readonly [name: string]: string | number | undefined };

/** `query` is what the next page is asked with, but for its cursor. */
export function pageAnswer(
  page: { readonly items: readonly unknown[]; readonly next: string | null },
  path: string,
  query: Query,
): Answer {
  const { next } = page;
  return jsonAnswer(200, page, next === null ? {} : { Link: nextLink(path, { ...query, cursor: next }) });
}

/** Relative, as the next page is the same on every server. */
function nextLink(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return `<${path}?${parameters}>; rel="next"`;
}
