/**
 * What several players' documents decide together, and the ban list of one: whatever order servers hear in, and
 * whatever they did while they could not hear each other.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Claim, type ClaimGroup, claimsOf, isContested, ownerOf, regroup } from "../../crdt/claim.ts";
import type { DocumentId } from "../../crdt/ids.ts";
import { survivorsOf } from "../../crdt/merge-group.ts";
import type { Player } from "../../crdt/player.ts";
import { banWrites, liftBanWrites, mergeWrites } from "../../crdt/player-intents.ts";
import { idOf, originOf, playerOf } from "../support/log-fixtures.ts";
import { Replica } from "../support/replica.ts";
import { seeded } from "../support/seeded.ts";

const SLOW_MACHINE_MS = 30_000;
const STAMPS = ["018bcfe568000001", "018bcfe568000002", "018bcfe568000003"] as const;
const NOBODY: ClaimGroup = { kind: "username", key: "ada", claims: [] };

/** Few stamps, so that some are equal. */
const anyStamp = fc.constantFrom(...STAMPS);

/** Each of a player of its own. */
const anyClaims: fc.Arbitrary<Claim[]> = fc
  .uniqueArray(fc.record({ player: fc.nat(9), stamp: anyStamp }), {
    minLength: 1,
    maxLength: 8,
    selector: ({ player }) => player,
  })
  .map((claims) =>
    claims.map(({ player, stamp }) => {
      const id = idOf(player);
      return { stamp, playerId: id, holderId: id, value: "Ada", origin: originOf(1) };
    }),
  );

function shuffled<T>(items: readonly T[], choose: fc.GeneratorValue): T[] {
  return choose(() => fc.shuffledSubarray([...items], { minLength: items.length }));
}

function grouped(claims: readonly Claim[], onto = NOBODY): ClaimGroup {
  return claims.reduce((group, claim) => regroup(group, claim.playerId, claim), onto);
}

function least(claims: readonly Claim[]): DocumentId | undefined {
  const keys = claims.map(({ stamp, playerId }) => `${stamp} ${playerId}`).sort();
  return keys[0]?.split(" ")[1];
}

describe("claims", { timeout: SLOW_MACHINE_MS }, () => {
  it("[CLM1] the owner is the least by (stamp, id), in whatever order, and how often, claims arrive", () => {
    fc.assert(
      fc.property(anyClaims, fc.gen(), (claims, choose) => {
        const group = grouped(claims);
        expect(ownerOf(group)).toBe(least(claims));
        const again = choose(() => fc.subarray(claims));
        expect(grouped(shuffled([...claims, ...again], choose))).toEqual(group);
        expect(isContested(group)).toBe(claims.length > 1);
      }),
      seeded(300),
    );
  });

  it("[CLM1] a later claim never takes a name from an earlier one", () => {
    fc.assert(
      fc.property(anyClaims, fc.nat(9), (claims, player) => {
        const group = grouped(claims.map((claim) => ({ ...claim, stamp: STAMPS[0] })));
        const id = idOf(player);
        fc.pre(claims.every(({ playerId }) => playerId !== id));
        const late = { stamp: STAMPS[1], playerId: id, holderId: id, value: "Ada", origin: originOf(1) };
        expect(ownerOf(grouped([late], group))).toBe(ownerOf(group));
      }),
      seeded(200),
    );
  });

  it("[CLM3] whoever gives up, the least of those who are left owns it, and the last leaves it to nobody", () => {
    fc.assert(
      fc.property(anyClaims, fc.gen(), (claims, choose) => {
        let group = grouped(claims);
        let left = claims;
        for (const { playerId } of shuffled(claims, choose)) {
          group = regroup(group, playerId, undefined);
          left = left.filter((claim) => claim.playerId !== playerId);
          expect(ownerOf(group)).toBe(least(left));
        }
        expect(group).toEqual(NOBODY);
      }),
      seeded(200),
    );
  });
});

const PLAYERS_MAX = 10;
const anyPlayer = fc.nat(PLAYERS_MAX - 1);
/** Pairs of players who are one person, by number. */
const anyMerges = fc.array(
  fc.tuple(anyPlayer, anyPlayer).filter(([one, other]) => one !== other),
  { maxLength: 8 },
);

type Merge = readonly [number, number];

/** All players, with these merges recorded one after another. */
function merged(merges: readonly Merge[]): Player[] {
  const players = Array.from({ length: PLAYERS_MAX }, (_, number) => playerOf(number));
  for (const [one, other] of merges) {
    const [lesser, greater] = [Math.min(one, other), Math.max(one, other)];
    const player = players[greater] as Player;
    const added = mergeWrites(player, idOf(lesser), STAMPS[0]).map(({ key }) => key);
    players[greater] = { ...player, mergedWith: [...player.mergedWith, ...added].sort() };
  }
  return players;
}

/** By the book: the least number that can be reached and is not erased. */
function leastReachable(from: number, merges: readonly Merge[], erased: readonly number[]): number {
  const reached = new Set([from]);
  for (const number of reached) {
    for (const [one, other] of merges) {
      if (one === number) reached.add(other);
      if (other === number) reached.add(one);
    }
  }
  const left = [...reached].filter((number) => !erased.includes(number));
  return left.length > 0 ? Math.min(...left) : from;
}

describe("merges", { timeout: SLOW_MACHINE_MS }, () => {
  it("[CLM4] commute: in any order, with repetitions, and either way round, they come to the same", () => {
    fc.assert(
      fc.property(anyMerges, fc.gen(), (merges, choose) => {
        const players = merged(merges);
        const again = choose(() => fc.subarray(merges));
        const turned = again.map(([one, other]): Merge => [other, one]);
        const others = merged(shuffled([...merges, ...turned], choose));
        expect(others).toEqual(players);
        const order = new Map([...survivorsOf(shuffled(others, choose))].sort());
        expect(order).toEqual(new Map([...survivorsOf(players)].sort()));
      }),
      seeded(200),
    );
  });

  it("[CLM4] the least id of a group that is not erased survives, and survives itself: there is no cycle", () => {
    fc.assert(
      fc.property(anyMerges, fc.uniqueArray(anyPlayer, { maxLength: 4 }), (merges, erased) => {
        const survivors = survivorsOf(merged(merges), new Set(erased.map(idOf)));
        for (let number = 0; number < PLAYERS_MAX; number++) {
          const survivor = survivors.get(idOf(number)) as DocumentId;
          expect(survivor).toBe(idOf(leastReachable(number, merges, erased)));
          expect(survivors.get(survivor)).toBe(survivor);
        }
      }),
      seeded(200),
    );
  });

  it("[CLM4] one identity on two players is contested until they are merged, and then the survivor's", () => {
    const linked = [3, 5].map((number, index) =>
      playerOf(number, {
        identities: [
          { provider: "steam", subject: "7", stamp: STAMPS[1 - index] as string, origin: originOf(1) },
        ],
      }),
    );
    const groupUnder = (survivors: ReadonlyMap<DocumentId, DocumentId>): ClaimGroup => {
      const claims = linked.flatMap((player) => claimsOf(player, survivors.get(player.id) as DocumentId));
      return grouped(
        claims.map(({ claim }) => claim),
        { kind: "identity", key: "steam:7", claims: [] },
      );
    };
    const before = groupUnder(survivorsOf(linked));
    expect(isContested(before)).toBe(true);
    expect(ownerOf(before)).toBe(idOf(5));
    const after = groupUnder(survivorsOf(merged([[5, 3]])));
    expect(isContested(after)).toBe(false);
    expect(ownerOf(after)).toBe(idOf(3));
  });
});

type BanStep =
  /** Of the next id: no two servers give one to two bans. */
  | { readonly type: "ban"; readonly at: number }
  | { readonly type: "unban"; readonly at: number }
  | { readonly type: "deliver"; readonly at: number };

const banSteps: fc.Arbitrary<BanStep[]> = fc.array(
  fc.record({ type: fc.constantFrom("ban", "unban", "deliver"), at: fc.nat(1) }),
  { maxLength: 14 },
);

interface Side {
  readonly replica: Replica;
  /** What was banned and lifted, as far as this side has seen. */
  readonly banned: Set<string>;
  readonly lifted: Set<string>;
}

function hear(side: Side, from: Side): void {
  side.replica.receive(from.replica.held);
  for (const id of from.banned) side.banned.add(id);
  for (const id of from.lifted) side.lifted.add(id);
}

describe("bans", { timeout: SLOW_MACHINE_MS }, () => {
  it("[PLY3] a concurrent unban lifts only the entries it has seen", () => {
    fc.assert(
      fc.property(banSteps, (steps) => {
        const sides = [1, 2].map((number): Side => {
          const replica = new Replica(number);
          return { replica, banned: new Set(), lifted: new Set() };
        });
        const [one, two] = sides as [Side, Side];
        one.replica.register({ fields: {} }, 0);
        hear(two, one);
        steps.forEach(({ type, at }, index) => {
          const [side, other] = at === 0 ? [one, two] : [two, one];
          if (type === "deliver") hear(side, other);
          else if (type === "ban") {
            const ban = { id: `ban-${index}`, reason: "in a test", by: "ops", untilMs: null };
            side.replica.change("ban", 0, (player, stamp) => banWrites(player, ban, stamp));
            side.banned.add(ban.id);
          } else {
            side.replica.change("unban", 0, (player, stamp) =>
              player.bans.flatMap(({ id }) => liftBanWrites(player, id, stamp)),
            );
            for (const id of side.banned) side.lifted.add(id);
          }
        });
        hear(one, two);
        hear(two, one);
        for (const { replica, banned, lifted } of sides) {
          const bans = replica.player()?.bans ?? [];
          expect(bans.map(({ id, lifted }) => [id, lifted])).toEqual(
            [...banned].sort().map((id) => [id, lifted.has(id)]),
          );
        }
        expect(one.replica.outcome()).toEqual(two.replica.outcome());
        for (const { replica } of sides) replica.free();
      }),
      seeded(100),
    );
  });
});
