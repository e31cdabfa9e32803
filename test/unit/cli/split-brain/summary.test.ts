import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { summaryOf } from "../../../../src/cli/split-brain/summary.ts";
import { HOSTILE, labRun } from "../../../support/lab-run.ts";

/** Without colours, and with one space where columns are apart. */
function linesOf(fields: Parameters<typeof labRun>[0]): string[] {
  const text = stripVTControlCharacters(summaryOf(labRun(fields)));
  return text.split("\n").map((line) => line.trim().replace(/ {2,}/g, " "));
}

it("has writes by server, what became of them, and the verdict", () => {
  expect(linesOf({})).toEqual([
    "",
    "writes acknowledged refused unknown",
    "server-1 1 0 0",
    "server-2 0 1 1",
    "",
    "acknowledged writes lost 1",
    "documents merged 1",
    "conflicts 1 by PLY1",
    "names lost 0",
    "seats lost 0",
    "time to converge 100 ms",
    "",
    "PASSED 1 checks: nothing lost, nothing twice, all servers show the same",
  ]);
});

it("says what was found, the seed, and the command that plays it again", () => {
  const findings = [{ check: "logs", words: "server-2 lacks an entry" }];
  const lines = linesOf({ convergedMs: null, checks: [{ name: "logs", promise: "", findings }] });
  expect(lines).toContain("time to converge never");
  expect(lines.slice(-2)).toEqual([
    "logs: server-2 lacks an entry",
    "FAILED 1 findings with seed 7. Again: rollcall split-brain --scenario made-up --seed 7",
  ]);
});

it("lets no text of a run steer the terminal", () => {
  const findings = [{ check: "logs", words: HOSTILE }];
  expect(summaryOf(labRun({ checks: [{ name: "logs", promise: "", findings }] }))).toContain("\u{fffd}[31m");
});
