import { describe, expect, it } from "vitest";
import {
  type Claim,
  type ClaimGroup,
  claimKeyText,
  claimsOf,
  isContested,
  ownerOf,
  regroup,
} from "../../../crdt/claim.ts";
import { idOf, originOf, playerOf } from "../../support/log-fixtures.ts";

const [EARLY, STAMP, LATE] = ["018bcfe568000001", "018bcfe568000002", "018bcfe568000003"];
const NOBODY: ClaimGroup = { kind: "username", key: "ada", claims: [] };

const ADA = playerOf(2, {
  username: "Ａda",
  usernameClaim: { stamp: STAMP, origin: originOf(1) },
  identities: [
    { provider: "psn", subject: "7", stamp: EARLY, origin: originOf(2) },
    { provider: "steam", subject: "8:9", stamp: LATE, origin: originOf(3) },
  ],
});

/** A claim of a player on a name, for itself or for who survives of it. */
function claimOf(player: number, stamp: string, holder = player): Claim {
  return {
    stamp,
    playerId: idOf(player),
    holderId: idOf(holder),
    value: `Ada ${player}`,
    origin: originOf(1),
  };
}

function groupOf(...claims: Claim[]): ClaimGroup {
  return claims.reduce((group, claim) => regroup(group, claim.playerId, claim), NOBODY);
}

describe("claims of a player", () => {
  it("[CLM1] are on its name in normalised form, and on each of its identities", () => {
    const whose = { playerId: ADA.id, holderId: ADA.id };
    expect(claimsOf(ADA, ADA.id)).toEqual([
      {
        kind: "username",
        key: "ada",
        claim: { ...whose, stamp: STAMP, origin: originOf(1), value: "Ａda" },
      },
      {
        kind: "identity",
        key: "psn:7",
        claim: { ...whose, stamp: EARLY, origin: originOf(2), value: "psn:7" },
      },
      {
        kind: "identity",
        key: "steam:8:9",
        claim: { ...whose, stamp: LATE, origin: originOf(3), value: "steam:8:9" },
      },
    ]);
  });

  it("[CLM1] who has neither a name nor an identity claims nothing", () => {
    expect(claimsOf(playerOf(1), idOf(1))).toEqual([]);
  });

  it("[CLM4] who was merged into another has given its name up, and its identities count for the survivor", () => {
    const claims = claimsOf(ADA, idOf(1));
    expect(claims.map(({ kind, key }) => [kind, key])).toEqual([
      ["identity", "psn:7"],
      ["identity", "steam:8:9"],
    ]);
    for (const { claim } of claims) expect(claim).toMatchObject({ playerId: ADA.id, holderId: idOf(1) });
  });
});

describe("claim group", () => {
  it("[CLM1] is sorted by stamp, then by player; the first owns", () => {
    const group = groupOf(claimOf(3, STAMP), claimOf(9, EARLY), claimOf(1, LATE), claimOf(2, STAMP));
    expect(group.claims.map(({ playerId }) => playerId)).toEqual([9, 2, 3, 1].map(idOf));
    expect(ownerOf(group)).toBe(idOf(9));
    expect(group).toMatchObject({ kind: "username", key: "ada" });
  });

  it("[CLM1] has one claim of a player: a new one takes the place of the old", () => {
    const group = regroup(groupOf(claimOf(1, EARLY), claimOf(2, STAMP)), idOf(1), claimOf(1, LATE));
    expect(group).toEqual(groupOf(claimOf(2, STAMP), claimOf(1, LATE)));
    expect(ownerOf(group)).toBe(idOf(2));
  });

  it("[CLM3] who gives a name up hands it on to the next claim, and the last to nobody", () => {
    const both = groupOf(claimOf(1, EARLY), claimOf(2, STAMP));
    const second = regroup(both, idOf(1), undefined);
    expect(ownerOf(second)).toBe(idOf(2));
    const none = regroup(second, idOf(2), undefined);
    expect(none).toEqual(NOBODY);
    expect(ownerOf(none)).toBeUndefined();
  });

  it("[CLM3] giving up what one does not claim changes nothing", () => {
    const group = groupOf(claimOf(1, EARLY));
    expect(regroup(group, idOf(2), undefined)).toEqual(group);
  });

  it("[CLM1] leaves the group it was made from as it was", () => {
    const group = groupOf(claimOf(1, STAMP));
    regroup(group, idOf(2), claimOf(2, EARLY));
    expect(group.claims).toHaveLength(1);
  });

  it("[CLM4] is contested when its claims are of two holders, not when one holder has two", () => {
    expect(isContested(NOBODY)).toBe(false);
    expect(isContested(groupOf(claimOf(1, EARLY)))).toBe(false);
    expect(isContested(groupOf(claimOf(1, EARLY), claimOf(2, STAMP)))).toBe(true);
    expect(isContested(groupOf(claimOf(1, EARLY), claimOf(2, STAMP, 1)))).toBe(false);
    expect(isContested(groupOf(claimOf(1, EARLY), claimOf(2, STAMP, 1), claimOf(3, LATE)))).toBe(true);
  });

  it("[CLM4] belongs to the survivor of the player whose claim is first", () => {
    expect(ownerOf(groupOf(claimOf(5, EARLY, 1), claimOf(2, STAMP)))).toBe(idOf(1));
  });

  it("[CLM1] keys of different kinds are different texts", () => {
    expect(claimKeyText("username", "steam:7")).toBe("username steam:7");
    expect(claimKeyText("identity", "steam:7")).toBe("identity steam:7");
  });
});
