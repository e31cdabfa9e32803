/**
 * An example of each operation's body and good answers, for the OpenAPI document. A test holds them to the schemas,
 * and holds that none is missing.
 */
import type { AuditRecordAnswer } from "../contract/audit.ts";
import type { LeaderboardAnswer, RatingsAnswer } from "../contract/board.ts";
import type { ClusterAnswer, ClusterSamplesAnswer, DigestAnswer } from "../contract/cluster.ts";
import type { ChangeEvent } from "../contract/event.ts";
import type { ExportAnswer } from "../contract/export.ts";
import type { DiffAnswer, DocumentAnswer, HistoryAnswer } from "../contract/history.ts";
import type { JwksAnswer, RegisteredAnswer, SignedInAnswer } from "../contract/session.ts";
import type { VerificationAnswer } from "../contract/verification.ts";
import {
  ADA,
  ADA_ID,
  ADA_WHOLE,
  BAN,
  BOB_ID,
  CONFLICT,
  DEVICE,
  FINISHED_MATCH,
  FULL_MATCH,
  HASH,
  LATER_HASH,
  MATCH_ID,
  OPEN_MATCH,
  ORIGIN,
  RANKS,
  RUNNING_MATCH,
  SESSION,
} from "./records.ts";

export interface OperationExamples {
  /** Of path parameters, by name. */
  readonly params?: Readonly<Record<string, string>>;
  /** Of query parameters without which it is refused. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** By status; a text where the answer is no JSON. */
  readonly answers: Readonly<Record<number, unknown>>;
}

const REGISTERED: RegisteredAnswer = { player: ADA_WHOLE, session: SESSION };
const SIGNED_IN: SignedInAnswer = { player: ADA_WHOLE, session: SESSION };
const STANDING = { rating: 8.42, matches: 12, wins: 9, losses: 2, draws: 1 };
const LEADERBOARD: LeaderboardAnswer = {
  items: [{ rank: 1, playerId: ADA_ID, username: "ada", ...STANDING }],
  next: null,
};
const RATINGS: RatingsAnswer = { items: [{ mode: "duel", ...STANDING }], next: null };
const JWKS: JwksAnswer = {
  keys: [
    {
      kty: "OKP",
      crv: "Ed25519",
      x: "pYLYi0SaZgmyVG_HKA-loz2nMvInzSPLB5sCXXbLwqs",
      kid: "fuFtaT-oasUp7p-3U2TaHN8brCT8RP4rqFY6frw8irM",
      alg: "EdDSA",
      use: "sig",
    },
  ],
};
const DIGEST: DigestAnswer = {
  documents: 2,
  entries: 5,
  versionVector: { [ORIGIN]: 5 },
  headsDigest: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
  stateDigest: "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9",
};
const CLUSTER: ClusterAnswer = {
  server: "eu-1",
  realm: "default",
  version: "0.1.0",
  database: "open",
  members: [
    {
      name: "us-1",
      incarnation: ORIGIN,
      self: false,
      state: "alive",
      lastHeardAt: "2026-03-01T12:00:00.000Z",
      entriesBehind: 0,
      secondsBehind: 0,
      clockOffsetMs: 3,
      brokers: [{ url: "redis://us-1.example:6379", own: false, state: "up" }],
      queues: { waiting: 0 },
    },
  ],
};
const VERIFYING: VerificationAnswer = {
  state: "running",
  part: "log",
  startedAt: "2026-03-01T12:00:00.000Z",
  documents: 0,
  entries: 0,
  faults: [],
  faultsFound: 0,
};
const VERIFIED: VerificationAnswer = {
  state: "done",
  startedAt: VERIFYING.startedAt,
  finishedAt: "2026-03-01T12:00:05.000Z",
  expected: { documents: 2, entries: 5 },
  documents: 2,
  entries: 5,
  faults: [
    {
      kind: "record",
      documentId: ADA_ID,
      detail: "its row of player is another than what follows from the log, in region",
    },
  ],
  faultsFound: 1,
};
const EXPORT: ExportAnswer = {
  player: ADA_WHOLE,
  bans: [BAN],
  mergedIds: [],
  history: [
    {
      documentId: ADA_ID,
      hash: "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",
      parents: [],
      server: "eu-1",
      origin: ORIGIN,
      sequence: 2,
      at: "2026-03-01T12:00:00.000Z",
      by: "key",
      reason: "register",
      sets: [{ path: "username", to: "ada" }],
    },
  ],
  matches: [{ match: FINISHED_MATCH, report: { ranks: RANKS, at: "2026-03-01T12:15:00.000Z" } }],
  ratings: RATINGS.items,
  conflicts: [CONFLICT],
};
const CHANGE: ChangeEvent = {
  kind: "player",
  documentId: ADA_ID,
  position: `${ORIGIN}:2`,
  server: "eu-1",
  heads: ["4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"],
  erased: false,
};

const SAMPLES: ClusterSamplesAnswer = {
  server: "eu-1",
  items: [
    {
      at: "2026-03-01T12:00:05.000Z",
      database: "open",
      entries: 5_000,
      written: 1_700,
      queues: { writesWaiting: 0, unstored: 12, asking: 0, unacknowledged: 1 },
      members: [{ name: "us-1", state: "alive", entriesBehind: 12, secondsBehind: 0.4 }],
    },
  ],
};

const HISTORY: HistoryAnswer = {
  items: [
    {
      hash: LATER_HASH,
      parents: [HASH],
      concurrentWith: [],
      concurrentCount: 0,
      server: "us-1",
      origin: ORIGIN,
      sequence: 9,
      at: "2026-03-01T12:00:01.000Z",
      by: "player",
      reason: "edit",
      sets: [{ path: "region", to: "us" }],
      met: [],
      words: 'us-1 set region to "us"',
    },
  ],
  next: null,
  total: 1,
};
const DOCUMENT: DocumentAnswer = {
  id: ADA_ID,
  kind: "player",
  heads: [LATER_HASH],
  document: { createdAt: 1_772_366_400_000, homeServer: "eu-1", region: "us", username: "ada" },
};
const DIFF: DiffAnswer = {
  from: [HASH],
  to: [LATER_HASH],
  patches: [{ path: "region", from: "eu", to: "us" }],
};

const AUDITED: AuditRecordAnswer = {
  id: `${ORIGIN}:10`,
  at: "2026-03-01T12:30:00.000Z",
  action: "restore",
  by: "ops",
  operator: "grace",
  reason: "the player never moved",
  address: "203.0.113.9",
  server: "eu-1",
  documentId: ADA_ID,
  change: LATER_HASH,
};

const OF_ADA = { id: ADA_ID };
const OF_MATCH = { id: MATCH_ID };
const BOB_IN_MATCH = { id: MATCH_ID, playerId: BOB_ID };
const ADA_AT_STEAM = { id: ADA_ID, provider: "steam", subject: "76561197960287930" };

/** By the operation's id. */
export const EXAMPLES: Readonly<Record<string, OperationExamples>> = {
  registerPlayer: {
    body: {
      identity: DEVICE,
      username: "ada",
      displayName: "Ada Lovelace",
      region: "eu",
      metadata: { level: 7 },
    },
    answers: { 201: REGISTERED, 200: REGISTERED },
  },
  readPlayer: { params: OF_ADA, answers: { 200: ADA } },
  listPlayers: { answers: { 200: { items: [ADA], next: null } } },
  editPlayer: {
    params: OF_ADA,
    body: { region: "us", displayName: null, metadata: { level: 8 } },
    answers: { 200: { ...ADA_WHOLE, region: "us", displayName: null, metadata: { level: 8 } } },
  },
  linkIdentity: { params: ADA_AT_STEAM, answers: { 200: ADA_WHOLE } },
  unlinkIdentity: { params: ADA_AT_STEAM, answers: { 200: { ...ADA_WHOLE, identities: [] } } },
  erasePlayer: { params: OF_ADA, answers: { 202: { id: ADA_ID, status: "erased" } } },
  banPlayer: {
    params: OF_ADA,
    body: { reason: "cheated in a tournament", until: "2126-04-01T00:00:00Z" },
    answers: { 201: BAN },
  },
  liftBan: { params: { id: ADA_ID, banId: BAN.id }, answers: { 200: ADA_WHOLE } },
  mergePlayer: { params: { id: BOB_ID }, body: { into: ADA_ID }, answers: { 200: ADA_WHOLE } },
  exportPlayer: { params: OF_ADA, answers: { 200: EXPORT } },
  listMatchesOfPlayer: { params: OF_ADA, answers: { 200: { items: [FINISHED_MATCH], next: null } } },
  listRatingsOfPlayer: { params: OF_ADA, answers: { 200: RATINGS } },
  signIn: { body: { identity: DEVICE }, answers: { 201: SIGNED_IN } },
  readSessionKeys: { answers: { 200: JWKS } },
  createMatch: {
    body: { mode: "duel", capacity: 2, region: "eu", address: "203.0.113.7:7777" },
    answers: { 201: OPEN_MATCH },
  },
  readMatch: { params: OF_MATCH, answers: { 200: OPEN_MATCH } },
  listMatches: { answers: { 200: { items: [OPEN_MATCH], next: null } } },
  joinMatch: { params: BOB_IN_MATCH, answers: { 200: { match: FULL_MATCH, seat: { status: "seated" } } } },
  leaveMatch: { params: BOB_IN_MATCH, answers: { 200: OPEN_MATCH } },
  startMatch: { params: OF_MATCH, answers: { 200: RUNNING_MATCH } },
  cancelMatch: { params: OF_MATCH, answers: { 200: { ...OPEN_MATCH, state: "cancelled" } } },
  reportResult: { params: BOB_IN_MATCH, body: { ranks: RANKS }, answers: { 200: { match: FINISHED_MATCH } } },
  settleResult: {
    params: OF_MATCH,
    body: { ranks: RANKS, reason: "seen in the recording" },
    answers: { 200: FINISHED_MATCH },
  },
  listRatedModes: { answers: { 200: { items: [{ mode: "duel" }], next: null } } },
  readLeaderboard: { params: { mode: "duel" }, answers: { 200: LEADERBOARD } },
  announcePresence: { body: { matchId: MATCH_ID, address: "203.0.113.7:7777" }, answers: {} },
  readPosition: {
    params: { position: `${ORIGIN}:2` },
    answers: { 200: { position: `${ORIGIN}:2`, servers: [{ server: "eu-1", has: true }] } },
  },
  listenToEvents: { answers: { 200: CHANGE } },
  listConflicts: { answers: { 200: { items: [CONFLICT], next: null } } },
  listConflictsOfDocument: { params: OF_ADA, answers: { 200: { items: [CONFLICT], next: null } } },
  readDocument: { params: OF_ADA, answers: { 200: DOCUMENT } },
  listChangesOfDocument: { params: OF_ADA, answers: { 200: HISTORY } },
  compareDocument: { params: OF_ADA, query: { from: HASH, to: LATER_HASH }, answers: { 200: DIFF } },
  restoreValue: {
    params: OF_ADA,
    body: { path: "region", change: HASH, reason: "the player never moved" },
    answers: { 200: { ...ADA_WHOLE, region: "eu" } },
  },
  listAudit: { answers: { 200: { items: [AUDITED], next: null } } },
  readCluster: { answers: { 200: CLUSTER } },
  forgetMember: {
    params: { name: "asia-1" },
    body: { reason: "its machine burnt" },
    answers: { 200: CLUSTER },
  },
  startVerification: { answers: { 202: VERIFYING } },
  readVerification: { answers: { 200: VERIFIED } },
  listClusterSamples: { query: { since: "2026-03-01T12:00:00Z" }, answers: { 200: SAMPLES } },
  readDigest: { answers: { 200: DIGEST } },
  readHealth: { answers: { 200: { status: "ok" } } },
  readReadiness: { answers: { 200: { status: "degraded", degraded: ["us-1 is not heard"] } } },
  readMetrics: {
    answers: {
      200: "# HELP rollcall_entries Entries held.\n# TYPE rollcall_entries gauge\nrollcall_entries 5\n",
    },
  },
  readDocs: { answers: { 200: "<!doctype html>…" } },
  readOpenApi: { answers: { 200: { openapi: "3.1.0" } } },
};
