import { describe, expect, it } from "vitest";
import { ticksTo, topOf } from "../../../src/console/cluster/axis.ts";

describe("the axis of a chart", () => {
  it.each<[number | null, number]>([
    [null, 2],
    [0, 2],
    [0.4, 2],
    [1.9, 2],
    [2, 4],
    [5, 6],
    [9, 10],
    [9.9, 20],
    [25, 40],
    [2_880, 4_000],
    [100_000, 200_000],
  ])("above a highest value of %d ends at %d", (highest, top) => {
    expect(topOf(highest)).toBe(top);
  });

  it("has three numbers", () => {
    expect(ticksTo(6)).toEqual([0, 3, 6]);
  });
});
