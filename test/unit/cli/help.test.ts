import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { rollcallProgram } from "../../../src/cli/program.ts";
import { displayWidth } from "../../../src/cli/text/display-width.ts";

const COLUMNS = 80;

function helpOf(command: Command): string {
  let help = "";
  const writeOut = (text: string): void => {
    help += text;
  };
  command.configureOutput({ writeOut, getOutHelpWidth: () => COLUMNS }).outputHelp();
  return help;
}

const program = rollcallProgram();
const named = [program, ...program.commands].map((command) => [command.name(), command] as const);

describe("help", () => {
  it.each(named)("of %s fits 80 columns", (_name, command) => {
    const wide = helpOf(command)
      .split("\n")
      .filter((line) => displayWidth(line) > COLUMNS);
    expect(wide).toEqual([]);
  });

  it.each(named.slice(1))("of %s ends with an example, and what exit codes mean", (name, command) => {
    expect(helpOf(command)).toMatch(new RegExp(`\nExamples?:\n(.*\n)*? .*rollcall ${name}\\b`));
    expect(helpOf(command)).toContain("\nExit codes: 0 it is done; 1 it could not be done; 2 wrong usage:");
  });
});
