/** What there is to complete, read from the commands themselves: so no command can be forgotten. */
import type { Command, Option } from "commander";
import { offeredValues } from "./offered-values.ts";

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Of its first argument, where there is a choice. */
  readonly values: readonly string[];
}

export interface CompletedOption {
  /** `-h`, `--help`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** The name of its value; undefined where it takes none. */
  readonly takes: string | undefined;
  readonly values: readonly string[];
  /** Whether its value is the name of a file or folder. */
  readonly ofFiles: boolean;
}

const OF_FILES = ["file", "folder", "path", "source"];
const HELP: CompletedOption = {
  flags: ["-h", "--help"],
  description: "display help for command",
  ...{ takes: undefined, values: [], ofFiles: false },
};

export async function completedCommands(program: Command): Promise<CompletedCommand[]> {
  const names = program.commands.map((command) => command.name());
  const help = { name: "help", description: "display help for command", options: [HELP], values: names };
  return [...(await Promise.all(program.commands.map(completedCommand))), help];
}

async function completedCommand(command: Command): Promise<CompletedCommand> {
  return {
    name: command.name(),
    description: command.description(),
    options: [...(await Promise.all(command.options.map(completedOption))), HELP],
    values: command.registeredArguments[0]?.argChoices ?? [],
  };
}

async function completedOption(option: Option): Promise<CompletedOption> {
  const takes = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1];
  return {
    flags: [option.short, option.long].filter((flag) => typeof flag === "string"),
    description: option.description,
    takes,
    values: await offeredValues(option),
    ofFiles: takes !== undefined && OF_FILES.includes(takes),
  };
}
