/**
 * HTML and SVG in which texts cannot become tags: what is put into a template is escaped, unless a template made it.
 * Names, values and messages come from players, and in tests from whoever wants to break the page. The page of calls
 * (`/docs`) and the lab's report are made with it.
 */

/** A piece of a page. `markup` makes one; making one by hand says that its text is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | readonly Part[] | string | number | null | undefined | false;

/** A tagged template; nothing stands for null, undefined and false, and lists are put one after the other. */
export function markup(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(String.raw({ raw: literals }, ...parts.map(textOf)));
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters but white space have no place in a page, and a lone surrogate cannot be written in UTF-8. */
const UNPRINTABLE = /[^\P{Cc}\t\n\r]|\p{Cs}/gu;

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === "object" && part !== null) return part.map(textOf).join("");
  if (part === null || part === undefined || part === false) return "";
  return String(part)
    .replace(UNPRINTABLE, "\u{fffd}")
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
