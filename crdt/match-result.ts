/**
 * How a match ended (MAT3): what the majority of the seated say, unless an operator settled it.
 *
 * A report is believed as it stands: it may rank others than the seated, when its server did not know yet who
 * they would be. It then counts like any other, for it is those who played who say so.
 */
import type { DocumentId } from "./ids.ts";
import type { Report, Settlement } from "./match-reports.ts";
import { formatRanking, type Ranks } from "./ranking.ts";
import { byStampAndId } from "./stamped-order.ts";

export interface MatchResult {
  readonly status: "pending" | "settled" | "disputed";
  /** Of a settled one. */
  readonly ranks: Ranks | null;
}

/**
 * - Of several settlements the least (stamp, id) counts.
 * - A majority is more than half of the seated. Those who are not seated have no say.
 * - Disputed: reported, and even if all who are silent joined the strongest party, it would be no majority.
 *
 * In any order; one report a player.
 */
export function resultOf(
  seatedIds: readonly DocumentId[],
  reports: readonly Pick<Report, "playerId" | "ranks">[],
  settlements: readonly Pick<Settlement, "id" | "stamp" | "ranks">[],
): MatchResult {
  const [settlement] = [...settlements].sort(byStampAndId);
  if (settlement) return { status: "settled", ranks: settlement.ranks };

  const seated = new Set(seatedIds);
  const counted = reports.filter(({ playerId }) => seated.has(playerId));
  const strongest = strongestParty(counted);
  if (!strongest) return { status: "pending", ranks: null };
  const isMajority = (votes: number): boolean => 2 * votes > seated.size;
  if (isMajority(strongest.votes)) return { status: "settled", ranks: strongest.ranks };
  const silent = seated.size - counted.length;
  return { status: isMajority(strongest.votes + silent) ? "pending" : "disputed", ranks: null };
}

interface Party {
  readonly ranks: Ranks;
  readonly votes: number;
}

/** Which of several equally strong ones it is makes no difference: none of them is a majority. */
function strongestParty(reports: readonly Pick<Report, "ranks">[]): Party | undefined {
  const parties = new Map<string, Party>();
  let strongest: Party | undefined;
  for (const { ranks } of reports) {
    const ranking = formatRanking(ranks);
    const party = { ranks, votes: (parties.get(ranking)?.votes ?? 0) + 1 };
    parties.set(ranking, party);
    if (!strongest || party.votes > strongest.votes) strongest = party;
  }
  return strongest;
}
