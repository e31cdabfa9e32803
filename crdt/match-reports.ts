/**
 * What was said of the outcome of a match, as registers hold it (MAT3 decides what it comes to): `reports` by
 * player id, `<stamp> <ranking>`; `settlements` by id, `<stamp> <ranking> <reason>`.
 */
import type { Actor } from "./change.ts";
import type { DocumentState, Scalar, Write } from "./document.ts";
import type { Stamp } from "./hybrid-clock.ts";
import { type DocumentId, isDocumentId } from "./ids.ts";
import { formatRanking, parseRanking, type Ranks } from "./ranking.ts";
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

export function reportWrite(playerId: DocumentId, ranks: Ranks, stamp: Stamp): Write {
  return { map: "reports", key: playerId, value: `${stamp} ${formatRanking(ranks)}` };
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
  return Object.keys(registers)
    .filter(isDocumentId)
    .sort()
    .flatMap((playerId) => {
      const said = parseOutcome(registers[playerId]);
      if (!said || said.reason !== null) return [];
      const { stamp, ranks } = said;
      return [{ playerId, stamp, ranks, origin: state.writerOf("reports", playerId) }];
    });
}

/** Sorted by (stamp, id). */
export function readSettlements(state: DocumentState): Settlement[] {
  const registers = state.maps.settlements ?? {};
  return Object.keys(registers)
    .filter((id) => id !== "" && isStorableText(id, TEXT_LENGTH_MAX))
    .flatMap((id) => {
      const said = parseOutcome(registers[id]);
      if (!said || said.reason === null) return [];
      const { stamp, ranks, reason } = said;
      return [{ id, stamp, ranks, reason, origin: state.writerOf("settlements", id) }];
    })
    .sort(byStampAndId);
}

/** `<stamp> <ranking>`, and perhaps a reason after one more space; undefined when it is not that. */
function parseOutcome(
  value: Scalar | undefined,
): { readonly stamp: Stamp; readonly ranks: Ranks; readonly reason: string | null } | undefined {
  if (typeof value !== "string") return undefined;
  const [stampText, ranking = "", ...words] = value.split(" ");
  const reason = words.length > 0 ? words.join(" ") : null;
  const stamp = readStamp(stampText);
  const ranks = parseRanking(ranking);
  if (stamp === null || !ranks || !isStorableText(reason ?? "", REASON_LENGTH_MAX)) return undefined;
  return { stamp, ranks, reason };
}
