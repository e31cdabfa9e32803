/** What servers answer operators, as it was recorded, for tests of how it is shown. */
import type { ClusterAnswer, DigestAnswer, MemberAnswer } from "../../src/http/contract/cluster.ts";
import type { ConflictAnswer } from "../../src/http/contract/conflict.ts";
import type { RecordedChangeAnswer } from "../../src/http/contract/history.ts";
import { HOSTILE } from "./lab-run.ts";
import { NOW } from "./screens.ts";

export const ADA = "01a2189c-ff60-752e-b970-090893daff34";
export const BOB = "01a2189c-ff87-7af9-9d38-cfcc595297b7";

/** A moment of so many seconds ago. */
export function ago(seconds: number): string {
  return new Date(Date.parse(NOW) - seconds * 1_000).toISOString();
}

export function member(name: string, fields: Partial<MemberAnswer> = {}): MemberAnswer {
  return {
    name,
    incarnation: name.slice(-1).repeat(32),
    self: false,
    state: "alive",
    lastHeardAt: ago(0),
    entriesBehind: 0,
    secondsBehind: 0,
    clockOffsetMs: -1,
    brokers: [],
    queues: {},
    ...fields,
  };
}

export function clusterOf(server: string, peers: readonly MemberAnswer[]): ClusterAnswer {
  const brokers = ["a", "b", "c"].map((host, index) => ({
    url: `redis://${host}.example:6379`,
    own: index === 0,
    state: index === 2 ? "lost" : "subscribed",
  }));
  const self = member(server, { self: true, clockOffsetMs: 0, brokers, queues: { writesWaiting: 0 } });
  return { server, realm: "game", version: "0.1.0", database: "open", members: [...peers, self] };
}

export function digestOf(entries: number, fields: Partial<DigestAnswer> = {}): DigestAnswer {
  return {
    documents: 1_234,
    entries,
    versionVector: { ["a".repeat(32)]: entries },
    headsDigest: `heads of ${entries}`,
    stateDigest: `state of ${entries}`,
    ...fields,
  };
}

export const CONFLICTS: readonly ConflictAnswer[] = [
  {
    id: "1",
    documentId: ADA,
    kind: "username",
    candidates: [
      { value: "ada", playerId: ADA, server: "server-1", at: ago(60) },
      { value: "ada", playerId: BOB, server: null, at: ago(59) },
    ],
    winner: ADA,
    rule: "CLM1",
    words: `${ADA} claimed the name "ada" at server-1, while ${BOB} did so elsewhere; ${ADA} owns it: the earliest claim`,
  },
  {
    id: "2",
    documentId: BOB,
    kind: "field",
    path: "displayName",
    candidates: [
      { value: HOSTILE, change: "27d67ad6".repeat(8), server: "server-2", at: ago(7_200) },
      { value: "漢字", change: "be41014d".repeat(8), server: "server-3", at: ago(7_201) },
    ],
    winner: HOSTILE,
    rule: "PLY1",
    words: `server-2 set displayName to ${HOSTILE}`,
  },
];

/** A change whose hash repeats a few digits, at the demo's first server five minutes ago. */
export function change(
  digits: string,
  parents: readonly string[],
  fields: Partial<RecordedChangeAnswer> = {},
): RecordedChangeAnswer {
  return {
    hash: digits.padEnd(64, digits),
    parents: [...parents],
    concurrentWith: [],
    concurrentCount: 0,
    server: "server-1",
    origin: "a".repeat(32),
    sequence: 1,
    at: ago(300),
    by: "key",
    reason: "edit",
    sets: [{ path: "displayName", to: "Ada" }],
    met: [],
    words: 'server-1 set displayName to "Ada"',
    ...fields,
  };
}

const REGISTERED = change("a1", [], {
  reason: "register",
  at: ago(7_200),
  words: 'server-1 registered the player: set displayName to "Ada"',
});
const LEFT = change("b2", [REGISTERED.hash], {
  at: ago(60),
  concurrentWith: ["c3".repeat(32)],
  concurrentCount: 1,
  sets: [{ path: "displayName", to: "Ada of the west" }],
  words:
    'server-1 set displayName to "Ada of the west", while server-2 set it to "Ada of the east"; "Ada of the west" stands: later by Automerge\'s order',
});
const RIGHT = change("c3", [REGISTERED.hash], {
  at: ago(59),
  server: "server-2",
  concurrentWith: [LEFT.hash],
  concurrentCount: 1,
  sets: [{ path: "displayName", to: "Ada of the east" }],
  words: 'server-2 set displayName to "Ada of the east"',
});

/** Two sides of a split, and a change that joins them; newest first. */
export const FORKED: readonly RecordedChangeAnswer[] = [
  change("d4", [LEFT.hash, RIGHT.hash], {
    at: ago(3),
    server: null,
    by: "ops",
    reason: "restore",
    restores: RIGHT.hash,
    sets: [{ path: "displayName", to: "Ada of the east" }],
    words: 'put back what c3c3c3c3 had set: set displayName to "Ada of the east"',
  }),
  RIGHT,
  LEFT,
  REGISTERED,
];
