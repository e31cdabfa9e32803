/** How rows of records become our types. jsonb keeps neither the order of keys nor their absence of a prototype. */
import type { Ban } from "../../../crdt/bans.ts";
import type { Claim, ClaimGroup } from "../../../crdt/claim.ts";
import { emptyRegisters, type Registers, type Scalar } from "../../../crdt/document.ts";
import type { Match, MatchResult, MatchState } from "../../../crdt/match.ts";
import type { Report, Settlement } from "../../../crdt/match-reports.ts";
import type { Entrant, LateSeat, Seat } from "../../../crdt/match-seats.ts";
import type { LinkedIdentity, Player } from "../../../crdt/player.ts";
import type { Ranks } from "../../../crdt/ranking.ts";
import type { PlayerRow } from "../player-row.ts";
import type { StoredMatch, StoredPlayer } from "../record-queries.ts";
import { toClaimKind, toHeads, toOrigin } from "./rows.ts";

export interface PlayerColumns {
  readonly id: string;
  readonly username: string | null;
  readonly username_key: string | null;
  readonly username_stamp: string | null;
  readonly username_origin: string | null;
  readonly username_position_origin: string | null;
  readonly username_position_sequence: string | null;
  readonly display_name: string | null;
  readonly region: string | null;
  readonly platform: string | null;
  readonly banned_until_ms: string | null;
  readonly metadata: Record<string, Scalar>;
  readonly identities: LinkedIdentity[];
  readonly bans: Ban[];
  readonly merged_with: string[];
  readonly survivor_id: string;
  readonly created_at_ms: string;
  readonly home_server: string;
}

export interface StoredPlayerColumns extends PlayerColumns {
  readonly heads: Buffer;
  readonly username_owner_id: string | null;
}

export interface ClaimColumns {
  readonly kind: number;
  readonly key: string;
  readonly owner_id: string;
  readonly player_id: string;
  readonly origin: string;
  readonly stamp: string;
  readonly value: string | null;
  readonly others: Claim[] | null;
}

export interface MatchColumns {
  readonly id: string;
  readonly mode: string;
  readonly region: string | null;
  readonly capacity: string;
  readonly host_id: string | null;
  readonly address: string | null;
  readonly metadata: Record<string, Scalar>;
  readonly state: MatchState;
  readonly seats: Seat[];
  readonly late_seats: LateSeat[];
  readonly entrants: Entrant[];
  readonly reports: Report[];
  readonly settlements: Settlement[];
  readonly result_status: MatchResult["status"];
  readonly ranks: Ranks | null;
  readonly created_at_ms: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly home_server: string;
}

export interface StoredMatchColumns extends MatchColumns {
  readonly heads: Buffer;
}

export function toPlayerRow(row: PlayerColumns): PlayerRow {
  const { username_position_origin: origin, username_position_sequence: sequence } = row;
  return {
    player: toPlayer(row),
    survivorId: row.survivor_id,
    bannedUntilMs: row.banned_until_ms === null ? null : Number(row.banned_until_ms),
    usernamePosition:
      origin === null || sequence === null ? null : { origin: toOrigin(origin), sequence: Number(sequence) },
  };
}

export function toStoredPlayer(row: StoredPlayerColumns): StoredPlayer {
  return { ...toPlayerRow(row), heads: toHeads(row.heads), usernameOwnerId: row.username_owner_id };
}

export function toStoredMatch(row: StoredMatchColumns): StoredMatch {
  return { match: toMatch(row), heads: toHeads(row.heads) };
}

export function toClaimGroup(row: ClaimColumns): ClaimGroup {
  const { key } = row;
  const first: Claim = {
    stamp: row.stamp,
    playerId: row.player_id,
    holderId: row.owner_id,
    value: row.value ?? key,
    origin: toOrigin(row.origin),
  };
  return { kind: toClaimKind(row.kind), key, claims: [first, ...(row.others ?? [])] };
}

function toPlayer(row: PlayerColumns): Player {
  const { username_stamp: stamp, username_origin: origin } = row;
  return {
    id: row.id,
    username: row.username,
    usernameClaim: stamp === null || origin === null ? null : { stamp, origin: toOrigin(origin) },
    displayName: row.display_name,
    region: row.region,
    platform: row.platform,
    metadata: toRegisters(row.metadata),
    identities: row.identities,
    bans: row.bans,
    mergedWith: row.merged_with,
    createdAtMs: Number(row.created_at_ms),
    homeServer: row.home_server,
  };
}

function toMatch(row: MatchColumns): Match {
  return {
    id: row.id,
    mode: row.mode,
    region: row.region,
    capacity: Number(row.capacity),
    hostId: row.host_id,
    address: row.address,
    metadata: toRegisters(row.metadata),
    state: row.state,
    seats: row.seats,
    lateSeats: row.late_seats,
    entrants: row.entrants,
    reports: row.reports.map((report) => ({ ...report, ranks: toRanks(report.ranks) })),
    settlements: row.settlements.map((settlement) => ({ ...settlement, ranks: toRanks(settlement.ranks) })),
    result: { status: row.result_status, ranks: row.ranks && toRanks(row.ranks) },
    createdAtMs: Number(row.created_at_ms),
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    homeServer: row.home_server,
  };
}

function toRegisters(metadata: Readonly<Record<string, Scalar>>): Registers {
  const registers = emptyRegisters();
  for (const key of Object.keys(metadata).sort()) registers[key] = metadata[key] as Scalar;
  return registers;
}

function toRanks(ranks: Ranks): Ranks {
  const sorted: { [playerId: string]: number } = Object.create(null);
  for (const playerId of Object.keys(ranks).sort()) sorted[playerId] = ranks[playerId] as number;
  return sorted;
}
