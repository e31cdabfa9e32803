/** `rollcall show` and `diff` as they are read: registers by their path, and their values whole. */
import type { DiffAnswer, DocumentAnswer } from "../../http/contract/history.ts";
import { displayWidth, wrap } from "../text/display-width.ts";
import type { Screen } from "../text/screen.ts";
import { drawLine, drawSpan, type Paint, type Span, textOf } from "../text/span.ts";
import { valueWords } from "../text/value-words.ts";
import { shortHash } from "./short-hash.ts";

/** A longer path stands on a line of its own. */
const PATH_WIDTH_MAX = 28;
const GAP = 2;

export function documentLines({ id, kind, heads, document }: DocumentAnswer, screen: Screen): string[] {
  const paths = Object.keys(document).sort();
  return [
    drawLine([{ text: `${kind} ${id}`, paint: "bold" }, " at ", ...hashSpans(heads)], screen),
    ...pairLines(
      paths.map((path) => ({ path, values: [{ text: valueWords(document[path]) }] })),
      screen,
    ),
  ];
}

export function diffLines({ from, to, patches }: DiffAnswer, screen: Screen): string[] {
  const head = drawLine(["from ", ...hashSpans(from), " to ", ...hashSpans(to)], screen);
  if (patches.length === 0) return [head, "Nothing reads differently."];
  const pairs = patches.map((patch) => ({
    path: patch.path,
    values: [
      { text: `- ${valueWords(patch.from)}`, paint: "red" as const },
      { text: `+ ${valueWords(patch.to)}`, paint: "green" as const },
    ],
  }));
  return [head, ...pairLines(pairs, screen)];
}

interface Pair {
  readonly path: string;
  readonly values: readonly { readonly text: string; readonly paint?: Paint }[];
}

function pairLines(pairs: readonly Pair[], screen: Screen): string[] {
  const widths = pairs
    .map(({ path }) => displayWidth(textOf(path)))
    .filter((width) => width <= PATH_WIDTH_MAX);
  const width = Math.max(0, ...widths);
  return pairs.flatMap(({ path, values }) => {
    const lines = values.flatMap(({ text, paint }) =>
      wrap(textOf(text), screen.width - width - GAP).map((part) => drawSpan({ text: part, paint }, screen)),
    );
    const isLong = displayWidth(textOf(path)) > width;
    const first = isLong ? [drawLine([path], screen)] : [];
    return [
      ...first,
      ...lines.map((line, index) => {
        const name = index === 0 && !isLong ? path : "";
        return drawSpan(name, screen, { width: width + GAP }) + line;
      }),
    ];
  });
}

function hashSpans(hashes: readonly string[]): Span[] {
  return [{ text: hashes.map(shortHash).join(","), paint: "yellow" }];
}
