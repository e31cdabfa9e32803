/** How a command that gives up says so: one line, and an exit code. */
import { CommandError } from "./command-error.ts";
import { printable } from "./printable.ts";

export const EXIT_FAILED = 1;
export const EXIT_BAD_USAGE = 2;
/** As a shell has it of whom Ctrl-C ended. */
export const EXIT_STOPPED = 130;

/** What is no `CommandError` is a fault of ours, and ends the process with its stack. */
export function exitWith(error: unknown): void {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`rollcall: ${printable(error.message)}\n`);
  process.exitCode = error.code === "bad-usage" ? EXIT_BAD_USAGE : EXIT_FAILED;
}
