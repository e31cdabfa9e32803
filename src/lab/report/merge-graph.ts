/**
 * How the history of a document forked and joined: a row a change, parents first, in the lane of the incarnation
 * that made it, with lines to its parents; the last row is what all of them come to. Beside it, what each change set.
 */
import type { HistoryItem } from "../../../crdt/history.ts";
import { stampMs } from "../../../crdt/hybrid-clock.ts";
import { type Markup, markup } from "../../markup/markup.ts";
import { counted } from "../counted.ts";
import { timeText, valueText } from "./conflict-list.ts";
import { type DocumentHistory, isMerged } from "./document-history.ts";

const GRAPHS_MAX = 5;
/** Of a longer history, this much from its first fork on. */
const ROWS_MAX = 40;
/** In pixels. */
const ROW_HEIGHT = 44;
const LANE_WIDTH = 26;
const RADIUS = 6;

/** Those in which most changes did not know of each other. */
export function mostConcurrent(documents: readonly DocumentHistory[]): DocumentHistory[] {
  return documents
    .filter(isMerged)
    .sort((one, other) => other.concurrentPairs - one.concurrentPairs)
    .slice(0, GRAPHS_MAX);
}

export function mergeGraph(document: DocumentHistory, serverOf: (origin: string) => string): Markup {
  const { id, kind, items, concurrentPairs } = document;
  const forked = items.findIndex((item) => item.concurrentWith().length > 0);
  const from = items.length > ROWS_MAX ? Math.max(0, Math.min(forked - 1, items.length - ROWS_MAX)) : 0;
  const shown = items.slice(from, from + ROWS_MAX);
  const left = items.length - from - shown.length;
  const nameOf = laneNames(items, serverOf);
  const actors = [...nameOf.keys()];
  const width = actors.length * LANE_WIDTH;
  const height = (shown.length + 1) * ROW_HEIGHT;
  return markup`<figure><figcaption><h3>${kind} <code>${id}</code></h3><p>${counted(items.length, "change")}, ${counted(concurrentPairs, "pair")} of which neither knew of the other${from > 0 && `; the first ${from} are left out`}${left > 0 && `; the last ${left} are left out`}.</p>
<ol class="lanes">${actors.map((actor, lane) => markup`<li><span class="swatch lane-${lane % LANE_COLOURS}"></span>${lane + 1}: ${nameOf.get(actor)}</li>`)}</ol></figcaption>
<div class="scroll" tabindex="0"><div class="graph"><svg width="${width}" height="${height}" role="img" aria-label="how its changes forked and joined">${drawing(document, shown, actors)}</svg>
<ol>${shown.map((item) => changeRow(item, nameOf))}${lastRow(document)}</ol></div></div></figure>`;
}

/** Of the style sheet. */
const LANE_COLOURS = 4;

/** By actor, in order of appearance; a server that had several incarnations has them numbered. */
function laneNames(items: readonly HistoryItem[], serverOf: (origin: string) => string): Map<string, string> {
  const actors = [...new Set(items.map(({ actor }) => actor))].sort((one, other) =>
    serverOf(one) < serverOf(other) ? -1 : 1,
  );
  return new Map(
    actors.map((actor) => {
      const same = actors.filter((other) => serverOf(other) === serverOf(actor));
      const number = same.length > 1 ? `, incarnation ${same.indexOf(actor) + 1}` : "";
      return [actor, serverOf(actor) + number];
    }),
  );
}

function drawing({ heads }: DocumentHistory, shown: readonly HistoryItem[], actors: string[]): Markup {
  const places = new Map(
    shown.map(({ hash, actor }, row) => [hash, { x: laneX(actors.indexOf(actor)), y: rowY(row) }]),
  );
  const last = { x: laneX((actors.length - 1) / 2), y: rowY(shown.length) };
  const line = (from: string, to: Place) => {
    const parent = places.get(from);
    return parent && markup`<path d="${curve(parent, to)}"/>`;
  };
  const lines = [
    ...shown.flatMap(({ hash, parents }) => parents.map((parent) => line(parent, places.get(hash) ?? last))),
    ...heads.map((head) => line(head, last)),
  ];
  const dots = shown.map(({ hash, actor, parents }) => {
    const { x, y } = places.get(hash) ?? last;
    const lane = actors.indexOf(actor);
    // Where histories join, a square: told apart without colours.
    const dot =
      parents.length > 1
        ? markup`<rect x="${x - RADIUS}" y="${y - RADIUS}" width="${RADIUS * 2}" height="${RADIUS * 2}"/>`
        : markup`<circle cx="${x}" cy="${y}" r="${RADIUS}"/>`;
    return markup`<g class="lane-${lane % LANE_COLOURS}">${dot}<text x="${x}" y="${y + 3}">${lane + 1}</text></g>`;
  });
  return markup`<g class="parents">${lines}</g>${dots}<rect class="now" x="${last.x - 5}" y="${last.y - 5}" width="10" height="10" transform="rotate(45 ${last.x} ${last.y})"/>`;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function laneX(lane: number): number {
  return (lane + 0.5) * LANE_WIDTH;
}

function rowY(row: number): number {
  return row * ROW_HEIGHT + ROW_HEIGHT / 2;
}

/** Leaves and arrives upright. */
function curve(from: Place, to: Place): string {
  if (from.x === to.x) return `M${from.x} ${from.y}V${to.y}`;
  const turn = ROW_HEIGHT * 0.6;
  return `M${from.x} ${from.y}C${from.x} ${from.y + turn} ${to.x} ${to.y - turn} ${to.x} ${to.y}`;
}

function changeRow(item: HistoryItem, nameOf: ReadonlyMap<string, string>): Markup {
  const { actor, note, sets, hash, parents } = item;
  const time = note && timeText(new Date(stampMs(note.stamp)).toISOString());
  const concurrent = item.concurrentWith().length;
  const set = sets.map(({ path, to }) => `${path} = ${to === null ? "unset" : valueText(to)}`).join(", ");
  return markup`<li title="${hash}: ${set}"><b>${note?.reason ?? "change"}</b> at ${nameOf.get(actor)} <time>${time}</time>${parents.length > 1 && " joins both"}${concurrent > 0 && markup` <small>did not know of ${concurrent}</small>`}<br><code>${set || "sets nothing"}</code></li>`;
}

/** The registers about which changes did not agree, as they stand. */
function lastRow({ items, values }: DocumentHistory): Markup {
  const writes = items.flatMap(({ sets }) => sets.map(({ path }) => path));
  const contended = [...new Set(writes.filter((path, at) => writes.indexOf(path) < at))];
  const now = values();
  if (!now)
    return markup`<li><b>all of them together</b><br><code>are no document: Automerge refuses one of them</code></li>`;
  const set = contended.map((path) => `${path} = ${now.has(path) ? valueText(now.get(path)) : "unset"}`);
  return markup`<li title="${set.join(", ")}"><b>all of them together</b><br><code>${set.join(", ") || "no field was set twice"}</code></li>`;
}
