/** The records that examples show: two players and their match, a ban, a conflict. */
import type { BanAnswer } from "../contract/ban.ts";
import type { ConflictAnswer } from "../contract/conflict.ts";
import type { MatchAnswer } from "../contract/match.ts";
import type { PlayerAnswer } from "../contract/player.ts";
import type { SessionAnswer } from "../contract/session.ts";

export const ADA_ID = "0199a3f2-7c1e-7b6a-9d3e-4f5a6b7c8d9e";
export const BOB_ID = "0199a3f2-9b20-7c4d-8e1f-0a1b2c3d4e5f";
export const MATCH_ID = "0199a3f4-1d2e-7f30-a1b2-c3d4e5f60718";
const BAN_ID = "0199a3f5-3c4d-7e5f-8091-a2b3c4d5e6f7";
export const ORIGIN = "9f86d081884c7d659a2feaa0c55ad015";
export const HASH = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a";
export const LATER_HASH = HASH.replace("4b", "5c");

export const DEVICE = { provider: "device", subject: "wPjzq5rAQ0yXoZ2Lk1eVtA" };
const STEAM = { provider: "steam", subject: "76561197960287930" };

export const ADA: PlayerAnswer = {
  id: ADA_ID,
  username: "ada",
  usernameStatus: "confirmed",
  handle: "ada",
  displayName: "Ada Lovelace",
  region: "eu",
  platform: "pc",
  status: "active",
  metadata: { level: 7 },
  createdAt: "2026-03-01T12:00:00.000Z",
  homeServer: "eu-1",
};

/** As Ada itself and back ends see it. */
export const ADA_WHOLE: PlayerAnswer = { ...ADA, identities: [STEAM], notices: [] };

export const SESSION: SessionAnswer = {
  token: "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJyb2xsY2FsbCJ9.c2lnbmF0dXJl",
  refreshToken:
    "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJyb2xsY2FsbCJ9.c2lnbmF0dXJl~Zk3mQx0Lr8sT1uVwXyZaBg",
  expiresAt: "2026-03-01T12:15:00.000Z",
};

export const OPEN_MATCH: MatchAnswer = {
  id: MATCH_ID,
  mode: "duel",
  region: "eu",
  capacity: 2,
  state: "open",
  hostId: ADA_ID,
  address: "203.0.113.7:7777",
  players: [{ playerId: ADA_ID, status: "seated", joinedAt: "2026-03-01T12:05:00.000Z" }],
  result: { status: "pending" },
  createdAt: "2026-03-01T12:05:00.000Z",
  homeServer: "eu-1",
};

export const FULL_MATCH: MatchAnswer = {
  ...OPEN_MATCH,
  players: [
    ...OPEN_MATCH.players,
    { playerId: BOB_ID, status: "seated", joinedAt: "2026-03-01T12:05:10.000Z" },
  ],
};

export const RUNNING_MATCH: MatchAnswer = {
  ...FULL_MATCH,
  state: "running",
  startedAt: "2026-03-01T12:05:20.000Z",
};

export const RANKS = { [ADA_ID]: 1, [BOB_ID]: 2 };

export const FINISHED_MATCH: MatchAnswer = {
  ...RUNNING_MATCH,
  state: "finished",
  result: { status: "settled", ranks: RANKS },
  finishedAt: "2026-03-01T12:15:00.000Z",
};

export const BAN: BanAnswer = {
  id: BAN_ID,
  reason: "cheated in a tournament",
  by: "key",
  from: "2026-03-01T13:00:00.000Z",
  until: "2026-04-01T00:00:00.000Z",
  lifted: false,
};

export const CONFLICT: ConflictAnswer = {
  id: "6f1ed002-ab55-8b1c-9d2e-3f4a5b6c7d8e",
  documentId: ADA_ID,
  kind: "field",
  path: "region",
  candidates: [
    { value: "eu", change: HASH, server: "eu-1", at: "2026-03-01T12:00:00.000Z" },
    { value: "us", change: LATER_HASH, server: "us-1", at: "2026-03-01T12:00:01.000Z" },
  ],
  winner: "us",
  rule: "PLY1",
  words: 'eu-1 set region to "eu", while us-1 set it to "us"; us-1\'s stands: later by Automerge\'s order',
};
