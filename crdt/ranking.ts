/**
 * Who came where in a match, and its text: `<player id>=<rank>,…`, for instance `3f…=1,9c…=2`.
 *
 * One outcome has one text (MAT3 counts equal ones): player ids are sorted, ranks are dense from 1. Of 1, 1, 5
 * remains 1, 1, 2; ties stay ties.
 */
import { hash } from "node:crypto";
import { type DocumentId, isDocumentId } from "./ids.ts";

/** Of each player the place: 1 is best, ties are equal. Null-prototype, keys sorted. */
export type Ranks = { readonly [playerId: DocumentId]: number };

/** How a ranking differs from one of exactly those who are seated; ids sorted. */
export interface RankingFaults {
  /** Ranked without a seat. */
  readonly strangers: readonly DocumentId[];
  /** Seated and not ranked. */
  readonly missing: readonly DocumentId[];
}

/** A thousand players take 42,000. What is longer is no ranking (STO1). */
const RANKING_LENGTH_MAX = 65_536;
const RANK = /^[1-9][0-9]{0,8}$/;

/** The same outcome with dense ranks from 1 and sorted keys. */
export function canonicalRanks(ranks: Ranks): Ranks {
  const places = [...new Set(Object.values(ranks))].sort((one, other) => one - other);
  const dense = new Map(places.map((rank, index) => [rank, index + 1]));
  const canonical: { [playerId: DocumentId]: number } = Object.create(null);
  for (const [playerId, rank] of Object.entries(ranks).sort(byPlayerId)) {
    canonical[playerId] = dense.get(rank) ?? rank;
  }
  return canonical;
}

/** The reports of a match share few rankings, each as long as there are seats: they are written out once. */
const texts = new WeakMap<Ranks, string>();
const hashes = new WeakMap<Ranks, string>();

/** The one text of an outcome. Ranks that were given here are not changed any more. */
export function formatRanking(ranks: Ranks): string {
  const known = texts.get(ranks);
  if (known !== undefined) return known;
  const text = Object.entries(canonicalRanks(ranks))
    .map(([playerId, rank]) => `${playerId}=${rank}`)
    .join();
  texts.set(ranks, text);
  return text;
}

/** The first 128 bits of the SHA-256 of an outcome's text, 32 hexadecimal digits. Ranks are as of `formatRanking`. */
export function rankingHash(ranks: Ranks): string {
  const known = hashes.get(ranks);
  if (known !== undefined) return known;
  const digest = hash("sha256", formatRanking(ranks), "hex").slice(0, 32);
  hashes.set(ranks, digest);
  return digest;
}

/** In canonical form, whatever order and ranks it was written with; undefined when it is no ranking. */
export function parseRanking(text: string): Ranks | undefined {
  if (text.length > RANKING_LENGTH_MAX) return undefined;
  const ranks: { [playerId: DocumentId]: number } = Object.create(null);
  for (const place of text.split(",")) {
    const [playerId = "", rank = "", ...rest] = place.split("=");
    const isPlace = isDocumentId(playerId) && RANK.test(rank) && rest.length === 0;
    if (!isPlace || playerId in ranks) return undefined;
    ranks[playerId] = Number(rank);
  }
  return canonicalRanks(ranks);
}

/** Undefined when it ranks the seated, all of them and nobody else. */
export function rankingFaults(ranks: Ranks, seatedIds: readonly DocumentId[]): RankingFaults | undefined {
  const seated = new Set(seatedIds);
  const strangers = Object.keys(ranks).filter((playerId) => !seated.has(playerId));
  const missing = seatedIds.filter((playerId) => !Object.hasOwn(ranks, playerId));
  if (strangers.length === 0 && missing.length === 0) return undefined;
  return { strangers: strangers.sort(), missing: missing.sort() };
}

function byPlayerId([one]: readonly [DocumentId, number], [other]: readonly [DocumentId, number]): number {
  return one < other ? -1 : 1;
}
