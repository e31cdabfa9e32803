/** What a game says: the line of its progress, and the table at its end. */
import { count } from "../../src/cli/import/progress-line.ts";
import type { Game, GameResult } from "./game.ts";

export function progressText({ seconds, players, options, record, tally }: Game): string {
  const { minutes, matches } = options;
  const goals = [
    ...(minutes === undefined ? [] : [`of ${clock(minutes * 60)}`]),
    ...(matches === undefined ? [] : [`until ${count(matches)} matches`]),
  ];
  return [
    `${clock(seconds)} ${goals.join(", ")}`,
    `${count(players)} players`,
    `${count(tally.played)} matches played, ${tally.count("running")} running, ${tally.count("open")} open`,
    `${count(record.calls)} calls, ${count(record.moved)} moved, ${count(record.failed)} failed`,
    `slowest ${milliseconds(record.slowest.ms)}`,
  ].join("  ");
}

export function resultText({ seconds, players, tally, record, mode, leaders }: GameResult): string {
  const rows: [string, string][] = [
    ["players", count(players)],
    ["matches settled", count(tally.count("settled"))],
    ["disputed", count(tally.count("disputed"))],
    ["cancelled", count(tally.count("cancelled"))],
    ["without an end", count(tally.unended.length)],
    ["calls", `${count(record.calls)}, ${count(Math.round(record.calls / seconds))} a second`],
    ["moved to another server", count(record.moved)],
    ["slowest call", `${milliseconds(record.slowest.ms)} (${record.slowest.what})`],
    ["refused, as games go", byCode(record.refusals)],
    ["failed", byCode(record.failures)],
  ];
  const board = leaders.map(({ rank, username, playerId, rating, matches, wins }) =>
    [
      String(rank).padStart(3),
      (username ?? playerId).padEnd(20),
      rating.toFixed(1).padStart(6),
      `${count(matches)} matches, ${count(wins)} won`,
    ].join("  "),
  );
  return [
    ...rows.map(([what, value]) => `${what.padEnd(24)} ${value}`),
    `leaderboard of ${mode}`,
    ...board,
    "",
  ].join("\n");
}

function byCode(counts: ReadonlyMap<string, number>): string {
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([code, times]) => `${code} ${count(times)}`);
  return parts.join(", ") || "none";
}

function milliseconds(ms: number): string {
  return `${count(Math.round(ms))} ms`;
}

/** `1:05` */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
