/** The scripts as a shell has them: bash completes real words; zsh's is read as text. */
import { execFileSync } from "node:child_process";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { bashScript } from "../../../src/cli/completion/bash-script.ts";
import { completedCommands } from "../../../src/cli/completion/completed-words.ts";
import { zshScript } from "../../../src/cli/completion/zsh-script.ts";
import { rollcallProgram } from "../../../src/cli/program.ts";
import { SCENARIOS } from "../../../src/lab/scenarios/all.ts";

const program: Command = rollcallProgram();
const commands = await completedCommands(program);
const BASH = bashScript(commands, ["--version", "--help"]);

/** What bash offers at the end of a line; the last word is what is being typed. */
function offered(...words: string[]): string[] {
  const script = `${BASH}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rollcall; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const told = execFileSync("bash", ["--norc", "-c", script, "bash", "rollcall", ...words], {
    encoding: "utf8",
  });
  return told.split("\n").filter((line) => line !== "");
}

describe("bash", () => {
  it("offers every command, and those that begin so", () => {
    expect(offered("")).toEqual([...commands.map(({ name }) => name), "--version", "--help"]);
    expect(offered("con")).toEqual(["conflicts"]);
    expect(offered("help", "mem")).toEqual(["members"]);
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    "offers every option of %s",
    (name, command) => {
      const flags = command.options.flatMap((option) => option.flags);
      expect(offered(name, "-")).toEqual(flags);
    },
  );

  it("offers the values that an option may have, in either form", () => {
    expect(offered("conflicts", "--kind", "")).toEqual(["field", "username", "identity", "seat", "result"]);
    expect(offered("conflicts", "--kind", "=", "us")).toEqual(["username"]);
    expect(offered("conflicts", "--json", "--kind", "=")).toHaveLength(5);
    expect(offered("completion", "z")).toEqual(["zsh"]);
    const scenarios = [...SCENARIOS.map(({ name }) => name), "soak"];
    expect(offered("split-brain", "--scenario", "").sort()).toEqual(scenarios.sort());
  });

  it("offers nothing where it cannot know, and options again behind it", () => {
    expect(offered("conflicts", "--since", "")).toEqual([]);
    expect(offered("conflicts", "--since", "7d", "--k")).toEqual(["--kind"]);
  });
});

describe("zsh", () => {
  const script = zshScript(commands);

  it("has every command and option with its description, quoted", () => {
    expect(script).toContain(`'conflicts:what rules had to decide between, newest first'`);
    expect(script).toContain(`--kind'[of one kind]:kind:(field username identity seat result)'`);
    expect(script).toContain(`--out'[where to, whole or not at all (default: standard output)]:file:_files'`);
    expect(script).toContain(`'(-h --help)'{-h,--help}'[display help for command]'`);
    for (const { options } of commands) {
      for (const { flags } of options) for (const flag of flags) expect(script).toContain(flag);
    }
  });

  it("keeps what would end a text or a description inside it", () => {
    const options = [
      { flags: ["--x"], description: `one's [own] \\`, takes: "a:b", values: [], ofFiles: false },
    ];
    expect(zshScript([{ name: "x", description: "", options, values: [] }])).toContain(
      `--x'[one'\\''s \\[own\\] \\\\]:a\\:b:'`,
    );
  });
});
