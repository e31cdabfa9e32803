/** What all commands of operators have in common: their options, a server that answers, and where its answer goes. */
import { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { exitWith } from "../exit-with.ts";
import { printableJson } from "../printable.ts";
import { type OperatorOptions, operatorOptions } from "../server-options.ts";
import { type Screen, screenOf } from "../text/screen.ts";
import { OperatorApi } from "./operator-api.ts";

/** A command to which options of its own are added, and at last `finish`. */
export function operatorCommand(name: string, description: string): Command {
  return new Command(name).description(description);
}

/**
 * Adds the options that all have, after those that the command has of its own, the words after them, and what it
 * does.
 */
export function finish<Arguments extends readonly unknown[], Options extends OperatorOptions>(
  command: Command,
  help: string,
  run: (options: Options, ...args: Arguments) => Promise<void>,
): Command {
  for (const option of operatorOptions()) command.addOption(option);
  return command.addHelpText("after", `\n${help}`).action((...given: unknown[]) => {
    // Arguments, then options, then the command.
    const args = given.slice(0, -2) as unknown as Arguments;
    return run(given.at(-2) as Options, ...args).catch(exitWith);
  });
}

/** Asks the first server that can be reached. */
export async function withServer(
  options: OperatorOptions,
  ask: (api: OperatorApi) => Promise<void>,
): Promise<void> {
  const api = await firstReachable(options);
  try {
    await ask(api);
  } finally {
    api.close();
  }
}

/** What was asked for: JSON, or lines for the screen there is. */
export function show(options: OperatorOptions, answer: unknown, draw: (screen: Screen) => string[]): void {
  if (options.json) print(printableJson(answer, 2));
  else print(draw(screenOf(process.stdout, options)).join("\n"));
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Beside the answer: for whoever sits there, and for no program. */
function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function firstReachable({ url: urls, token, operator }: OperatorOptions): Promise<OperatorApi> {
  let fault: unknown = new CommandError("bad-usage", "name a server by --url or ROLLCALL_URL");
  for (const [index, url] of urls.entries()) {
    const api = new OperatorApi({ url, token, operator });
    try {
      await api.checkAccess();
      if (index > 0) remark(`asking ${url}`);
      return api;
    } catch (error) {
      api.close();
      fault = error;
      if (!(error instanceof CommandError) || error.code !== "unreachable") break;
      if (index < urls.length - 1) remark(error.message);
    }
  }
  throw fault;
}
