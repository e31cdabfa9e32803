/** The time line: a lane a server, with what it suffered as bands and what it was asked as marks. */

import { type Markup, markup } from "../../markup/markup.ts";
import { counted } from "../counted.ts";
import type { History, Outcome, RecordedCall, RecordedFault } from "../history.ts";
import { rowsOf } from "./rows.ts";
import { durationText, type TimeAxis } from "./time-axis.ts";

export interface Moments {
  readonly healedMs: number;
  /** Null if they never did. */
  readonly agreedMs: number | null;
}

/** In pixels. */
const BAND = { height: 18, gap: 2 };
const MARK_ROW_HEIGHT = 14;
/** A letter takes about so much of the least width that a picture has. */
const LETTER_PERCENT = 1;

const OUTCOMES: readonly Outcome[] = ["ok", "failed", "unknown"];

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  ok: "acknowledged",
  failed: "refused",
  unknown: "unknown",
};

export function laneOf(server: string, history: History, axis: TimeAxis, moments: Moments): Markup {
  const faults = history.faults.filter((fault) => struckServers(fault).includes(server));
  const bands = bandsOf(faults, axis, moments.healedMs);
  const top = bands.rows * (BAND.height + BAND.gap) + 4;
  const height = top + OUTCOMES.length * MARK_ROW_HEIGHT + 2;
  const calls = history.calls.filter((call) => call.server === server);
  return markup`<div class="lane"><h3>${server}</h3>
<svg height="${height}" role="img" aria-label="${server}: ${counted(faults.length, "fault")}, ${counted(calls.length, "write")}">
${momentLines(axis, moments)}${bands.markup}${calls.map((call) => callMark(call, axis, top))}</svg></div>`;
}

/** The servers that a fault is drawn at: of a link that which no longer hears, of a split all. */
export function struckServers({ target }: RecordedFault): string[] {
  const [struck = ""] = target.split(" to ");
  return struck.split(/ [|>] |\+/);
}

/** When all faults had ended, and when all agreed. */
export function momentLines(axis: TimeAxis, { healedMs, agreedMs }: Moments): Markup {
  const line = (ms: number, name: string) => {
    const x = `${axis.percent(ms)}%`;
    return markup`<line class="${name}" x1="${x}" x2="${x}" y1="0" y2="100%"/>`;
  };
  return markup`${line(healedMs, "healed")}${agreedMs !== null && line(agreedMs, "agreed")}`;
}

interface Bands {
  readonly rows: number;
  readonly markup: Markup;
}

/** What lasted when the run was over ends with it. */
function bandsOf(faults: readonly RecordedFault[], axis: TimeAxis, lastMs: number): Bands {
  const extents = faults.map(({ name, target, startedMs, endedMs }) => {
    const [from, end] = [axis.percent(startedMs), axis.percent(endedMs ?? lastMs)];
    const text = labelOf(name, target);
    const width = text.length * LETTER_PERCENT + 2;
    // A text that would leave the picture stands before the end of its band.
    const isLeft = from + width > 100;
    return {
      from: isLeft ? Math.min(from, end - width) : from,
      to: Math.max(end, isLeft ? end : from + width),
      text,
      isLeft,
      band: { from, width: Math.max(end - from, 0.2) },
      title: `${name}: ${target}, ${durationText(startedMs)} to ${endedMs === null ? "the end" : durationText(endedMs)}`,
    };
  });
  const rows = rowsOf(extents);
  const drawn = extents.map(({ text, isLeft, band, title }, index) => {
    const y = (rows[index] ?? 0) * (BAND.height + BAND.gap) + 2;
    const end = Math.round((band.from + band.width) * 100) / 100;
    return markup`<g><title>${title}</title><rect class="fault" x="${band.from}%" y="${y}" width="${band.width}%" height="${BAND.height}" rx="3"/><text x="${isLeft ? end : band.from}%" dx="${isLeft ? -5 : 5}" y="${y + 13}"${isLeft && markup` text-anchor="end"`}>${text}</text></g>`;
  });
  return { rows: Math.max(0, ...rows.map((row) => row + 1)), markup: markup`${drawn}` };
}

/** Of a link, also whom the server does not hear. */
function labelOf(name: string, target: string): string {
  const [, other] = target.split(" to ");
  return other === undefined ? name : `${name} to ${other}`;
}

/** At the moment of its answer, which is when its outcome is known; a call that took long has a line before it. */
function callMark(call: RecordedCall, axis: TimeAxis, top: number): Markup {
  const { what, outcome, status, code, startedMs, endedMs } = call;
  const [from, x] = [axis.percent(startedMs), axis.percent(endedMs)];
  const y = top + OUTCOMES.indexOf(outcome) * MARK_ROW_HEIGHT + MARK_ROW_HEIGHT / 2;
  const answer = [status, code].filter((part) => part !== null).join(" ");
  const line = x - from > 1 && markup`<line x1="${from}%" x2="${x}%" y1="${y}" y2="${y}"/>`;
  return markup`<g class="${outcome}"><title>${what}, ${OUTCOME_WORDS[outcome]}: ${answer}, ${durationText(startedMs)} to ${durationText(endedMs)}</title>${line}<use href="#${outcome}" x="${x}%" y="${y}"/></g>`;
}

/** The shapes of writes, told apart without colours, and the hatching of silence, for all pictures of a page. */
export const SHAPES = markup`<svg width="0" height="0" class="shapes" aria-hidden="true"><defs>
<path id="ok" d="M0-5V5"/><path id="failed" d="M-3.5-3.5L3.5 3.5M-3.5 3.5L3.5-3.5"/><path id="unknown" d="M0-5L5 0L0 5L-5 0Z"/>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern>
</defs></svg>`;
