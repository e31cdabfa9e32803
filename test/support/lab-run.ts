/** A run of the lab that never was: two servers, a split, a player edited on both sides of it. */
import { ENTRY_KIND, ENTRY_VERSION, type Entry, encodeOriginBegan } from "../../crdt/entry.ts";
import type { FinalState } from "../../src/lab/checker/final-state.ts";
import { History } from "../../src/lab/history.ts";
import type { RunResult } from "../../src/lab/run.ts";
import { newAuthor } from "./author.ts";
import { idOf } from "./log-fixtures.ts";

/** What nobody should be able to put into a page or a terminal. */
export const HOSTILE = `<script>alert("1")</script>'&\u001b[31m`;

const SCENARIO = { name: "made-up", story: "Nothing happened.", play: async () => undefined };

const [S1, S2, S3] = ["019ab33c5e7f0000", "019ab33c5e7f0001", "019ab33c5e7f0002"];

export function labRun(fields: Partial<RunResult> = {}): RunResult {
  const history = new History();
  const call = { mark: null, startedMs: 10, endedMs: 20, status: 200, code: null, position: null };
  history.calls.push(
    { ...call, server: "server-1", what: "register", outcome: "ok", status: 201 },
    { ...call, server: "server-2", what: "edit", outcome: "failed", status: 409, code: HOSTILE },
    { ...call, server: "server-2", what: "edit", outcome: "unknown", endedMs: 900, status: null },
  );
  history.faults.push(
    { name: "parted", target: "server-1 | server-2", startedMs: 100, endedMs: 900 },
    { name: "slow", target: "server-2 to its database", startedMs: 200, endedMs: 300 },
  );
  history.remarks.push({ atMs: 500, text: HOSTILE });
  history.lag.push(
    { atMs: 0, missing: { "server-1": 0, "server-2": 0 } },
    { atMs: 500, missing: { "server-1": 2, "server-2": null } },
  );
  const log = splitLog();
  return {
    scenario: SCENARIO,
    seed: 7,
    history,
    healedMs: 900,
    convergedMs: 100,
    states: ["server-1", "server-2"].map((server) => stateOf(server, log)),
    checks: [{ name: "logs", promise: "all servers have the same entries", findings: [] }],
    ...fields,
  };
}

/** A player that server-1 registered, and both edited without knowing of each other. */
function splitLog(): Entry[] {
  const one = newAuthor(1);
  const registered = one.write(S1, { region: "eu" });
  const two = newAuthor(2, one);
  const left = one.write(S2, { displayName: "Ada" });
  const right = two.write(S3, { displayName: HOSTILE });
  const changes = [registered, left, right].map(({ actor, hash, bytes }, index) => ({
    origin: actor,
    sequence: index === 1 ? 3 : 2,
    kind: ENTRY_KIND.playerChange,
    version: ENTRY_VERSION,
    documentId: idOf(1),
    hash,
    body: bytes,
  }));
  const began = [one, two].map(({ actor }, index) => ({
    origin: actor,
    sequence: 1,
    kind: ENTRY_KIND.originBegan,
    version: ENTRY_VERSION,
    documentId: null,
    hash: null,
    body: encodeOriginBegan(`server-${index + 1}`),
  }));
  return [...began, ...changes];
}

/** Of a server that was restored and kept its actor: two changes that bear one number, of a player of its own. */
export function twiceUnderOneNumber(): Entry[] {
  const registered = newAuthor(3).write(S1, { region: "eu" });
  const before = newAuthor(4).write(S2, { displayName: "before" });
  const again = newAuthor(4).write(S3, { displayName: "again" });
  return [registered, before, again].map(({ actor, hash, bytes }, index) => ({
    origin: actor,
    sequence: index + 1,
    kind: ENTRY_KIND.playerChange,
    version: ENTRY_VERSION,
    documentId: idOf(2),
    hash,
    body: bytes,
  }));
}

function stateOf(server: string, log: readonly Entry[]): FinalState {
  const at = "2026-01-01T10:00:00.000Z";
  return {
    server,
    log,
    digest: { versionVector: {}, documents: 1, entries: log.length, headsDigest: "", stateDigest: "" },
    players: [],
    matches: [],
    conflicts: [
      {
        id: "1",
        documentId: idOf(1),
        kind: "field",
        path: "displayName",
        candidates: [
          { value: "Ada", server: "server-1", at },
          { value: HOSTILE, server: "server-2", at },
        ],
        winner: HOSTILE,
        rule: "PLY1",
        words: `server-1 set displayName to "Ada", while server-2 set it to ${HOSTILE}`,
      },
    ],
    leaderboards: {},
  };
}
