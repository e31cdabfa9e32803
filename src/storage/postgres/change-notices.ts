/**
 * What a batch tells those who listen on `rollcall_change`: kind and id of each record that it changed, once each.
 * PostgreSQL sends them when the batch is committed, and not when it is not. docs/sql-views.md is the reference.
 */
import type { Batch } from "../log-store.ts";

/** The channel to listen on. */
export const CHANNEL = "rollcall_change";

/** Payloads, of some 60 bytes each; PostgreSQL takes 8,000. */
export function changeNotices(batch: Batch): string[] {
  const { players, claims, newClaims, erased, matches, conflicts, ratings } = batch;
  // Whoever is told that a name changed hands may be one of whom nothing else changed.
  const claimants = claims.filter((group) => !newClaims.has(group)).flatMap((group) => group.claims);
  const playerIds = new Set([
    ...players.map(({ player }) => player.id),
    ...claimants.map(({ playerId }) => playerId),
    ...erased,
  ]);
  return [
    ...[...playerIds].map((id) => notice("player", id)),
    ...matches.map(({ id }) => notice("match", id)),
    ...conflicts.map(({ id }) => notice("conflict", id)),
    ...(ratings ? [notice("rating", ratings.mode)] : []),
  ];
}

/** Of ratings, which change many at a time, the id is the mode. */
function notice(kind: "player" | "match" | "conflict" | "rating", id: string): string {
  return JSON.stringify({ kind, id });
}
