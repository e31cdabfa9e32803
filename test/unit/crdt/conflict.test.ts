import { describe, expect, it } from "vitest";
import type { Json } from "../../../crdt/canonical.ts";
import {
  byStampAndSource,
  type Candidate,
  type Conflict,
  type ConflictKind,
  canonicalConflict,
  conflictId,
  conflictScope,
  latestStamp,
} from "../../../crdt/conflict.ts";
import { wordsOf } from "../../../crdt/conflict-words.ts";
import { STAMP_ZERO } from "../../../crdt/hybrid-clock.ts";
import { actorOf } from "../../support/replica.ts";

const DOCUMENT_ID = "00000000-0000-8000-8000-00000000000a";
const SCOPE = conflictScope("field", DOCUMENT_ID);
const [S1, S2] = ["0000000000010000", "0000000000020000"];

function candidate(value: Json, server: number, more: Partial<Candidate> = {}): Candidate {
  return { value, origin: actorOf(server), stamp: S1, ...more };
}

function conflict(
  kind: ConflictKind,
  winner: Json,
  candidates: Candidate[],
  path: string | null = null,
): Conflict {
  const common = { documentId: DOCUMENT_ID, documentIds: [DOCUMENT_ID], rule: "PLY1" };
  return { id: conflictId(SCOPE, kind), scope: SCOPE, kind, ...common, path, candidates, winner };
}

function words(...parts: Parameters<typeof conflict>): string {
  return wordsOf(conflict(...parts), (origin) => `eu-${Number(origin.slice(0, 2))}`);
}

describe("conflict", () => {
  it("[HIS2] has an id that follows from what it is about, the same everywhere", () => {
    expect(conflictId(SCOPE, "field", "region", "ab".repeat(32))).toBe(
      "0d7108b3-cf88-8211-b335-4fbec8033f7e",
    );
    const ids = [
      conflictId(SCOPE, "field", "region", "ab".repeat(32)),
      conflictId(SCOPE, "field", "region", "cd".repeat(32)),
      conflictId(SCOPE, "field", "platform", "ab".repeat(32)),
      conflictId(SCOPE, "seat"),
      conflictId(SCOPE, "result"),
      conflictId(conflictScope("match", DOCUMENT_ID), "seat"),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("[HIS2] has one canonical text, with everything that is derived from documents", () => {
    const change = "ab".repeat(32);
    const candidates = [candidate("us", 1, { change }), candidate(null, 2, { playerId: "p", stamp: S2 })];
    const made = conflict("field", "us", candidates, "region");
    expect(canonicalConflict(made)).toBe(
      `{"candidates":[{"change":"${change}","origin":"${actorOf(1)}","playerId":null,"stamp":"${S1}","value":"us"},` +
        `{"change":null,"origin":"${actorOf(2)}","playerId":"p","stamp":"${S2}","value":null}],` +
        `"documentId":"${DOCUMENT_ID}","documentIds":["${DOCUMENT_ID}"],"id":"${made.id}","kind":"field",` +
        `"path":"region","rule":"PLY1","scope":"${SCOPE}","winner":"us"}`,
    );
  });

  it("[HIS2] is as late as its latest candidate", () => {
    const candidates = [candidate(1, 1), candidate(2, 1, { stamp: S2 }), candidate(3, 1)];
    expect(latestStamp(conflict("field", 1, candidates))).toBe(S2);
    expect(latestStamp(conflict("field", 1, []))).toBe(STAMP_ZERO);
  });

  it("[HIS2] candidates stand by stamp, then by change or player", () => {
    const [late, b, a] = [
      candidate(1, 1, { stamp: S2, playerId: "a" }),
      candidate(2, 1, { change: "b" }),
      candidate(3, 1, { playerId: "a" }),
    ];
    expect([late, b, a].sort(byStampAndSource)).toEqual([a, b, late]);
    expect(byStampAndSource(a, { ...a })).toBe(0);
  });
});

describe("a conflict in words", () => {
  it("[HIS2] of a field", () => {
    expect(words("field", "asia", [candidate("us", 2), candidate("asia", 1)], "region")).toBe(
      'eu-2 set region to "us", while eu-1 set it to "asia"; "asia" stands: later by Automerge\'s order',
    );
  });

  it("[HIS2] of a field that one side unset", () => {
    expect(words("field", 7, [candidate(null, 2), candidate(7, 1)], "metadata/level")).toBe(
      "eu-2 unset metadata/level, while eu-1 set it to 7; 7 stands: unsetting removes only what it knew of",
    );
  });

  it("[HIS2] of a field that ends without a value that can be read", () => {
    expect(words("field", null, [candidate("us", 2), candidate(null, 1)], "region")).toBe(
      'eu-2 set region to "us", while eu-1 unset it; no value stands: later by Automerge\'s order',
    );
  });

  it("[HIS2] names four candidates and counts the others, and cuts long values", () => {
    const many = [1, 2, 3, 4, 5, 6, 7].map((number) => candidate(number, number));
    expect(words("field", 7, many, "x")).toBe(
      "eu-1 set x to 1, while eu-2 set it to 2 and eu-3 set it to 3 and eu-4 set it to 4 and eu-5 set it to 5 " +
        "and 2 more; 7 stands: later by Automerge's order",
    );
    const long = words("field", "y", [candidate("x".repeat(4_000), 1), candidate("y", 2)], "x");
    expect(long.length).toBeLessThan(200);
    expect(long).toContain("xxx…");
  });

  it("[HIS2] of a name and of an identity", () => {
    const two = (value: string): Candidate[] => [
      candidate(value, 1, { playerId: "p1" }),
      candidate(value, 2, { playerId: "p2" }),
    ];
    expect(words("username", "p1", two("Ada"))).toBe(
      'p1 claimed the name "Ada" at eu-1, while p2 claimed the name "Ada" at eu-2; p1 owns it: the earliest claim',
    );
    expect(words("identity", "p1", two("steam:7"))).toContain('p2 claimed the identity "steam:7" at eu-2');
  });

  it("[HIS2] of seats", () => {
    const seats = ["seated", "seated", "overflow"].map((status, index) =>
      candidate(status, index + 1, { playerId: `p${index + 1}` }),
    );
    expect(words("seat", ["p1", "p2"], seats)).toBe(
      "3 players joined, seats went to the earliest 2; none was left for p3 at eu-3",
    );
    const late = candidate("late", 1, { playerId: "p4" });
    expect(words("seat", ["p1", "p2"], [...seats, late])).toBe(
      "4 players joined, seats went to the earliest 2; none was left for p3 at eu-3; " +
        "the match had started before p4 at eu-1 joined",
    );
    expect(words("seat", ["p1", "p2"], [...seats.slice(0, 2), late])).toBe(
      "3 players joined, seats went to the earliest 2; the match had started before p4 at eu-1 joined",
    );
  });

  it("[HIS2] of a result, disputed or settled", () => {
    const reports = [
      candidate({ p1: 1, p2: 2 }, 1, { playerId: "p1" }),
      candidate({ p1: 2, p2: 1 }, 2, { playerId: "p2" }),
    ];
    const opposed = "p1 reported p1=1, p2=2 at eu-1, while p2 reported p2=1, p1=2 at eu-2";
    expect(words("result", null, reports)).toBe(
      `${opposed}; none stands: no ranking has a majority of the seated`,
    );
    expect(words("result", { p1: 1, p2: 2 }, reports)).toBe(
      `${opposed}; p1=1, p2=2 stands: a majority of the seated reported it`,
    );
    expect(words("result", { p1: 1, p2: 2 }, [...reports, candidate({ p1: 1, p2: 2 }, 3)])).toBe(
      `${opposed} and an operator settled on p1=1, p2=2 at eu-3; p1=1, p2=2 stands: an operator settled it`,
    );
  });
});
