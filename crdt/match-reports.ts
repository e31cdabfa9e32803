/**
 * What was said of the outcome of a match, as registers hold it (MAT3 decides what it comes to): `reports` by
 * player id, `<stamp> <hash of the ranking>`, with each ranking once under `ranking/<hash>`; `settlements` by id,
 * `<stamp> <ranking> <reason>`.
 *
 * Nearly all who report say the same, and a ranking is as long as there are seats: kept with every report, the
 * document would grow with the square of them. Servers that report one ranking at once write equal values.
 */
import type { Actor } from "./change.ts";
import type { DocumentState, Scalar, Write } from "./document.ts";
import type { Stamp } from "./hybrid-clock.ts";
import { type DocumentId, isDocumentId } from "./ids.ts";
import { formatRanking, parseRanking, type Ranks, rankingHash } from "./ranking.ts";
import { byStampAndId } from "./stamped-order.ts";
import { readStamp, TEXT_LENGTH_MAX } from "./storable-register.ts";
import { isStorableText } from "./storable-text.ts";

export interface Report {
  readonly playerId: DocumentId;
  readonly stamp: Stamp;
  readonly ranks: Ranks;
  readonly origin: Actor;
}

export interface Settlement {
  readonly id: string;
  readonly stamp: Stamp;
  readonly ranks: Ranks;
  readonly reason: string;
  readonly origin: Actor;
}

/** Generous: several times what operators may write. */
const REASON_LENGTH_MAX = 4_096;

const RANKING = "ranking/";

/** What a report refers to: to be written with the first one of this ranking. */
export function rankingWrite(ranks: Ranks): Write {
  return { map: "reports", key: `${RANKING}${rankingHash(ranks)}`, value: formatRanking(ranks) };
}

export function reportWrite(playerId: DocumentId, ranks: Ranks, stamp: Stamp): Write {
  return { map: "reports", key: playerId, value: `${stamp} ${rankingHash(ranks)}` };
}

export function settlementWrite(
  { id, ranks, reason }: Pick<Settlement, "id" | "ranks" | "reason">,
  stamp: Stamp,
): Write {
  return { map: "settlements", key: id, value: `${stamp} ${formatRanking(ranks)} ${reason}` };
}

/** Those of anybody, sorted by player id. */
export function readReports(state: DocumentState): Report[] {
  const registers = state.maps.reports ?? {};
  const rankings = new Map<string, Ranks | undefined>();
  const rankingOf = (hash: string): Ranks | undefined => {
    if (!rankings.has(hash)) rankings.set(hash, parseHashed(registers[`${RANKING}${hash}`], hash));
    return rankings.get(hash);
  };
  return Object.keys(registers)
    .filter(isDocumentId)
    .sort()
    .flatMap((playerId) => {
      const value = registers[playerId];
      const [stampText, hash = "", ...rest] = typeof value === "string" ? value.split(" ") : [];
      const stamp = readStamp(stampText);
      const ranks = rankingOf(hash);
      if (stamp === null || !ranks || rest.length > 0) return [];
      return [{ playerId, stamp, ranks, origin: state.writerOf("reports", playerId) }];
    });
}

/** Sorted by (stamp, id). */
export function readSettlements(state: DocumentState): Settlement[] {
  const registers = state.maps.settlements ?? {};
  return Object.keys(registers)
    .filter((id) => id !== "" && isStorableText(id, TEXT_LENGTH_MAX))
    .flatMap((id) => {
      const said = parseSettlement(registers[id]);
      return said ? [{ id, ...said, origin: state.writerOf("settlements", id) }] : [];
    })
    .sort(byStampAndId);
}

/** Undefined when it is no ranking, or not the one of this hash. */
function parseHashed(value: Scalar | undefined, hash: string): Ranks | undefined {
  const ranks = typeof value === "string" ? parseRanking(value) : undefined;
  return ranks && rankingHash(ranks) === hash ? ranks : undefined;
}

/** `<stamp> <ranking> <reason>`, where the reason may be empty and have spaces; undefined when it is not that. */
function parseSettlement(
  value: Scalar | undefined,
): { readonly stamp: Stamp; readonly ranks: Ranks; readonly reason: string } | undefined {
  if (typeof value !== "string") return undefined;
  const [stampText, ranking = "", ...words] = value.split(" ");
  const stamp = readStamp(stampText);
  const ranks = parseRanking(ranking);
  const reason = words.join(" ");
  const isWhole = words.length > 0 && isStorableText(reason, REASON_LENGTH_MAX);
  return stamp !== null && ranks && isWhole ? { stamp, ranks, reason } : undefined;
}
