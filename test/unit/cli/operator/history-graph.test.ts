import { describe, expect, it } from "vitest";
import {
  type GraphedChange,
  historyGraph,
  type LaneRow,
} from "../../../../src/cli/operator/history-graph.ts";

/** `c:a,b` is change c, made in knowledge of a and b. */
function drawn(text: string, complete = true): string[] {
  const changes = text.split(" ").map((one): GraphedChange => {
    const [hash = "", parents = ""] = one.split(":");
    return { hash, parents: parents.split(",").filter((parent) => parent !== "") };
  });
  const line = (row: LaneRow): string => row.map((cell) => cell.text).join("");
  return historyGraph(changes, complete).flatMap(({ above, node, below, on }, index) => {
    const named = `${line(node)}${changes[index]?.hash}`;
    const rest = below.length > 0 ? below : [on];
    return [...above.map(line), named, ...rest.map(line)].map((row) => row.trimEnd());
  });
}

describe("lanes", () => {
  it("are one where each change knew of all before it", () => {
    expect(drawn("c:b b:a a:")).toEqual(["● c", "│", "● b", "│", "● a", ""]);
  });

  it("fork below a change that joins histories, and come together above what they share", () => {
    expect(drawn("d:b,c c:a b:a a:")).toEqual([
      "● d",
      "├─╮",
      "│ ● c",
      "│ │",
      "● │ b",
      "│ │",
      "├─╯",
      "● a",
      "",
    ]);
  });

  it("begin beside each other where histories have not joined", () => {
    expect(drawn("c:a b:a a:")).toEqual(["● c", "│", "│ ● b", "│ │", "├─╯", "● a", ""]);
  });

  it("end with changes that knew of nothing, and are free for others", () => {
    expect(drawn("d:b,c c: b:a a:")).toEqual(["● d", "├─╮", "│ ● c", "│", "● b", "│", "● a", ""]);
    expect(drawn("e:c,d d: c:a b:a a:")).toEqual([
      "● e",
      "├─╮",
      "│ ● d",
      "│",
      "● c",
      "│",
      "│ ● b",
      "│ │",
      "├─╯",
      "● a",
      "",
    ]);
  });

  it("cross those that lie between", () => {
    expect(drawn("f:c,d,e e:a d:a c:b b:a a:")).toEqual([
      "● f",
      "├─╮",
      "├─┼─╮",
      "│ │ ● e",
      "│ │ │",
      "│ ● │ d",
      "│ │ │",
      "● │ │ c",
      "│ │ │",
      "● │ │ b",
      "│ │ │",
      "├─╯ │",
      "├───╯",
      "● a",
      "",
    ]);
  });

  it("are met where another waits for the same change already", () => {
    expect(drawn("d:b e:c,b c:a b:a a:")).toEqual([
      "● d",
      "│",
      "│ ● e",
      "├─┤",
      "│ ● c",
      "│ │",
      "● │ b",
      "│ │",
      "├─╯",
      "● a",
      "",
    ]);
  });

  it("do not lead to what a parent was made in knowledge of", () => {
    expect(drawn("d:a,c c:b b:a a:")).toEqual(drawn("d:c c:b b:a a:"));
    expect(drawn("d:b,c c:b b:a", false)).toEqual(drawn("d:c c:b b:a", false));
    expect(drawn("d:z,c c:b b:z", false)).toEqual(drawn("d:c c:b b:z", false));
  });

  it("are laid out in a moment for a long history of two sides", () => {
    const hash = (n: number) => `${n}`;
    // Each side knows its own last change, and hears of the other's every tenth time.
    const parentsOf = (n: number) => (n <= 2 ? [] : [hash(n - 2), ...(n % 10 === 0 ? [hash(n - 1)] : [])]);
    const changes = Array.from({ length: 10_000 }, (_, index) => {
      const n = 10_000 - index;
      return { hash: hash(n), parents: parentsOf(n) };
    });
    const before = process.cpuUsage();
    const drawing = historyGraph(changes, true);
    // However busy the machine is: some 0.2 s of its time.
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
    expect(Math.max(...drawing.map(({ node }) => node.length))).toBe(2);
  });

  it("go on to what is not shown, and not to what there is not", () => {
    expect(drawn("c:b b:a", false)).toEqual(["● c", "│", "● b", "│"]);
    expect(drawn("c:b b:a", true)).toEqual(["● c", "│", "● b", ""]);
  });

  it("never lead upwards, whatever order a server answers in", () => {
    expect(drawn("a: b:a")).toEqual(["● a", "", "● b", ""]);
  });
});
