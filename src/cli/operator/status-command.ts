/** `rollcall status`: how each server is doing, once or until Ctrl-C. */
import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { EXIT_FAILED } from "../exit-with.ts";
import { printableJson } from "../printable.ts";
import type { OperatorOptions } from "../server-options.ts";
import { screenOf } from "../text/screen.ts";
import { OperatorApi } from "./operator-api.ts";
import { finish, operatorCommand, print, show } from "./operator-session.ts";
import { askServer, type ServerStatus, type StatusReport, selfOf, statusReport } from "./server-status.ts";
import { statusLines } from "./status-text.ts";

interface StatusOptions extends OperatorOptions {
  readonly watch?: true;
}

/** A server that takes longer is as good as away for who looks at it. */
const ANSWER_WITHIN_MS = 5_000;
const WATCH_EVERY_MS = 2_000;
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

export function statusCommand(): Command {
  const command = operatorCommand("status", "how servers are doing, and whether they hold the same");
  command.option("--watch", "show it again every two seconds, until Ctrl-C");
  return finish(command, HELP, status);
}

async function status(options: StatusOptions): Promise<void> {
  const apis = options.url.map(
    (url) =>
      new OperatorApi({ url, token: options.token, operator: options.operator, timeoutMs: ANSWER_WITHIN_MS }),
  );
  try {
    if (options.watch) return await watch(apis, options);
    const report = await ask(apis);
    show(options, shownReport(report), (screen) => statusLines(report, screen));
    const isWell = report.servers.every(({ state }) => state === "ready" || state === "degraded");
    if (!isWell || report.agreement === "different") process.exitCode = EXIT_FAILED;
  } finally {
    for (const api of apis) api.close();
  }
}

async function ask(apis: readonly OperatorApi[]): Promise<StatusReport> {
  return statusReport(await Promise.all(apis.map(askServer)));
}

async function watch(apis: readonly OperatorApi[], options: StatusOptions): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  const isTerminal = process.stdout.isTTY && !options.json;
  if (isTerminal) process.stdout.write(HIDE_CURSOR);
  try {
    let drawn = 0;
    while (!stop.signal.aborted) {
      const report = await Promise.race([ask(apis), aborted(stop.signal)]);
      if (!report) break;
      if (options.json) print(printableJson(shownReport(report)));
      else drawn = draw(report, options, drawn);
      await pause(WATCH_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
    if (isTerminal) process.stdout.write(SHOW_CURSOR);
  }
}

/** In place of so many lines that were drawn before. Gives how many it drew. */
function draw(report: StatusReport, options: StatusOptions, before: number): number {
  const lines = [
    `${new Date().toISOString().slice(11, 19)} UTC`,
    ...statusLines(report, screenOf(process.stdout, options)),
  ];
  if (!process.stdout.isTTY) {
    print(`${lines.join("\n")}\n`);
    return 0;
  }
  // What has scrolled away could not be drawn over.
  const shown = lines.slice(0, Math.max(1, (process.stdout.rows || 24) - 1));
  const up = before > 0 ? `\u001b[${before}A` : "";
  print(`${up}\r\u001b[J${shown.join("\n")}`);
  return shown.length;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}

interface ShownServer {
  readonly url: string;
  readonly state: ServerStatus["state"];
  readonly reasons: readonly string[];
  readonly server: string | null;
  readonly version: string | null;
  readonly entriesBehind: number | null;
  readonly digest: ServerStatus["digest"] | null;
  readonly brokers: readonly object[];
  readonly peers: readonly object[];
}

function shownReport({ servers, behind, agreement, alike, notAsked }: StatusReport): object {
  return {
    servers: servers.map((server): ShownServer => {
      const { url, state, reasons, cluster, digest } = server;
      return {
        ...{ url, state, reasons },
        server: cluster?.server ?? null,
        version: cluster?.version ?? null,
        entriesBehind: behind.get(url) ?? null,
        digest: digest ?? null,
        brokers: selfOf(server)?.brokers ?? [],
        peers: cluster?.members.filter(({ self }) => !self) ?? [],
      };
    }),
    agreement,
    alike,
    notAsked,
  };
}

const HELP = `Each server is asked for itself. What a server is behind is counted by what all
that were asked hold. Exits with 1 if one is away, not ready, or shows another
state than the others with the same entries.

Example:
  export ROLLCALL_URL=http://127.0.0.1:7401,http://127.0.0.1:7402
  rollcall status --watch`;
