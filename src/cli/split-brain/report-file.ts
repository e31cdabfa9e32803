/** Where the report of a run is written. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { reportPage } from "../../lab/report/page.ts";
import { type RunResult, runName } from "../../lab/run.ts";
import { CommandError } from "../command-error.ts";
import { againCommand } from "./again-command.ts";

/** Before a run, which takes longer than to say that there is no such place. @throws CommandError */
export async function makeReportFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError("bad-usage", `no report can be written to ${folder}: ${reason}`, { cause: error });
  }
}

/** Gives the path of the page. */
export async function writeReport(result: RunResult, folder: string): Promise<string> {
  const path = join(folder, `${runName(result.scenario, result.seed)}.html`);
  await writeFile(path, reportPage(result, againCommand(result)));
  return path;
}
