import { describe, expect, it } from "vitest";
import { followed } from "../../../../src/cli/operator/verify-command.ts";
import { progressLine, verificationLines } from "../../../../src/cli/operator/verify-text.ts";
import type { VerificationAnswer } from "../../../../src/http/contract/verification.ts";
import { HOSTILE } from "../../../support/lab-run.ts";
import { ADA, ago } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

const RUNNING: VerificationAnswer = {
  ...{ state: "running", startedAt: ago(150), documents: 1_000, entries: 12_345 },
  ...{ faults: [], faultsFound: 0 },
};
const DONE: VerificationAnswer = { ...RUNNING, state: "done", finishedAt: ago(0) };
const FAULTY: VerificationAnswer = {
  ...DONE,
  faults: [
    { kind: "hash", documentId: ADA, detail: `an entry does not match its hash: ${HOSTILE}` },
    { kind: "rows", detail: "the rows of a leaderboard differ from what the log comes to" },
  ],
  faultsFound: 1_002,
};

describe("what was found", () => {
  it("is nothing, or faults and what they are", () => {
    expect(verificationLines(DONE, screen(80))).toEqual([
      "0 faults in 1,000 documents, 12,345 entries, within 2 min.",
    ]);
    expect(shown(verificationLines(FAULTY, screen(80)))).toMatchInlineSnapshot(`
      "
      hash  01a2189c-ff60-752e-b970-090893daff34
        an entry does not match its hash: <script>alert("1")</script>'&�[31m
      rows
        the rows of a leaderboard differ from what the log comes to
      and 1,000 more
      1,002 faults in 1,000 documents, 12,345 entries, within 2 min.
      "
    `);
  });

  it("has colours on a terminal", () => {
    expect(shown(verificationLines(FAULTY, screen(120, { colors: true })))).toMatchInlineSnapshot(`
      "
      ␛[31mhash␛[39m  01a2189c-ff60-752e-b970-090893daff34
        an entry does not match its hash: <script>alert("1")</script>'&�[31m
      ␛[31mrows␛[39m
        the rows of a leaderboard differ from what the log comes to
      and 1,000 more
      ␛[31m1,002 faults␛[39m in 1,000 documents, 12,345 entries, within 2 min.
      "
    `);
  });

  it("is one line while it goes on", () => {
    expect(progressLine(RUNNING, screen(80))).toBe("verifying: 1,000 documents, 12,345 entries, 0 faults");
  });
});

it("is followed until it is done, and told of meanwhile", async () => {
  const told: (number | undefined)[] = [];
  const answers = [{ ...RUNNING, documents: 2 }, { ...RUNNING, documents: 3 }, DONE];
  const api = {
    startVerification: async () => ({ ...RUNNING, documents: 1 }),
    verification: async () => answers.shift() ?? DONE,
  };
  expect(await followed(api, (progress) => told.push(progress?.documents), 1)).toEqual(DONE);
  expect(told).toEqual([1, 2, 3, undefined]);
});

it("ends its line also when the server is lost", async () => {
  const told: unknown[] = [];
  const api = {
    startVerification: async () => RUNNING,
    verification: () => Promise.reject(new Error("lost")),
  };
  await expect(followed(api, (progress) => told.push(progress), 1)).rejects.toThrow("lost");
  expect(told).toEqual([RUNNING, undefined]);
});
