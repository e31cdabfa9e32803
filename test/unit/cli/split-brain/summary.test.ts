import { stripVTControlCharacters } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import { againCommand, BY_NPM } from "../../../../src/cli/split-brain/again-command.ts";
import { summaryOf } from "../../../../src/cli/split-brain/summary.ts";
import { SEED_MEANS } from "../../../../src/lab/report/figures.ts";
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
    "refused writes why it is to be expected",
    `${HOSTILE.replace("\u001b", "\u{fffd}")} 1 not expected of these writes`,
    "",
    "acknowledged writes lost 1",
    "documents merged 1",
    "conflicts 1: 1 by PLY1",
    "names that a split gave twice none",
    "seats that a split gave twice none",
    "seats given after the start none",
    "time to converge 100 ms",
    "",
    "PASSED 1 check: no acknowledged write lost or twice, all servers agree",
  ]);
});

it("says of a split's double seats what a rule made of them, and not that they are lost", () => {
  const [first, ...others] = labRun().states;
  const [conflict] = first?.conflicts ?? [];
  if (!first || !conflict) throw new Error("the run has no conflict");
  const at = "2026-01-01T10:00:00.000Z";
  const candidates = ["seated", "overflow", "late"].map((value) => ({ value, server: "server-1", at }));
  const seat = { ...conflict, kind: "seat" as const, rule: "MAT2", candidates };
  const lines = linesOf({ states: [{ ...first, conflicts: [seat] }, ...others] });
  expect(lines).toContain("seats that a split gave twice 1: given to the other player, by rule MAT2");
  expect(lines).toContain("seats given after the start 1: taken back, by rule MAT2");
});

it("counts refusals by their code, the largest few with why", () => {
  const { history } = labRun();
  const [call] = history.calls;
  if (!call) throw new Error("the run has no call");
  const codes = ["name-taken", "name-taken", "a", "b", "c", "d", "e", "f"];
  history.calls.splice(0, Number.POSITIVE_INFINITY, call);
  for (const code of codes) history.calls.push({ ...call, outcome: "failed", status: 409, code });
  history.calls.push({ ...call, outcome: "failed", status: 404, code: null });
  const lines = linesOf({ history });
  const from = lines.indexOf("refused writes why it is to be expected");
  expect(lines.slice(from + 1, from + 7)).toEqual([
    "name-taken 2 another player has the name",
    "404 1 not expected of these writes",
    "a 1 not expected of these writes",
    "b 1 not expected of these writes",
    "c 1 not expected of these writes",
    "3 others 3",
  ]);
});

it("says what was found, the seed, and the command that plays it again", () => {
  const findings = [{ check: "logs", words: "server-2 lacks an entry" }];
  const lines = linesOf({ convergedMs: null, checks: [{ name: "logs", promise: "", findings }] });
  expect(lines).toContain("time to converge never");
  expect(lines.slice(-4)).toEqual([
    "logs: server-2 lacks an entry",
    "FAILED 1 of 1 check, 1 finding, seed 7. Again:",
    "rollcall split-brain --scenario made-up --seed 7",
    `(${SEED_MEANS})`,
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
