/**
 * Merging is commutative, associative, idempotent and independent of delivery order, on random histories of two
 * to four servers that register the same player, edit, ban and merge it, and hear of each other late, twice or not
 * at all.
 */
import { getAllChanges, getHeads, load } from "@automerge/automerge";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LiveDocument } from "../../crdt/automerge.ts";
import type { DecodedChange } from "../../crdt/change.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import { contentOf } from "../support/document-content.ts";
import { type History, histories } from "../support/player-histories.ts";
import { actorOf, outcomeOf } from "../support/replica.ts";
import { seeded } from "../support/seeded.ts";

const STEPS_MAX = 14;
/** A property takes a second of a core, and may have to share it. */
const SLOW_MACHINE_MS = 30_000;

/** What holds for every history, given a source of random choices within it. */
function forHistories(
  runs: number,
  holds: (history: History, choose: fc.GeneratorValue) => void,
  stepsMax = STEPS_MAX,
): void {
  fc.assert(
    fc.property(histories(stepsMax), fc.gen(), (play, choose) => {
      const history = play();
      try {
        holds(history, choose);
      } finally {
        for (const replica of history.replicas) replica.free();
      }
    }),
    seeded(runs),
  );
}

/** All of them, shuffled, some twice. */
function delivery(changes: readonly DecodedChange[], choose: fc.GeneratorValue): DecodedChange[] {
  const again = choose(() => fc.subarray([...changes]));
  const all = [...changes, ...again];
  return choose(() => fc.shuffledSubarray(all, { minLength: all.length }));
}

function some(changes: readonly DecodedChange[], choose: fc.GeneratorValue): DecodedChange[] {
  return choose(() => fc.subarray([...changes]));
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

describe("merging", { timeout: SLOW_MACHINE_MS }, () => {
  it("[DOC1] any order of delivery, with repetitions, gives the same heads and the same player", () => {
    forHistories(60, ({ changes }, choose) => {
      const expected = outcomeOf(changes);
      expect(expected.player).toBeDefined();
      for (let round = 0; round < 3; round++) {
        expect(outcomeOf(delivery(changes, choose))).toEqual(expected);
      }
    });
  });

  it("[DOC1] every order of delivery of a few changes gives the same heads and the same player", () => {
    forHistories(
      30,
      ({ changes }) => {
        const few = changes.slice(0, 4);
        const expected = outcomeOf(few);
        for (const order of permutations(few)) expect(outcomeOf(order)).toEqual(expected);
      },
      6,
    );
  });

  it("[DOC1] servers that hold a part of the changes agree on it, whatever is missing", () => {
    forHistories(50, ({ changes }, choose) => {
      const part = some(changes, choose);
      expect(outcomeOf(delivery(part, choose))).toEqual(outcomeOf(part));
    });
  });

  it("[DOC1] the servers that wrote, once they have heard all, agree with one that was told everything", () => {
    forHistories(50, ({ changes, replicas }, choose) => {
      const expected = outcomeOf(changes);
      for (const replica of replicas) {
        replica.receive(delivery(changes, choose));
        expect(replica.outcome()).toEqual(expected);
      }
    });
  });

  it("[DOC1] merging is commutative, associative and idempotent", () => {
    type Part = readonly DecodedChange[];
    /** A server that holds x hears from one that holds y. */
    const merge = (x: Part, y: Part): Part => [...x, ...y.filter((change) => !x.includes(change))];
    forHistories(40, ({ changes }, choose) => {
      const [a, b, c] = [some(changes, choose), some(changes, choose), some(changes, choose)];
      expect(outcomeOf(merge(a, b))).toEqual(outcomeOf(merge(b, a)));
      expect(outcomeOf([...a, ...a])).toEqual(outcomeOf(a));
      const left = outcomeOf(merge(merge(a, b), c));
      expect(outcomeOf(merge(a, merge(b, c)))).toEqual(left);
      expect(outcomeOf(merge(merge(c, b), a))).toEqual(left);
    });
  });

  it("[DOC1] changes applied in one portion come to what they come to one by one", () => {
    forHistories(60, ({ changes }, choose) => {
      const bytes = delivery(changes, choose).map((change) => change.bytes);
      const whole = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(0xee), bytes);
      const single = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(0xdd), []);
      for (const change of bytes) single.apply([change]);
      expect(single.heads()).toEqual(whole.heads());
      expect(contentOf(single.state())).toEqual(contentOf(whole.state()));
      whole.free();
      single.free();
    });
  });

  it("[DOC5] heads are equal exactly when the changes that took effect are", () => {
    forHistories(60, ({ changes }, choose) => {
      const applied = (part: readonly DecodedChange[]): string[] => {
        const held = new Map(part.map((change) => [change.hash, change]));
        const isWhole = ({ parents }: DecodedChange): boolean =>
          parents.every((parent) => {
            const change = held.get(parent);
            return parent === PLAYER_FIRST_CHANGE.hash || (change !== undefined && isWhole(change));
          });
        return part.filter(isWhole).map(({ hash }) => hash);
      };
      const [a, b] = [some(changes, choose), some(changes, choose)];
      const sameChanges = applied(a).sort().join() === applied(b).sort().join();
      const sameHeads = outcomeOf(a).heads.join() === outcomeOf(b).heads.join();
      expect(sameHeads).toBe(sameChanges);
    });
  });

  it("[DOC1] every document survives being saved and loaded", () => {
    forHistories(40, ({ changes }) => {
      const bytes = changes.map((change) => change.bytes);
      const document = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(0xee), bytes);
      const loaded = load(document.save());
      expect(getHeads(loaded).sort()).toEqual(document.heads());
      const again = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(0xee), getAllChanges(loaded));
      expect(contentOf(again.state())).toEqual(contentOf(document.state()));
      document.free();
      again.free();
    });
  });
});
