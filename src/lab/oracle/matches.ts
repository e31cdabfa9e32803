/** What became of matches, said naively (MAT1 to MAT3): who sat, what was reported, what it comes to. */
import { createHash } from "node:crypto";
import { type Content, mapOf, type OracleDocument } from "./documents.ts";

export interface OracleMatch {
  readonly id: string;
  readonly mode: string;
  readonly state: "open" | "running" | "finished" | "cancelled" | "expired";
  /** First the seated. */
  readonly seats: readonly { readonly playerId: string; readonly status: "seated" | "overflow" }[];
  readonly result: { readonly status: "pending" | "settled" | "disputed"; readonly ranks?: OracleRanks };
  readonly finished: string | undefined;
}

export type OracleRanks = Readonly<Record<string, number>>;

export function matchesIn(documents: readonly OracleDocument[]): OracleMatch[] {
  return documents.filter(({ kind }) => kind === "match").map(matchOf);
}

function matchOf({ id, content }: OracleDocument): OracleMatch {
  const happened = (fact: string) =>
    Object.keys(mapOf(content, "facts"))
      .filter((key) => key.startsWith(`${fact}/`))
      .map((key) => key.slice(fact.length + 1))
      .sort()[0];
  const order = ["finished", "cancelled", "expired"] as const;
  const started = happened("started");
  const state = order.find((fact) => happened(fact)) ?? (started ? "running" : "open");
  const seats = seatsOf(content, started);
  const seated = seats.filter(({ status }) => status === "seated").map(({ playerId }) => playerId);
  return {
    id,
    mode: String(content.mode ?? ""),
    state,
    seats,
    result: settlementOf(content) ?? resultOf(content, seated),
    finished: happened("finished"),
  };
}

function seatsOf(content: Content, started = "~"): OracleMatch["seats"] {
  const seats = Object.entries(mapOf(content, "seats")).map(([key, value]) => {
    const [stamp = "", playerId = "", left] = key.split("/");
    return { stamp: left ? String(value) : stamp, playerId, isLeaving: left !== undefined };
  });
  // A stamp is hexadecimal: `~` comes after all of them.
  const inTime = seats.filter(({ stamp }) => stamp < started);
  const live = inTime.filter(
    (seat) =>
      !seat.isLeaving &&
      !inTime.some(({ isLeaving, playerId, stamp }) => {
        return isLeaving && playerId === seat.playerId && stamp > seat.stamp;
      }),
  );
  const inOrder = live.sort((one, other) =>
    `${one.stamp} ${one.playerId}` < `${other.stamp} ${other.playerId}` ? -1 : 1,
  );
  const players = [...new Set(inOrder.map(({ playerId }) => playerId))];
  const capacity = Number(content.capacity);
  return players.map((playerId, index) => ({ playerId, status: index < capacity ? "seated" : "overflow" }));
}

function settlementOf(content: Content): OracleMatch["result"] | undefined {
  const [least] = Object.entries(mapOf(content, "settlements"))
    .map(([id, value]) => {
      const [stamp = "", ranking = ""] = String(value).split(" ");
      return { order: `${stamp} ${id}`, ranking };
    })
    .sort((one, other) => (one.order < other.order ? -1 : 1));
  return least && { status: "settled", ranks: ranksOf(least.ranking) };
}

function resultOf(content: Content, seated: readonly string[]): OracleMatch["result"] {
  const reports = mapOf(content, "reports");
  const votes = new Map<string, number>();
  for (const playerId of seated) {
    const [, hash = ""] = String(reports[playerId] ?? "").split(" ");
    const ranking = String(reports[`ranking/${hash}`] ?? "");
    const trueHash = createHash("sha256").update(ranking).digest("hex").slice(0, 32);
    if (ranking !== "" && trueHash === hash) votes.set(ranking, (votes.get(ranking) ?? 0) + 1);
  }
  const [best] = [...votes].sort(([, one], [, other]) => other - one);
  if (!best) return { status: "pending" };
  const [ranking, most] = best;
  const silent = seated.length - [...votes.values()].reduce((sum, count) => sum + count, 0);
  if (most * 2 > seated.length) return { status: "settled", ranks: ranksOf(ranking) };
  return { status: (most + silent) * 2 > seated.length ? "pending" : "disputed" };
}

function ranksOf(ranking: string): OracleRanks {
  return Object.fromEntries(ranking.split(",").map((part) => [part.slice(0, 36), Number(part.slice(37))]));
}
