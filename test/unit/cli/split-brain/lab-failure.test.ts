import { expect, it } from "vitest";
import { CommandError } from "../../../../src/cli/command-error.ts";
import { LocalProcessError } from "../../../../src/cli/demo/local-process-error.ts";
import { commandErrorOf } from "../../../../src/cli/split-brain/lab-failure.ts";
import { LabError } from "../../../../src/lab/lab-error.ts";

it("says in one line what kept it from a verdict, and keeps what is a fault of ours", () => {
  expect(commandErrorOf(new LabError("unknown-scenario", "no such"))).toMatchObject({ code: "bad-usage" });
  for (const error of [new LabError("no-answer", "silent"), new LocalProcessError("port-in-use", "taken")]) {
    const shown = commandErrorOf(error);
    expect(shown).toBeInstanceOf(CommandError);
    expect(shown).toMatchObject({ code: "no-verdict", message: error.message });
  }
  const ours = new TypeError("ours");
  expect(commandErrorOf(ours)).toBe(ours);
});
