import { stripVTControlCharacters } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import { againCommand, BY_NPM } from "../../../../src/cli/split-brain/again-command.ts";
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
  expect(lines.slice(-3)).toEqual([
    "logs: server-2 lacks an entry",
    "FAILED 1 of 1 checks, 1 findings, seed 7. Again:",
    "rollcall split-brain --scenario made-up --seed 7",
  ]);
});

it("shows of many findings a few, and of long ones the beginning", () => {
  const findings = Array.from({ length: 20 }, () => ({ check: "logs", words: "long ".repeat(100) }));
  const lines = linesOf({ checks: [{ name: "logs", promise: "", findings }] });
  expect(lines.filter((line) => line.startsWith("logs: long"))).toHaveLength(3);
  expect(lines.every(({ length }) => length < 320)).toBe(true);
  expect(lines).toContain("logs: 17 more");
});

it("gives a command that is there: of npm where npm runs it", () => {
  const soak = { ...labRun(), scenario: { ...labRun().scenario, name: "soak", options: "--minutes 5" } };
  expect(againCommand(soak)).toBe("rollcall split-brain --scenario soak --minutes 5 --seed 7");
  vi.stubEnv("npm_lifecycle_event", "soak");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(againCommand(soak)).toBe("npm run split-brain -- --scenario soak --minutes 5 --seed 7");
  expect(againCommand(soak)).toBe(againCommand(soak, BY_NPM));
});

it("lets no text of a run steer the terminal", () => {
  const findings = [{ check: "logs", words: HOSTILE }];
  expect(summaryOf(labRun({ checks: [{ name: "logs", promise: "", findings }] }))).toContain("\u{fffd}[31m");
});
