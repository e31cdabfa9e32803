/** `rollcall history` as it is read: lanes, and beside each change who made it, when, why, and what it did. */
import type { RecordedChangeAnswer } from "../../http/contract/history.ts";
import { wrap } from "../text/display-width.ts";
import type { Screen } from "../text/screen.ts";
import { drawLine, type Paint, type Span, textOf } from "../text/span.ts";
import { ageWords } from "../text/time-words.ts";
import { type DrawnChange, historyGraph, type LaneRow } from "./history-graph.ts";
import type { Items } from "./operator-api.ts";
import { shortHash } from "./short-hash.ts";

const LANE_PAINTS: readonly Paint[] = ["cyan", "magenta", "green", "yellow", "blue", "red"];
/** Of a narrow screen the lanes may take a part; those further right are left out. */
const LANES_SHARE = 0.3;
const LANE_WIDTH = 2;

export function historyLines({ items, more }: Items<RecordedChangeAnswer>, screen: Screen): string[] {
  if (items.length === 0) return ["No changes."];
  const graph = historyGraph(items, !more);
  const most = Math.max(
    ...graph.flatMap(({ above, node, below }) => [...above, node, ...below]).map((row) => row.length),
  );
  const width = Math.min(most, Math.max(1, Math.floor((screen.width * LANES_SHARE) / LANE_WIDTH)));
  const lines = items.flatMap((item, index) => changeLines(item, graph[index], { width, screen }));
  return more ? [...lines, "There are older ones: --limit shows more."] : lines;
}

interface Place {
  /** In lanes. */
  readonly width: number;
  readonly screen: Screen;
}

function changeLines(item: RecordedChangeAnswer, drawn: DrawnChange | undefined, place: Place): string[] {
  const { above = [], node = [], below = [], on = [] } = drawn ?? {};
  const { width, screen } = place;
  const words = wrap(textOf(item.words), screen.width - width * LANE_WIDTH - 1);
  const beside = Array.from({ length: Math.max(words.length, below.length) }, (_, index) =>
    drawLine([...laneSpans(below[index] ?? on, width), words[index] ?? ""], screen),
  );
  return [
    ...above.map((row) => drawLine(laneSpans(row, width), screen)),
    drawLine([...laneSpans(node, width), ...headline(item, screen)], screen),
    ...beside,
  ];
}

function headline(item: RecordedChangeAnswer, { nowMs }: Screen): Span[] {
  const { hash, server, at, by, reason, concurrentCount } = item;
  return [
    { text: shortHash(hash), paint: "yellow" },
    "  ",
    { text: server ?? "unknown server", paint: "bold" },
    `  ${at === undefined ? "no time" : ageWords(at, nowMs)}`,
    reason === undefined ? "" : `  ${reason}${by === undefined ? "" : ` by ${by}`}`,
    concurrentCount === 0 ? "" : { text: `  did not know of ${concurrentCount}`, paint: "dim" },
  ];
}

/** As wide for every line, so that texts are aligned. */
function laneSpans(row: LaneRow, width: number): Span[] {
  const fitting = row.slice(0, width).map(({ text, lane }): Span => {
    const isNode = text.startsWith("●");
    return { text, paint: isNode ? "bold" : LANE_PAINTS[lane % LANE_PAINTS.length] };
  });
  const beyond = row.slice(width);
  // Of what is left out, the change itself is worth a sign.
  const sign = beyond.some(({ text }) => text.startsWith("●")) ? "●" : beyond.length > 0 ? "…" : " ";
  return [...fitting, "  ".repeat(width - fitting.length), sign];
}
