import { describe, expect, it } from "vitest";
import { laidOut } from "../../../src/console/graph/lanes.ts";
import { dotPath, linePath } from "../../../src/console/graph/paths.ts";

const FORK = laidOut([
  { hash: "c", parents: ["b", "a"] },
  { hash: "b", parents: ["a"] },
  { hash: "a", parents: [] },
]);
const WHOLE = { fromRow: 0, toRow: 3, rowHeight: 20, laneWidth: 10 };

function drawnAt(path: string): (readonly [number, number])[] {
  return [...path.matchAll(/M(\S+) (\S+?)[aVCL]/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
}

describe("linePath", () => {
  it("runs straight down its own lane, and bends within a row to another", () => {
    expect(linePath(FORK, WHOLE)).toBe("M5 10V30M5 10C5 30 15 10 15 30V50M5 30C5 50 15 30 15 50V50");
  });

  it("has corners where there is no room for bends", () => {
    expect(linePath(FORK, { ...WHOLE, rowHeight: 1 })).toBe("M5 0.5V1.5M5 0.5L15 1.5V2.5M5 1.5L15 2.5V2.5");
  });

  it("has the lines that are seen in these rows alone, those that pass them among them", () => {
    const line = laidOut([
      { hash: "d", parents: ["c", "x"] },
      { hash: "c", parents: ["b"] },
      { hash: "b", parents: ["a"] },
      { hash: "a", parents: [] },
    ]);
    const rows = (fromRow: number, toRow: number): (readonly [number, number])[] =>
      drawnAt(linePath(line, { ...WHOLE, fromRow, toRow }));
    const [first, past, second, third] = [
      [5, 10],
      [5, 10],
      [5, 30],
      [5, 50],
    ] as const;
    expect(rows(0, 4)).toEqual([first, past, second, third]);
    expect(rows(3, 4)).toEqual([past, third]);
    expect(rows(0, 1)).toEqual([first, past]);
  });
});

describe("dotPath", () => {
  it("has a dot in the lane of each change that is wanted and seen", () => {
    const centres = (view: typeof WHOLE, isShown: (row: number) => boolean): (readonly [number, number])[] =>
      drawnAt(dotPath(FORK, view, isShown)).map(([left, y]) => [left + 4.5, y]);
    expect(centres(WHOLE, () => true)).toEqual([
      [5, 10],
      [5, 30],
      [15, 50],
    ]);
    expect(centres(WHOLE, (row) => row === 1)).toEqual([[5, 30]]);
    expect(centres({ ...WHOLE, fromRow: 2 }, () => true)).toEqual([[15, 50]]);
    expect(dotPath(FORK, { ...WHOLE, toRow: 0 }, () => true)).toBe("");
  });

  it("is seen however far one zooms out", () => {
    expect(dotPath(FORK, { ...WHOLE, rowHeight: 0.1, toRow: 1 }, () => true)).toMatch(/a1 1 0 1 0 2 0/);
  });
});
