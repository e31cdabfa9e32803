/** The sweeper of this run, as the run sees it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface RunSweeper {
  /** In order: what was left is ended, and the folder gone. */
  end(): Promise<void>;
}

/** What a run says that ends in order. */
export const OVER = "over";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAM = fileURLToPath(new URL("./sweeper.ts", import.meta.url));

export function startSweeper(runFolder: string): RunSweeper {
  const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, runFolder], {
    cwd: ROOT,
    // Neither Ctrl-C nor a terminal that is closed reaches it.
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.unref();
  return {
    async end() {
      child.ref();
      child.stdin.end(OVER);
      const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
      if (code !== 0)
        throw new Error(`the sweeper of the tests failed (exit code ${code}): see ${runFolder}`);
    },
  };
}
