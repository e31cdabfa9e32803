import { describe, expect, it } from "vitest";
import { lagText, type Member, placedMembers } from "../../../src/console/cluster/picture.ts";
import { lagColumns, rateColumns, type Sample, withSample } from "../../../src/console/cluster/samples.ts";

const MEMBER: Member = {
  name: "eu-1",
  incarnation: "0".repeat(32),
  self: false,
  state: "alive",
  lastHeardAt: null,
  entriesBehind: 0,
  secondsBehind: null,
  clockOffsetMs: null,
  brokers: [],
  queues: {},
};
/** Four hours of one every two seconds. */
const SAMPLES_MAX = 7_200;

function member(fields: Partial<Member>): Member {
  return { ...MEMBER, ...fields };
}

describe("placedMembers", () => {
  it("has who answers in the middle, and the others around it by name, the first above", () => {
    const placed = placedMembers([
      member({ name: "c" }),
      member({ name: "b", self: true }),
      member({ name: "d" }),
      member({ name: "a" }),
    ]);
    expect(placed.map(({ member: { name } }) => name)).toEqual(["b", "a", "c", "d"]);
    expect(placed.map(({ x, y }) => [x, y])).toEqual([
      [50, 50],
      [50, 16],
      [81.2, 67],
      [18.8, 67],
    ]);
  });

  it("has a single other one beside, and one alone in the middle", () => {
    const self = member({ name: "b", self: true });
    expect(placedMembers([member({ name: "a" }), self]).map(({ x, y }) => [x, y])).toEqual([
      [50, 50],
      [86, 50],
    ]);
    expect(placedMembers([self])).toHaveLength(1);
    expect(placedMembers([])).toEqual([]);
  });

  it("keeps everybody within the picture, each in a place of its own", () => {
    const members = Array.from({ length: 16 }, (_, index) =>
      member({ name: `s${index}`, self: index === 0 }),
    );
    const placed = placedMembers(members);
    expect(new Set(placed.map(({ x, y }) => `${x} ${y}`)).size).toBe(16);
    for (const { x, y } of placed) {
      expect(Math.min(x, y, 100 - x, 100 - y)).toBeGreaterThan(10);
    }
  });

  it.each<[string, Partial<Member>, string]>([
    ["heard and in step", {}, "good"],
    ["a moment behind", { entriesBehind: 9, secondsBehind: 1.9 }, "good"],
    ["long behind", { entriesBehind: 1, secondsBehind: 2 }, "slow"],
    ["behind, nobody knows how long", { entriesBehind: 1 }, "slow"],
    ["starting", { state: "starting" }, "slow"],
    ["suspect", { state: "suspect" }, "bad"],
    ["down", { state: "down", entriesBehind: 3, secondsBehind: 60 }, "bad"],
  ])("tells how a server is: %s", (_, fields, health) => {
    expect(placedMembers([member(fields)])[0]?.health).toBe(health);
  });
});

describe("lagText", () => {
  it.each<[Partial<Member>, string]>([
    [{}, "in step"],
    [{ entriesBehind: 1 }, "1 entry behind"],
    [{ entriesBehind: 1, secondsBehind: 0.44 }, "1 entry, 0.4 s behind"],
    [{ entriesBehind: 12_345, secondsBehind: 70 }, "12,345 entries, 70.0 s behind"],
  ])("%j is said as %s", (fields, text) => {
    expect(lagText(member(fields))).toBe(text);
  });
});

describe("samples", () => {
  const seen = (behind: Readonly<Record<string, number>>): { members: Member[] } => ({
    members: Object.entries(behind).map(([name, entriesBehind]) => member({ name, entriesBehind })),
  });

  it("are columns: of each server what it lacked, where it was known", () => {
    let samples: readonly Sample[] = [];
    samples = withSample(samples, seen({ b: 1, a: 2 }), 10, 1_000);
    samples = withSample(samples, seen({ a: 0, c: 3 }), 12, 3_000);
    expect(lagColumns(samples)).toEqual({
      names: ["a", "b", "c"],
      data: [
        [1, 3],
        [2, 0],
        [1, null],
        [null, 3],
      ],
    });
    expect(lagColumns([])).toEqual({ names: [], data: [[]] });
  });

  it("are kept for hours, the latest of them", () => {
    let samples: readonly Sample[] = [];
    for (let at = 0; at < SAMPLES_MAX + 2; at++) {
      samples = withSample(samples, seen({}), at, at * 1_000);
    }
    expect([samples.length, samples[0]?.at, samples.at(-1)?.at]).toEqual([SAMPLES_MAX, 2, SAMPLES_MAX + 1]);
  });

  it("tell entries a second, where two of them know it", () => {
    const at = (seconds: number, entries: number | null): Sample => ({ at: seconds, behind: {}, entries });
    const rates = (...samples: readonly Sample[]): (number | null)[] | undefined => rateColumns(samples)[1];
    expect(rateColumns([at(5, 1), at(7, 9)])).toEqual([
      [5, 7],
      [null, 4],
    ]);
    expect(rates(at(1, 5), at(2, null), at(3, 9), at(4, 12))).toEqual([null, null, null, 3]);
    // A server that was set up anew has fewer; two looks at one moment tell nothing.
    expect(rates(at(1, 5), at(2, 0), at(2, 4))).toEqual([null, 0, null]);
    expect(rates()).toEqual([]);
  });
});
