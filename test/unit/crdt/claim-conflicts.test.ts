import { describe, expect, it } from "vitest";
import type { Claim } from "../../../crdt/claim.ts";
import { claimConflict } from "../../../crdt/claim-conflicts.ts";
import { conflictId } from "../../../crdt/conflict.ts";
import { actorOf } from "../../support/replica.ts";

const [A, B, C] = [1, 2, 3].map((number) => `00000000-0000-8000-8000-00000000000${number}`) as [
  string,
  string,
  string,
];
const [S1, S2, S3] = ["0000000000010000", "0000000000020000", "0000000000030000"];

function claim(playerId: string, stamp: string, value: string, holderId = playerId): Claim {
  return { playerId, stamp, value, holderId, origin: actorOf(1) };
}

describe("conflicts of claims", () => {
  it("[HIS2] a name that two players claim: the first claim wins", () => {
    const claims = [claim(B, S1, "Ada"), claim(A, S2, "ada"), claim(C, S2, "ADA")];
    expect(claimConflict({ kind: "username", key: "ada", claims })).toEqual({
      id: conflictId("username ada", "username"),
      scope: "username ada",
      kind: "username",
      documentId: B,
      documentIds: [A, B, C],
      path: null,
      candidates: [
        { value: "Ada", playerId: B, origin: actorOf(1), stamp: S1 },
        { value: "ada", playerId: A, origin: actorOf(1), stamp: S2 },
        { value: "ADA", playerId: C, origin: actorOf(1), stamp: S2 },
      ],
      winner: B,
      rule: "CLM1",
    });
  });

  it("[HIS2] an identity on two players: its owner is the holder of the first claim", () => {
    const claims = [claim(C, S1, "steam:7", A), claim(B, S3, "steam:7")];
    expect(claimConflict({ kind: "identity", key: "steam:7", claims })).toMatchObject({
      id: conflictId("identity steam:7", "identity"),
      scope: "identity steam:7",
      documentId: A,
      documentIds: [A, B, C],
      winner: A,
      rule: "CLM4",
    });
  });

  it("[HIS2] none where all claims count for one player, or there is none", () => {
    expect(claimConflict({ kind: "username", key: "ada", claims: [] })).toBeUndefined();
    expect(claimConflict({ kind: "username", key: "ada", claims: [claim(A, S1, "Ada")] })).toBeUndefined();
    const merged = [claim(A, S1, "steam:7"), claim(B, S2, "steam:7", A)];
    expect(claimConflict({ kind: "identity", key: "steam:7", claims: merged })).toBeUndefined();
  });
});
