import { describe, expect, it } from "vitest";
import { lagText, type Member, placedMembers } from "../../../src/console/cluster/picture.ts";
import {
  joined,
  lagColumns,
  latestRate,
  queueColumns,
  rateColumns,
  type Sample,
} from "../../../src/console/cluster/samples.ts";

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
/** Four hours of one every five seconds. */
const SAMPLES_MAX = 2_880;

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
    const two = placedMembers([member({ name: "a" }), member({ name: "c" }), self]);
    expect(two.map(({ x, y }) => [x, y])).toEqual([
      [50, 50],
      [86, 50],
      [14, 50],
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
  const at = (seconds: number, fields: Partial<Sample> = {}): Sample => ({
    at: new Date(seconds * 1_000).toISOString(),
    database: "open",
    entries: null,
    written: null,
    queues: {},
    members: [],
    ...fields,
  });
  const behind = (name: string, entriesBehind: number, secondsBehind: number | null = null) => {
    return { name, state: "alive" as const, entriesBehind, secondsBehind };
  };

  it("are columns: of each server what it lacked, where it was known", () => {
    const samples = [
      at(1, { members: [behind("b", 1, 0.5), behind("a", 2)] }),
      at(3, { members: [behind("a", 0, 0), behind("c", 3)] }),
    ];
    expect(lagColumns(samples, "entriesBehind")).toEqual({
      names: ["a", "b", "c"],
      data: [
        [1, 3],
        [2, 0],
        [1, null],
        [null, 3],
      ],
    });
    expect(lagColumns(samples, "secondsBehind").data).toEqual([
      [1, 3],
      [null, 0],
      [0.5, null],
      [null, null],
    ]);
    expect(lagColumns([], "entriesBehind")).toEqual({ names: [], data: [[]] });
  });

  it("are columns of queues, by what people call them", () => {
    expect(queueColumns([at(1, { queues: { writesWaiting: 4, unstored: 0 } })])).toEqual({
      names: ["not stored yet", "writes waiting"],
      data: [[1], [0], [4]],
    });
  });

  it("are kept for hours, the latest of them", () => {
    const all = Array.from({ length: SAMPLES_MAX + 2 }, (_, index) => at(index));
    const kept = joined(all.slice(0, 5), all.slice(5));
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([SAMPLES_MAX, all[2], all.at(-1)]);
    expect(joined([], [])).toEqual([]);
  });

  it("tell entries a second, where two of them know it", () => {
    const rates = (...samples: readonly Sample[]) => rateColumns(samples).data[1];
    expect(rateColumns([at(5, { entries: 1, written: 1 }), at(7, { entries: 9, written: 3 })])).toEqual({
      names: ["all", "written here"],
      data: [
        [5, 7],
        [null, 4],
        [null, 1],
      ],
    });
    const known = [5, null, 9, 12].map((entries, index) => at(index, { entries }));
    expect(rates(...known)).toEqual([null, null, null, 3]);
    expect([latestRate(known), latestRate(known.slice(0, 2)), latestRate([])]).toEqual([3, null, null]);
    // A server that was set up anew has fewer; two looks at one moment tell nothing.
    expect(rates(at(1, { entries: 5 }), at(2, { entries: 0 }), at(2, { entries: 4 }))).toEqual([
      null,
      0,
      null,
    ]);
    expect(rates()).toEqual([]);
  });
});
