/** Asking before something is done that others will see. Nothing of it goes to standard output. */
import { createInterface } from "node:readline/promises";
import { CommandError } from "../command-error.ts";
import { EXIT_FAILED, EXIT_STOPPED } from "../exit-with.ts";

/** The terminal that is asked on. */
export interface Asked {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Whether to go on. Who says no has the exit code of what was not done.
 * @throws CommandError where there is nobody to ask
 */
export async function isConfirmed(
  plan: readonly string[],
  question: string,
  yes: boolean,
  { input, output }: Asked = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  const isTerminal = input.isTTY === true && output.isTTY === true;
  if (!yes && !isTerminal) {
    throw new CommandError("bad-usage", "there is no terminal to ask on: --yes says that it is to be done");
  }
  output.write(`${plan.join("\n")}\n`);
  if (yes) return true;
  const terminal = createInterface({ input, output });
  const stop = new AbortController();
  terminal.once("SIGINT", () => stop.abort());
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: stop.signal });
    if (/^\s*y(es)?\s*$/i.test(answer)) return true;
    output.write("Nothing was done.\n");
    process.exitCode = EXIT_FAILED;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    output.write("\nNothing was done.\n");
    process.exitCode = EXIT_STOPPED;
  } finally {
    terminal.close();
  }
  return false;
}
