/** `rollcall members` as it is read: a row a member, as one server sees them, and that server's own brokers. */
import type { ClusterAnswer, MemberAnswer } from "../../http/contract/cluster.ts";
import { count } from "../import/progress-line.ts";
import type { Screen } from "../text/screen.ts";
import { drawLine, type Paint, type Span } from "../text/span.ts";
import { type Column, drawTable } from "../text/table.ts";
import { ageWords, durationWords } from "../text/time-words.ts";

const MEMBER_PAINTS: Readonly<Record<MemberAnswer["state"], Paint>> = {
  alive: "green",
  suspect: "yellow",
  down: "red",
  starting: "yellow",
};

/** CLK2: a server whose clock is further off is degraded. */
const CLOCK_OFFSET_MAX_MS = 2_000;

const COLUMNS: readonly Column[] = [
  { head: "member", least: 8 },
  { head: "state" },
  { head: "heard" },
  { head: "behind", align: "right" },
  { head: "for", align: "right" },
  { head: "clock", align: "right" },
  { head: "waiting", least: 7, spare: 1 },
  { head: "incarnation", least: 8, spare: 2 },
];

export function memberLines({ server, realm, version, members }: ClusterAnswer, screen: Screen): string[] {
  const brokers = members.flatMap((member) => member.brokers);
  return [
    drawLine([{ text: server, paint: "bold" }, ` of realm ${realm}, version ${version}, sees:`], screen),
    ...drawTable(
      COLUMNS,
      [...members].sort(byName).map((member) => memberRow(member, screen)),
      screen,
    ),
    ...(brokers.length === 0
      ? []
      : [
          "",
          ...drawTable(
            [{ head: "broker", least: 12 }, { head: "whose" }, { head: "state" }],
            brokers.map(({ url, own, state }) => [
              url,
              own ? "its own" : "a peer's",
              { text: state, paint: state === "subscribed" ? "green" : "red" },
            ]),
            screen,
          ),
        ]),
  ];
}

/** The one that was asked first. */
function byName(one: MemberAnswer, other: MemberAnswer): number {
  if (one.self !== other.self) return one.self ? -1 : 1;
  return one.name < other.name ? -1 : 1;
}

function memberRow(member: MemberAnswer, { nowMs }: Screen): Span[] {
  const { name, self, state, lastHeardAt, entriesBehind, secondsBehind, clockOffsetMs } = member;
  const queues = Object.entries(member.queues).filter(([, waiting]) => waiting > 0);
  return [
    { text: name, paint: "bold" },
    { text: state, paint: MEMBER_PAINTS[state] },
    self ? "itself" : lastHeardAt === null ? "never" : ageWords(lastHeardAt, nowMs),
    { text: count(entriesBehind), paint: entriesBehind > 0 ? "yellow" : undefined },
    secondsBehind === null ? "?" : durationWords(secondsBehind * 1_000),
    clockSpan(self ? 0 : clockOffsetMs),
    queues.map(([queue, waiting]) => `${queue} ${count(waiting)}`).join(", ") || "nothing",
    { text: member.incarnation, paint: "dim" },
  ];
}

function clockSpan(offsetMs: number | null): Span {
  if (offsetMs === null) return "?";
  const sign = offsetMs > 0 ? "+" : "";
  return {
    text: `${sign}${count(offsetMs)} ms`,
    paint: Math.abs(offsetMs) > CLOCK_OFFSET_MAX_MS ? "red" : undefined,
  };
}
