/** `rollcall status` as it is read: a row a server, what is amiss, and whether all hold the same. */
import { count } from "../import/progress-line.ts";
import type { Screen } from "../text/screen.ts";
import { drawText, type Paint, type Span } from "../text/span.ts";
import { type Column, drawTable } from "../text/table.ts";
import { type ServerStatus, type StatusReport, selfOf } from "./server-status.ts";

const STATE_PAINTS: Readonly<Record<ServerStatus["state"], Paint>> = {
  ready: "green",
  degraded: "yellow",
  "not ready": "red",
  away: "red",
};

const COLUMNS: readonly Column[] = [
  { head: "server", least: 8 },
  { head: "state" },
  { head: "behind", align: "right" },
  { head: "documents", align: "right", spare: 2 },
  { head: "entries", align: "right", spare: 3 },
  { head: "peers", align: "right" },
  { head: "brokers", align: "right" },
  { head: "version", spare: 1 },
  { head: "url", least: 12 },
];

export function statusLines(report: StatusReport, screen: Screen): string[] {
  const { servers, behind } = report;
  return [
    ...drawTable(
      COLUMNS,
      servers.map((server) => row(server, behind.get(server.url))),
      screen,
    ),
    ...servers.flatMap((server) =>
      server.reasons.flatMap((reason) =>
        drawText({ text: reasonText(server, reason), paint: "yellow" }, screen),
      ),
    ),
    ...agreementSpans(report).flatMap((span) => drawText(span, screen)),
  ];
}

function row(server: ServerStatus, behind: number | undefined): Span[] {
  const { url, state, cluster, digest } = server;
  const peers = cluster?.members.filter(({ self }) => !self);
  const brokers = selfOf(server)?.brokers;
  const subscribed = brokers?.filter((broker) => broker.state === "subscribed");
  const alive = peers?.filter((peer) => peer.state === "alive");
  return [
    { text: cluster?.server ?? "?", paint: "bold" },
    { text: state, paint: STATE_PAINTS[state] },
    behind === undefined ? "?" : { text: count(behind), paint: behind > 0 ? "yellow" : undefined },
    digest ? count(digest.documents) : "?",
    digest ? count(digest.entries) : "?",
    share(alive, peers),
    share(subscribed, brokers),
    cluster?.version ?? "?",
    url,
  ];
}

/** `2/3`: of those that there are, so many are well. */
function share(well: readonly unknown[] | undefined, all: readonly unknown[] | undefined): Span {
  if (!well || !all) return "?";
  return {
    text: `${well.length}/${all.length}`,
    paint: well.length < all.length ? "yellow" : undefined,
  };
}

function reasonText({ url, cluster }: ServerStatus, reason: string): string {
  return reason.includes(url) ? reason : `${cluster?.server ?? url}: ${reason}`;
}

/** Whether those that were asked hold and show the same, and who was not asked. */
export function agreementSpans({ servers, agreement, alike, notAsked }: StatusReport): Span[] {
  const spans: Span[] = [];
  if (agreement === "different") {
    spans.push({
      text: `They hold the same entries and show different states: ${alikeText(alike)}. Let each look for itself, by rollcall verify.`,
      paint: "red",
    });
  }
  if (agreement === "behind") spans.push({ text: "They do not hold the same yet.", paint: "yellow" });
  if (agreement === "same" && servers.length > 1)
    spans.push({ text: `All ${servers.length} hold and show the same.`, paint: "green" });
  if (notAsked.length > 0) {
    spans.push({ text: `Not asked, but known as members: ${notAsked.join(", ")}`, paint: "dim" });
  }
  return spans;
}

/** `server-1 and server-2; server-3`: each group shows the same. */
function alikeText(alike: StatusReport["alike"]): string {
  return alike.map((names) => names.join(" and ")).join("; ");
}
