/**
 * Field conflicts on random histories of two to four servers that write few fields and hear of each other late or
 * not at all, with stamps that mean nothing: against the definition taken word by word, and against what Automerge
 * shows.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LiveDocument } from "../../crdt/automerge.ts";
import type { DecodedChange } from "../../crdt/change.ts";
import type { Scalar } from "../../crdt/document.ts";
import { fieldConflicts, needsFieldConflicts } from "../../crdt/field-conflicts.ts";
import { historyOf } from "../../crdt/history.ts";
import { PLAYER_FIRST_CHANGE } from "../../crdt/player.ts";
import { Author, readAt } from "../support/author.ts";
import { actorOf, PLAYER_ID } from "../support/replica.ts";
import { seeded } from "../support/seeded.ts";

/** A property takes a second of a core, and may have to share it. */
const SLOW_MACHINE_MS = 30_000;
const PATHS = ["region", "displayName", "metadata/level"];
const AUTHORS_MAX = 4;

type Step =
  | { readonly type: "write"; readonly at: number; readonly stamp: string; readonly values: Values }
  | { readonly type: "hear"; readonly at: number; readonly from: number };
type Values = { readonly [path: string]: Scalar | null };

const at = fc.nat(AUTHORS_MAX - 1);
const value = fc.constantFrom<(Scalar | null)[]>("a", "b", "c", null);
const values = fc.dictionary(fc.constantFrom(...PATHS), value, { minKeys: 1, maxKeys: 2 });
const stamp = fc.nat(5).map((number) => number.toString(16).padStart(16, "0"));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("write" as const), at, stamp, values }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("hear" as const), at, from: at }) },
);
const steps = fc.tuple(
  fc.integer({ min: 2, max: AUTHORS_MAX }),
  fc.array(step, { maxLength: 30, size: "max" }),
);

/** The changes that these steps make, each after its parents. */
function play([count, played]: readonly [number, readonly Step[]]): DecodedChange[] {
  const authors = Array.from({ length: count }, (_, index) => new Author(index + 1, PLAYER_FIRST_CHANGE));
  const changes: DecodedChange[] = [];
  for (const step of played) {
    const author = authors[step.at % count] as Author;
    if (step.type === "hear") author.hear(authors[step.from % count] as Author);
    else {
      const news = Object.entries(step.values).filter(([path, to]) => author.read(path) !== to);
      if (news.length > 0) changes.push(author.write(step.stamp, Object.fromEntries(news)));
    }
  }
  for (const author of authors) author.free();
  return changes;
}

function forHistories(
  runs: number,
  holds: (changes: DecodedChange[], choose: fc.GeneratorValue) => void,
): void {
  fc.assert(
    fc.property(steps, fc.gen(), (played, choose) => holds(play(played), choose)),
    seeded(runs),
  );
}

/** Of each change the hashes of all that it knows of. */
function ancestorsOf(changes: readonly DecodedChange[]): Map<string, Set<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const { hash, parents } of changes) {
    const known = parents.flatMap((parent) => [parent, ...(ancestors.get(parent) ?? [])]);
    ancestors.set(hash, new Set(known));
  }
  return ancestors;
}

function valueAt(path: string, { operations }: DecodedChange): Scalar | null | undefined {
  const write = operations.find(({ key }) => key === path.split("/").at(-1));
  return write && ((write.value ?? null) as Scalar | null);
}

interface Expected {
  readonly path: string;
  readonly candidates: readonly string[];
  readonly winner: Scalar | null;
}

/** The definition word by word: pairs, what they connect, the last of those, what a document of them shows. */
function expectedOf(changes: readonly DecodedChange[]): Expected[] {
  const ancestors = ancestorsOf(changes);
  const knows = (one: DecodedChange, other: DecodedChange): boolean =>
    !!ancestors.get(one.hash)?.has(other.hash);
  return PATHS.flatMap((path) => {
    const writes = changes.filter((change) => valueAt(path, change) !== undefined);
    const contestOf = new Map(writes.map((write, index) => [write, index]));
    for (const one of writes) {
      for (const other of writes) {
        const [joined, joining] = [contestOf.get(one), contestOf.get(other)];
        if (one === other || knows(one, other) || knows(other, one)) continue;
        for (const [write, contest] of contestOf)
          if (contest === joining) contestOf.set(write, joined as number);
      }
    }
    const contests = [...new Set(contestOf.values())].map((contest) =>
      writes.filter((write) => contestOf.get(write) === contest),
    );
    return contests.flatMap((contest) => {
      const last = contest.filter((write) => !contest.some((other) => knows(other, write)));
      if (new Set(last.map((write) => valueAt(path, write))).size < 2) return [];
      const known = changes.filter((change) =>
        contest.some((write) => write === change || knows(write, change)),
      );
      return [{ path, candidates: last.map(({ hash }) => hash).sort(), winner: shownBy(known, path) }];
    });
  });
}

function shownBy(changes: readonly DecodedChange[], path: string): Scalar | null {
  const bytes = changes.map((change) => change.bytes);
  const document = LiveDocument.from(PLAYER_FIRST_CHANGE, actorOf(0xee), bytes);
  const shown = readAt(document, path);
  document.free();
  return shown;
}

function foundIn(changes: readonly DecodedChange[]): Expected[] {
  return fieldConflicts(PLAYER_ID, PLAYER_FIRST_CHANGE, changes).map(({ path, candidates, winner }) => ({
    path: path as string,
    candidates: candidates.map(({ change }) => change as string).sort(),
    winner: winner as Scalar | null,
  }));
}

/** The definition word by word: always the least by (stamp, hash) of those that have all parents before them. */
function leastFirst(changes: readonly DecodedChange[]): string[] {
  const left = [...changes].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const order = [PLAYER_FIRST_CHANGE.hash];
  for (;;) {
    const next = left.findIndex(({ parents }) => parents.every((parent) => order.includes(parent)));
    if (next < 0) return order.slice(1);
    order.push(...left.splice(next, 1).map(({ hash }) => hash));
  }
}

function keyOf({ message, hash }: DecodedChange): string {
  return `${message.split(" ")[0]} ${hash}`;
}

function sorted(conflicts: readonly Expected[]): string[] {
  return conflicts.map((conflict) => JSON.stringify(conflict)).sort();
}

describe("field conflicts", { timeout: SLOW_MACHINE_MS }, () => {
  it("[HIS2] are those of the definition, and each winner is what Automerge shows", () => {
    const counts = { none: 0, one: 0, several: 0, withDeletions: 0 };
    forHistories(300, (changes) => {
      const expected = expectedOf(changes);
      expect(sorted(foundIn(changes))).toEqual(sorted(expected));
      counts[expected.length === 0 ? "none" : expected.length === 1 ? "one" : "several"]++;
      const conflicts = fieldConflicts(PLAYER_ID, PLAYER_FIRST_CHANGE, changes);
      if (conflicts.some(({ candidates }) => candidates.some((one) => one.value === null)))
        counts.withDeletions++;
    });
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
  });

  it("[HIS2] of a field end with what the document shows, unless a later write has settled it", () => {
    forHistories(200, (changes) => {
      const ancestors = ancestorsOf(changes);
      for (const path of PATHS) {
        const last = foundIn(changes).findLast((conflict) => conflict.path === path);
        const isSettled = (hash: string): boolean =>
          changes.some(
            (change) => valueAt(path, change) !== undefined && ancestors.get(change.hash)?.has(hash),
          );
        if (last && !last.candidates.some(isSettled)) expect(last.winner).toBe(shownBy(changes, path));
      }
    });
  });

  it("[HIS2] are the same for any order of the changes, and have ids of their own", () => {
    forHistories(200, (changes, choose) => {
      const conflicts = fieldConflicts(PLAYER_ID, PLAYER_FIRST_CHANGE, changes);
      const again = choose(() => fc.subarray(changes));
      const all = [...changes, ...again];
      const shuffled = choose(() => fc.shuffledSubarray(all, { minLength: all.length }));
      expect(fieldConflicts(PLAYER_ID, PLAYER_FIRST_CHANGE, shuffled)).toEqual(conflicts);
      expect(new Set(conflicts.map(({ id }) => id)).size).toBe(conflicts.length);
    });
  });

  it("[HIS2] are changed only by a change that did not know of all heads", () => {
    forHistories(150, (changes) => {
      const counts = { unchanged: 0 };
      changes.forEach((change, index) => {
        const known = changes.slice(0, index);
        const parents = new Set(known.flatMap((other) => other.parents));
        const heads = known.map(({ hash }) => hash).filter((hash) => !parents.has(hash));
        if (needsFieldConflicts(change.parents, heads)) return;
        counts.unchanged++;
        expect(foundIn([...known, change])).toEqual(foundIn(known));
      });
      expect(counts.unchanged, "the first at least").toBeGreaterThanOrEqual(Math.min(1, changes.length));
    });
  });

  it("[HIS2] a history that was written at one place has none", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: "max" }), (played) => {
        expect(foundIn(play([1, played]))).toEqual([]);
      }),
      seeded(50),
    );
  });
});

describe("history", { timeout: SLOW_MACHINE_MS }, () => {
  it("[HIS1] has those whose parents are there, each once, in the order of the definition", () => {
    forHistories(200, (changes, choose) => {
      const some = choose(() => fc.subarray(changes, { minLength: Math.ceil(changes.length / 2) }));
      const twice = [...some, ...choose(() => fc.subarray(some))];
      const shuffled = choose(() => fc.shuffledSubarray(twice, { minLength: twice.length }));
      expect(historyOf(PLAYER_FIRST_CHANGE, shuffled).map(({ hash }) => hash)).toEqual(leastFirst(some));
    });
  });

  it("[HIS1] knows all that is concurrent, and has parents first", () => {
    forHistories(200, (changes) => {
      const history = historyOf(PLAYER_FIRST_CHANGE, changes);
      const hashes = history.map(({ hash }) => hash);
      expect([...hashes].sort()).toEqual(changes.map(({ hash }) => hash).sort());
      const ancestors = ancestorsOf(changes);
      const knows = (one: string, other: string): boolean => !!ancestors.get(one)?.has(other);
      history.forEach(({ hash, parents, concurrentWith }, index) => {
        for (const parent of parents) expect(hashes.indexOf(parent)).toBeLessThan(index);
        const others = hashes.filter((other) => other !== hash && !knows(hash, other) && !knows(other, hash));
        expect(concurrentWith()).toEqual(others.sort());
      });
    });
  });
});
