import { expect, it } from "vitest";
import { rowsOf } from "../../../../src/lab/report/rows.ts";
import { durationText, TimeAxis } from "../../../../src/lab/report/time-axis.ts";

it("puts nothing on anything else, and uses a row again once it is free", () => {
  const extents = [
    { from: 0, to: 10 },
    { from: 5, to: 12 },
    { from: 10, to: 20 },
    { from: 11, to: 13 },
  ];
  expect(rowsOf(extents)).toEqual([0, 1, 0, 2]);
});

it("has round ticks, few enough for their texts, and room after the last moment", () => {
  for (const lastMs of [0, 3, 378, 5_000, 22_900, 600_000]) {
    const axis = new TimeAxis(lastMs);
    expect(axis.ticksMs.length).toBeLessThanOrEqual(9);
    expect(axis.percent(lastMs)).toBeLessThan(90);
  }
  expect(new TimeAxis(5_000).ticksMs).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000]);
});

it("says how long something took", () => {
  expect([0, 124.4, 1_000, 2_744].map(durationText)).toEqual(["0 ms", "124 ms", "1 s", "2.74 s"]);
});
