import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  entriesBehind,
  holds,
  mergeVectors,
  missingFrom,
  sequenceOf,
  type VersionVector,
  vectorToObject,
} from "../../../crdt/version-vector.ts";
import { seeded } from "../../support/seeded.ts";

const A = "a".repeat(32);
const B = "b".repeat(32);
const C = "c".repeat(32);
/** With digits alone, which an object of JavaScript might take for an index. */
const D = "1".repeat(32);

const vectors: fc.Arbitrary<VersionVector> = fc
  .array(fc.tuple(fc.constantFrom(A, B, C, D), fc.nat(5)), { maxLength: 6 })
  .map((pairs) => new Map(pairs));

function expectEqual(a: VersionVector, b: VersionVector): void {
  expect(vectorToObject(a)).toEqual(vectorToObject(b));
}

describe("version vector", () => {
  it("[VEC1] holds what is at or below its sequence, and nothing of origins it has not heard of", () => {
    const vector = new Map([[A, 3]]);
    expect([1, 2, 3, 4].map((sequence) => holds(vector, { origin: A, sequence }))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(holds(vector, { origin: B, sequence: 1 })).toBe(false);
    expect(holds(vector, { origin: B, sequence: 0 })).toBe(true);
    expect(sequenceOf(vector, B)).toBe(0);
  });

  it("[VEC1] names what is missing, one range an origin", () => {
    const ours = new Map([
      [A, 3],
      [B, 5],
    ]);
    const theirs = new Map([
      [A, 7],
      [B, 5],
      [C, 2],
      [D, 0],
    ]);
    expect(missingFrom(ours, theirs)).toEqual([
      { origin: A, from: 4, to: 7 },
      { origin: C, from: 1, to: 2 },
    ]);
    expect(entriesBehind(ours, theirs)).toBe(6);
    expect(missingFrom(theirs, ours)).toEqual([]);
    expect(entriesBehind(theirs, ours)).toBe(0);
  });

  it("[VEC1] merging is commutative, associative and idempotent", () => {
    fc.assert(
      fc.property(vectors, vectors, vectors, (a, b, c) => {
        expectEqual(mergeVectors(a, b), mergeVectors(b, a));
        expectEqual(mergeVectors(mergeVectors(a, b), c), mergeVectors(a, mergeVectors(b, c)));
        expectEqual(mergeVectors(a, a), a);
      }),
      seeded(200),
    );
  });

  it("[VEC1] merging gives the least vector that lacks nothing of either, and changes neither", () => {
    fc.assert(
      fc.property(vectors, vectors, (a, b) => {
        const before = [vectorToObject(a), vectorToObject(b)];
        const merged = mergeVectors(a, b);
        expect([vectorToObject(a), vectorToObject(b)]).toEqual(before);
        expect([missingFrom(merged, a), missingFrom(merged, b)]).toEqual([[], []]);
        for (const [origin, sequence] of merged) {
          expect(Math.max(sequenceOf(a, origin), sequenceOf(b, origin))).toBe(sequence);
        }
        expect(entriesBehind(a, merged)).toBe(entriesBehind(a, b));
      }),
      seeded(200),
    );
  });

  it("[VEC1] equal vectors have equal text, in whatever order their origins were heard", () => {
    const one = vectorToObject(
      new Map([
        [B, 2],
        [A, 1],
        [C, 0],
      ]),
    );
    const other = vectorToObject(
      new Map([
        [A, 1],
        [B, 2],
      ]),
    );
    expect(JSON.stringify(one)).toBe(`{"${A}":1,"${B}":2}`);
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });
});
