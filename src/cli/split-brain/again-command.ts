/** The command that plays a run again, in the words in which it was given. */
import type { RunResult } from "../../lab/run.ts";

export const BY_NPM = "npm run split-brain --";
const INSTALLED = "rollcall split-brain";

/** Of `package.json`: who runs them has no `rollcall` to be found. */
const SCRIPTS: readonly (string | undefined)[] = ["split-brain", "soak"];

export function againCommand(
  { scenario, seed }: Pick<RunResult, "scenario" | "seed">,
  program = SCRIPTS.includes(process.env.npm_lifecycle_event) ? BY_NPM : INSTALLED,
): string {
  const { name, options } = scenario;
  return [program, "--scenario", name, ...(options ? [options] : []), "--seed", seed].join(" ");
}
