/** The report of a run: one page that needs nothing from outside itself. */
import { createHash } from "node:crypto";
import { Markup, markup } from "../../markup/markup.ts";
import type { Check } from "../checker/finding.ts";
import { counted } from "../counted.ts";
import type { History, LagSample, Remark } from "../history.ts";
import type { RunResult } from "../run.ts";
import { conflictList } from "./conflict-list.ts";
import { documentHistories, serverNamesOf } from "./document-history.ts";
import { failureOf, figuresOf, SEED_MEANS, successOf } from "./figures.ts";
import { lagCurve } from "./lag-curves.ts";
import { laneOf, type Moments, OUTCOME_WORDS, SHAPES } from "./lanes.ts";
import { mergeGraph, mostConcurrent } from "./merge-graph.ts";
import { largestOf } from "./refusals.ts";
import { STYLE } from "./style.ts";
import { type Tally, tallyOf } from "./tally.ts";
import { durationText, TimeAxis } from "./time-axis.ts";

/** At the head of the page. */
const WORDS_SHOWN = 300;

/** `command` plays the run again. */
export function reportPage(result: RunResult, command: string): string {
  const { scenario, seed, states, history, checks } = result;
  const tally = tallyOf(result);
  const log = states[0]?.log ?? [];
  const graphs = mostConcurrent(documentHistories(log));
  const serverOf = serverNamesOf(log);
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${sha256(STYLE)}'">
<title>${scenario.name}, seed ${seed}: ${verdictWord(tally)}</title><style>${new Markup(STYLE)}</style></head><body>
<header><h1>${scenario.name} <small>seed ${seed}</small></h1><p>${scenario.story}</p>
${verdict(tally, checks, command)}${failures(checks)}${numbers(tally)}${writesTable(tally)}${refusalTable(tally)}</header>
<main>${timeLine(result)}
<section id="promised"><h2>What is promised</h2><ul class="checks">${checks.map(checkItem)}</ul></section>
<section><h2>Conflicts</h2>${conflictList(states[0]?.conflicts ?? [])}</section>
<section><h2>How histories forked and joined</h2>
${graphs.length === 0 ? markup`<p>They did not: every change knew of all that came before it.</p>` : markup`<p>The documents in which most changes did not know of each other. A row is a change, a lane is a server; a square joins two histories, the diamond is what all servers show in the end.</p>`}
${graphs.map((document) => mergeGraph(document, serverOf))}</section></main>
${faultTable(history)}</body></html>
`.text;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

function verdictWord({ findings }: Tally): string {
  return findings === 0 ? "passed" : "failed";
}

function verdict(tally: Tally, checks: readonly Check[], command: string): Markup {
  const again = markup`<br>Again: <code>${command}</code> <small>${SEED_MEANS}</small>`;
  const failed = checks.filter(({ findings }) => findings.length > 0).length;
  return failed === 0
    ? markup`<p class="verdict passed"><b>✓ PASSED</b> ${successOf(tally)}${again}</p>`
    : markup`<p class="verdict failed"><b>✗ FAILED</b> ${failureOf(tally, failed)}${again}</p>`;
}

/** What is wrong, before all else; the whole of it stands with what is promised. */
function failures(checks: readonly Check[]): Markup {
  const failed = checks.filter(({ findings }) => findings.length > 0);
  return markup`${failed.length > 0 && markup`<ul class="checks">${failed.map(({ name, findings: [first, ...more] }) => markup`<li class="failed"><b>✗ ${name}</b> ${shortened(first?.words ?? "")}${more.length > 0 && markup` <a href="#promised">and ${more.length} more</a>`}</li>`)}</ul>`}`;
}

function shortened(words: string): string {
  return words.length > WORDS_SHOWN ? `${words.slice(0, WORDS_SHOWN)} …` : words;
}

function numbers(tally: Tally): Markup {
  return markup`<dl class="numbers">${figuresOf(tally).map(({ name, value, more }) => markup`<div><dt>${name}</dt><dd>${value}${more !== undefined && markup` <small>${more}</small>`}</dd></div>`)}</dl>`;
}

function writesTable({ servers }: Tally): Markup {
  return markup`<table class="writes"><thead><tr><th>writes</th>${Object.entries(OUTCOME_WORDS).map(([outcome, word]) => markup`<th>${shape(outcome)} ${word}</th>`)}</tr></thead><tbody>
${servers.map(({ server, ok, failed, unknown }) => markup`<tr><th>${server}</th><td>${ok}</td><td>${failed}</td><td>${unknown}</td></tr>`)}</tbody></table>`;
}

function refusalTable({ refusals }: Tally): Markup | false {
  const { shown, left } = largestOf(refusals);
  if (shown.length === 0) return false;
  return markup`<table class="refusals"><thead><tr><th>refused</th><th>writes</th><th>why it is to be expected</th></tr></thead><tbody>
${shown.map(({ code, count, why }) => markup`<tr><th>${code}</th><td>${count}</td><td>${why}</td></tr>`)}${left.codes > 0 && markup`<tr><th>${counted(left.codes, "other")}</th><td>${left.writes}</td><td></td></tr>`}</tbody></table>`;
}

function shape(outcome: string): Markup {
  return markup`<svg class="shape ${outcome}" viewBox="-7 -7 14 14" aria-hidden="true"><use href="#${outcome}"/></svg>`;
}

function timeLine({ history, states, healedMs, convergedMs }: RunResult): Markup {
  const servers = states.map(({ server }) => server);
  const agreedMs = convergedMs === null ? null : healedMs + convergedMs;
  const samples = agreedMs === null ? history.lag : untilAgreed(history.lag, servers, agreedMs);
  const lastMs = Math.max(
    agreedMs ?? healedMs,
    ...samples.map(({ atMs }) => atMs),
    ...history.calls.map(({ endedMs }) => endedMs),
  );
  const axis = new TimeAxis(lastMs);
  const moments = { healedMs, agreedMs };
  return markup`<section><h2>What happened</h2>${SHAPES}${remarkList(history.remarks)}
<div class="scroll" tabindex="0"><div class="wide">${remarkLane(history.remarks, axis)}
${servers.map((server) => laneOf(server, history, axis, moments))}${axisLane(axis, moments)}</div></div></section>
<section><h2>How far each server was behind</h2><p>Entries that it lacked, of all that any server held; hatched where it did not answer.</p>
<div class="scroll" tabindex="0"><div class="wide">${servers.map((server) => lagCurve(server, samples, axis, moments))}${axisLane(axis, moments)}</div></div></section>`;
}

/** Samples are far apart; that nothing is missing once all agree is known to the moment. */
function untilAgreed(lag: readonly LagSample[], servers: readonly string[], agreedMs: number): LagSample[] {
  const missing = Object.fromEntries(servers.map((server) => [server, 0]));
  return [...lag.filter(({ atMs }) => atMs < agreedMs), { atMs: agreedMs, missing }];
}

function remarkList(remarks: readonly Remark[]): Markup {
  return markup`<ol class="remarks">${remarks.map(({ atMs, text }) => markup`<li>${text} <small>${durationText(atMs)}</small></li>`)}</ol>`;
}

function remarkLane(remarks: readonly Remark[], axis: TimeAxis): Markup | null {
  if (remarks.length === 0) return null;
  return markup`<svg height="24" role="img" aria-label="when it was said">${remarks.map(
    ({ atMs, text }, index) => {
      const x = axis.percent(atMs);
      return markup`<g class="remark"><title>${text}</title><circle cx="${x}%" cy="12" r="9"/><text x="${x}%" y="16">${index + 1}</text></g>`;
    },
  )}</svg>`;
}

function axisLane(axis: TimeAxis, { healedMs, agreedMs }: Moments): Markup {
  const ticks = axis.ticksMs.map((ms) => {
    const x = `${axis.percent(ms)}%`;
    return markup`<line x1="${x}" x2="${x}" y1="0" y2="5"/><text x="${x}" dx="2" y="17">${durationText(ms)}</text>`;
  });
  const agreed =
    agreedMs !== null &&
    markup`<text class="agreed" x="${axis.percent(agreedMs)}%" dx="4" y="33">◂ all agree</text>`;
  return markup`<svg class="axis" height="38" aria-hidden="true">${ticks}<text class="healed" x="${axis.percent(healedMs)}%" dx="-4" y="33">all faults over ▸</text>${agreed}</svg>`;
}

function checkItem({ name, promise, findings }: Check): Markup {
  const list =
    findings.length > 0 && markup`<ul>${findings.map(({ words }) => markup`<li>${words}</li>`)}</ul>`;
  return markup`<li class="${findings.length === 0 ? "passed" : "failed"}"><b>${findings.length === 0 ? "✓" : "✗"} ${name}</b> ${promise}${list}</li>`;
}

function faultTable({ faults }: History): Markup {
  return markup`<footer><details><summary>${faults.length === 1 ? "The fault" : `All ${counted(faults.length, "fault")}`}</summary><table><thead><tr><th>fault</th><th>of</th><th>from</th><th>to</th></tr></thead><tbody>
${faults.map(({ name, target, startedMs, endedMs }) => markup`<tr><td>${name}</td><td>${target}</td><td>${durationText(startedMs)}</td><td>${endedMs === null ? "the end" : durationText(endedMs)}</td></tr>`)}</tbody></table></details></footer>`;
}
