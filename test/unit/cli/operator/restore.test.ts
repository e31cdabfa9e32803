import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { isConfirmed } from "../../../../src/cli/operator/confirmation.ts";
import { restorePlan } from "../../../../src/cli/operator/restore-command.ts";
import { changeOf, type HistoryReader, wholeHeads } from "../../../../src/cli/operator/short-hash.ts";
import type { DocumentAnswer } from "../../../../src/http/contract/history.ts";
import { ADA, BOB, change, FORKED } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

const NOW: DocumentAnswer = {
  id: ADA,
  kind: "player",
  heads: [],
  document: { displayName: "Ada of the west" },
};
const [, RIGHT = change("c3", []), LEFT = change("b2", [])] = FORKED;

function terminal({ isTTY = true } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  return { input, output, written: () => String(output.read() ?? "") };
}

afterEach(() => {
  process.exitCode = undefined;
});

describe("before a value is put back", () => {
  it("is said what it is, what it becomes, and whence", () => {
    const plan = restorePlan({ item: RIGHT, now: NOW, path: "displayName", givers: [] }, screen(80));
    expect(shown(plan)).toMatchInlineSnapshot(`
      "
      player 01a2189c-ff60-752e-b970-090893daff34
        - displayName is "Ada of the west"
        + displayName becomes "Ada of the east"
        as change c3c3c3c3 had it (edit at server-2, 59 s ago)
      "
    `);
  });

  it("is said who gives it up", () => {
    const plan = restorePlan({ item: RIGHT, now: NOW, path: "displayName", givers: [BOB] }, screen(80));
    expect(shown(plan)).toContain(`\n  ${BOB} gives it up, if it has it`);
  });

  it("is refused what the change did not set", () => {
    expect(() => restorePlan({ item: RIGHT, now: NOW, path: "region", givers: [] }, screen(80))).toThrow(
      "change c3c3c3c3 did not set region; it set displayName",
    );
  });

  it.each([
    ["y", true, undefined],
    ["YES", true, undefined],
    ["", false, 1],
    ["no", false, 1],
    ["yeah", false, 1],
  ])("is asked: %j is %s", async (answer, goesOn, exitCode) => {
    const { input, output, written } = terminal();
    const asking = isConfirmed(["the plan"], "Do it?", false, { input, output });
    input.write(`${answer}\n`);
    expect([await asking, process.exitCode]).toEqual([goesOn, exitCode]);
    expect(written()).toMatch(/^the plan\n.*Do it\? \[y\/N\] /s);
  });

  it("is not asked who said yes, and nothing is done where nobody can be asked", async () => {
    const { written, ...asked } = terminal({ isTTY: false });
    expect(await isConfirmed(["the plan"], "Do it?", true, asked)).toBe(true);
    expect(written()).toBe("the plan\n");
    await expect(isConfirmed(["the plan"], "Do it?", false, asked)).rejects.toMatchObject({
      code: "bad-usage",
    });
    expect(written()).toBe("");
  });
});

describe("hashes", () => {
  const other = { ...RIGHT, hash: "b2b2b2b3".padEnd(64, "0") };
  const reader: HistoryReader = { history: async () => ({ items: [...FORKED, other], more: false }) };
  const silent: HistoryReader = { history: () => Promise.reject(new Error("asked")) };

  it("are known by their first digits, and several by commas", async () => {
    expect((await changeOf("C3c3", ADA, reader)).hash).toBe(RIGHT.hash);
    expect(await wholeHeads(`c3c3c3c3,${LEFT.hash}`, ADA, reader)).toEqual([RIGHT.hash, LEFT.hash]);
  });

  it("are not looked for when they are whole", async () => {
    expect(await wholeHeads(LEFT.hash, ADA, silent)).toEqual([LEFT.hash]);
  });

  it.each([
    ["b2b2b2b", "several changes begin with b2b2b2b; give more of it"],
    ["ffff", "no change of it begins with ffff"],
    ["c3c", '"c3c" is no hash of a change, nor 4 or more digits of one'],
    ["displayName", '"displayname" is no hash of a change, nor 4 or more digits of one'],
  ])("that name none, or several, are refused: %s", async (text, why) => {
    await expect(changeOf(text, ADA, reader)).rejects.toThrow(why);
  });
});
