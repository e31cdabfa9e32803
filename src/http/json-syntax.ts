/**
 * Where a text stops being JSON (RFC 8259). Only asked once `JSON.parse` has refused: its own messages name a
 * position in some cases, in words that change with the version of the engine.
 */

const SPACE = /[\t\n\r ]*/y;
/** Groups: punctuation, text, other scalar. JSON forbids U+0000 to U+001F in text; `\p{Cc}` has more. */
const TOKEN =
  /([{}[\],:])|("(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|((?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null))/uy;

type Expected = "value" | "value-or-]" | "key" | "key-or-}" | ":" | ",-or-end" | "nothing";

/** The index of the first token that cannot stand where it stands; undefined when the text is JSON. */
export function jsonSyntaxFault(text: string): number | undefined {
  const closers: ("]" | "}")[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    at = skipSpace(text, at);
    if (at >= text.length) return expected === "nothing" ? undefined : at;
    TOKEN.lastIndex = at;
    const [token, punctuation, string] = TOKEN.exec(text) ?? [];
    if (token === undefined) return at;
    const kind = punctuation ?? (string === undefined ? "scalar" : "string");
    const next = after(kind, expected, closers);
    if (next === undefined) return at;
    expected = next;
    at += token.length;
  }
}

/** What may follow a token; undefined when the token itself may not stand here. */
function after(kind: string, expected: Expected, closers: ("]" | "}")[]): Expected | undefined {
  switch (expected) {
    case "value":
    case "value-or-]":
      if (kind === "{" || kind === "[") {
        closers.push(kind === "{" ? "}" : "]");
        return kind === "{" ? "key-or-}" : "value-or-]";
      }
      if (kind === "]" && expected === "value-or-]") return closed(closers);
      return kind === "string" || kind === "scalar" ? afterValue(closers) : undefined;
    case "key":
    case "key-or-}":
      if (kind === "}" && expected === "key-or-}") return closed(closers);
      return kind === "string" ? ":" : undefined;
    case ":":
      return kind === ":" ? "value" : undefined;
    case ",-or-end":
      if (kind === ",") return closers.at(-1) === "}" ? "key" : "value";
      return kind === closers.at(-1) ? closed(closers) : undefined;
    case "nothing":
      return undefined;
  }
}

function closed(closers: ("]" | "}")[]): Expected {
  closers.pop();
  return afterValue(closers);
}

function afterValue(closers: readonly string[]): Expected {
  return closers.length > 0 ? ",-or-end" : "nothing";
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}
