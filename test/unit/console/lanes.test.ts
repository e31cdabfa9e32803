import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frontOf, type Layout, type Linked, laidOut } from "../../../src/console/graph/lanes.ts";

/** `c b a` is a change c that knew of b and of a. */
function history(...lines: readonly string[]): Linked[] {
  return lines.map((line) => {
    const [hash = "", ...parents] = line.split(" ");
    return { hash, parents };
  });
}

/** `0:1-2@1` is a line from row 0, lane 1, to row 2, in lane 1. */
function drawn({ lanes, lines, width }: Layout): { lanes: string; lines: string; width: number } {
  return {
    lanes: lanes.join(" "),
    lines: lines.map((line) => `${line.fromRow}:${line.fromLane}-${line.toRow}@${line.lane}`).join(" "),
    width,
  };
}

describe("laidOut", () => {
  it.each<[string, string[], ReturnType<typeof drawn>]>([
    ["nothing", [], { lanes: "", lines: "", width: 0 }],
    ["one line", ["c b", "b a", "a"], { lanes: "0 0 0", lines: "0:0-1@0 1:0-2@0", width: 1 }],
    [
      "a fork and a join",
      ["d b c", "c a", "b a", "a"],
      { lanes: "0 1 0 1", lines: "0:0-2@0 0:0-1@1 1:1-3@1 2:0-3@1", width: 2 },
    ],
    [
      "two servers that never met",
      ["c1 b1", "c2 b2", "b1 a", "b2 a", "a"],
      { lanes: "0 1 0 1 0", lines: "0:0-2@0 1:1-3@1 2:0-4@0 3:1-4@0", width: 2 },
    ],
    [
      "three servers, joined at once",
      ["e b c d", "d a", "c a", "b a", "a"],
      { lanes: "0 2 1 0 2", lines: "0:0-3@0 0:0-2@1 0:0-1@2 1:2-4@2 2:1-4@2 3:0-4@2", width: 3 },
    ],
    [
      "a lane that is free again",
      ["e d", "d b c", "c a", "b a", "a2 a", "a"],
      { lanes: "0 0 1 0 0 1", lines: "0:0-1@0 1:0-3@0 1:0-2@1 2:1-5@1 3:0-5@1 4:0-5@1", width: 2 },
    ],
    [
      "parents that are not loaded",
      ["c b x", "b y"],
      { lanes: "0 0", lines: "0:0-1@0 0:0-2@1 1:0-2@0", width: 2 },
    ],
  ])("%s", (_, lines, layout) => {
    expect(drawn(laidOut(history(...lines)))).toEqual(layout);
  });

  it("brings every line to its parent's lane, and keeps apart what does not go there", () => {
    fc.assert(
      fc.property(histories(), (changes) => {
        const { lanes, lines, width } = laidOut(changes);
        const rowOf = new Map(changes.map(({ hash }, row) => [hash, row]));
        const links = changes.flatMap(({ parents }, row) => parents.map((parent) => ({ row, parent })));
        expect(lines).toHaveLength(links.length);
        expect(lanes).toHaveLength(changes.length);
        expect(Math.max(-1, ...lanes, ...lines.map(({ lane }) => lane))).toBe(width - 1);

        /** By row and lane: where whatever is drawn there goes; a dot is itself. */
        const drawnAt = new Map<string, string>(lanes.map((lane, row) => [`${row} ${lane}`, `dot ${row}`]));
        lines.forEach(({ fromRow, fromLane, lane, toRow }, index) => {
          const { row, parent } = links[index] ?? { row: -1, parent: "" };
          expect([fromRow, fromLane]).toEqual([row, lanes[row]]);
          expect(toRow).toBe(rowOf.get(parent) ?? changes.length);
          if (toRow < changes.length) expect(lane).toBe(lanes[toRow]);
          for (let passed = fromRow + 1; passed < toRow; passed++) {
            const place = `${passed} ${lane}`;
            const there = drawnAt.get(place);
            if (there !== undefined) expect([place, there]).toEqual([place, parent]);
            drawnAt.set(place, parent);
          }
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe("frontOf", () => {
  const changes = history("d b c", "c a", "b a", "a");

  it.each([
    [0, ["d"]],
    [1, ["c", "b"]],
    [2, ["b"]],
    [3, ["a"]],
    [4, []],
  ])("is what none of the others below knew of: from row %i", (row, front) => {
    expect(frontOf(changes, row)).toEqual(front);
  });

  it("has, with all that it knew of, every change below, and none that another of it knew of", () => {
    fc.assert(
      fc.property(histories(), fc.nat(40), (all, at) => {
        const row = Math.min(at, all.length);
        const front = frontOf(all, row);
        const linked = new Map(all.map((change) => [change.hash, change.parents]));
        const ancestorsOf = (hashes: readonly string[], seen = new Set<string>()): Set<string> => {
          for (const hash of hashes) {
            if (seen.has(hash) || !linked.has(hash)) continue;
            seen.add(hash);
            ancestorsOf(linked.get(hash) ?? [], seen);
          }
          return seen;
        };
        const below = all.slice(row).map(({ hash }) => hash);
        expect([...ancestorsOf(front)].sort()).toEqual(below.sort());
        for (const hash of front) {
          expect(ancestorsOf(front.filter((other) => other !== hash))).not.toContain(hash);
        }
      }),
    );
  });
});

/** Newest first; each knew of up to three that are below it, or that are not loaded. */
function histories(): fc.Arbitrary<Linked[]> {
  return fc.array(fc.uniqueArray(fc.nat(12), { maxLength: 3 }), { maxLength: 40, size: "max" }).map((steps) =>
    steps.map((below, row) => ({
      hash: `h${row}`,
      parents: below.map((distance) => `h${row + 1 + distance}`),
    })),
  );
}
