import { expect, it } from "vitest";
import { News } from "../../../../src/cli/split-brain/news.ts";
import { plainWatch } from "../../../../src/cli/split-brain/watch.ts";
import type { RecordedFault, Remark } from "../../../../src/lab/history.ts";
import { HOSTILE, labRun } from "../../../support/lab-run.ts";

it("tells what is new once, in the order in which it happened", () => {
  const fault: RecordedFault = { name: "killed", target: "server-1", startedMs: 100, endedMs: null };
  const faults = [fault];
  const remarks: Remark[] = [{ atMs: 50, text: HOSTILE }];
  const news = new News({ faults, remarks });
  expect(news.take()).toEqual([
    `   50 ms  ${HOSTILE.replace("\u001b", "\u{fffd}")}`,
    "  100 ms  begins: killed, server-1",
  ]);
  expect(news.take()).toEqual([]);
  fault.endedMs = 2_500;
  remarks.push({ atMs: 2_400, text: "soon" });
  expect(news.take()).toEqual(["   2.4 s  soon", "   2.5 s  ends: killed, server-1"]);
});

it("is told in lines where there is no terminal, to the last", async () => {
  const lines: string[] = [];
  const watch = plainWatch((line) => lines.push(line));
  watch.step("breaking things");
  watch.begun({ servers: [] }, labRun().history);
  watch.step("judging");
  await watch.end("done");
  expect(lines[0]).toBe("  breaking things");
  expect(lines.at(-1)).toBe("  judging");
  expect(lines.filter((line) => line.includes("begins: "))).toHaveLength(2);
});
