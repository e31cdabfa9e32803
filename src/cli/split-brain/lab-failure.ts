/** What keeps the lab from a verdict, as a command says it. */
import { LabError } from "../../lab/lab-error.ts";
import { CommandError } from "../command-error.ts";
import { LocalProcessError } from "../demo/local-process-error.ts";

/** What is not known stays as it is: a fault of ours. */
export function commandErrorOf(error: unknown): unknown {
  const isKnown = error instanceof LabError || error instanceof LocalProcessError;
  if (!isKnown) return error;
  const code = error.code === "unknown-scenario" ? "bad-usage" : "no-verdict";
  return new CommandError(code, error.message, { cause: error });
}
