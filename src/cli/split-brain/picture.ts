/** A view in a few lines of text: a server a line, then what lasts, what was asked, and what was last said. */
import { stripVTControlCharacters } from "node:util";
import colors from "picocolors";
import { printable } from "../printable.ts";
import type { LinkState, ServerView, View } from "./view.ts";

/** Faults beyond these are counted; a small window has room for them, all servers and the steps. */
const FAULTS_MAX = 4;

/** Words, as not everybody sees colours. */
const LINK_WORDS: Readonly<Record<LinkState, string>> = {
  heard: "hears",
  cut: "cut from",
  refused: "refused by",
  ailing: "hears badly",
};
const LINK_STATES: readonly LinkState[] = ["heard", "cut", "refused", "ailing"];

export function pictureOf({ atMs, servers, faults, calls, remark }: View): string {
  const names = Math.max(0, ...servers.map(({ name }) => name.length));
  const states = Math.max("killed".length, ...servers.map(({ state }) => state.length));
  const more = faults.length - FAULTS_MAX;
  return [
    ...servers.map((server) => serverLine(server, names, states)),
    ...faults
      .slice(-FAULTS_MAX)
      .map(({ name, target, startedMs }) =>
        colors.yellow(`✗ ${name}: ${printable(target)}, for ${secondsText(atMs - startedMs)}`),
      ),
    ...(more > 0 ? [colors.yellow(`  and ${more} more`)] : []),
    `${secondsText(atMs)}, writes: ${calls.ok} acknowledged, ${calls.failed} refused, ${calls.unknown} unknown`,
    ...(remark === undefined ? [] : [colors.cyan(`» ${printable(remark)}`)]),
  ].join("\n");
}

/** Everything else is a fault. */
const STATE_COLORS: Readonly<Record<string, (text: string) => string>> = {
  up: colors.green,
  ended: colors.dim,
};

function serverLine({ name, state, missing, hears }: ServerView, names: number, states: number): string {
  const isUp = state === "up";
  const paint = STATE_COLORS[state] ?? colors.red;
  const links = LINK_STATES.flatMap((link) => {
    const numbers = hears.filter((one) => one.link === link).map(({ number }) => number);
    return numbers.length === 0 ? [] : [linkText(link, `${LINK_WORDS[link]} ${numbers.join(" ")}`)];
  });
  return [
    `${paint(isUp ? "●" : "○")} ${name.padEnd(names)}`,
    padded(paint(state), states),
    padded(lagText(missing), "lacks 9999".length),
    isUp ? links.join(", ") : "",
  ]
    .join("  ")
    .trimEnd();
}

function lagText(missing: number | null | undefined): string {
  if (missing === null) return colors.red("silent");
  if (missing === undefined) return "";
  return missing === 0 ? colors.dim("has all") : colors.yellow(`lacks ${missing}`);
}

function linkText(link: LinkState, text: string): string {
  if (link === "heard") return text;
  return link === "ailing" ? colors.yellow(text) : colors.red(text);
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stripVTControlCharacters(text).length));
}

/** Finer than a second, a number that is renewed all the time cannot be read. */
function secondsText(ms: number): string {
  return `${Math.floor(ms / 1_000)} s`;
}
