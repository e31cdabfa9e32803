/**
 * Ends what a run of the tests left running, and removes its folder.
 *
 * It ends exactly what was written down, each by its pid and the moment at which it started: workers and commands as
 * `register` did, engines and servers as their claims say. Who may start something goes first.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { hasCode } from "../../src/cli/demo/error-code.ts";
import { isSameRunning, type ProcessIdentity, sendSignal } from "../../src/cli/demo/process-identity.ts";
import { type StopStep, stopBySteps, whenTrue } from "../../src/cli/demo/stop-steps.ts";
import { type Role, recordsOf } from "./run-folder.ts";

const AT_ONCE: readonly StopStep[] = [{ signal: "SIGKILL", waitMs: 10_000 }];
/** PostgreSQL gives back its shared memory; nothing of what they hold is wanted. */
const IN_ORDER: readonly StopStep[] = [{ signal: "SIGINT", waitMs: 3_000 }, ...AT_ONCE];

const identity = z.object({ pid: z.int().positive(), startedAt: z.string() });
const claim = z.object({ process: identity.optional() });

/** @param roles Of those that have no reason to run any more. */
export async function sweep(runFolder: string, roles: readonly Role[]): Promise<void> {
  const recorded = roles.flatMap((role) => recordedAs(runFolder, role));
  await Promise.all(recorded.map((one) => end(one, AT_ONCE)));
  const everyone = [...recordedAs(runFolder, "worker"), ...recordedAs(runFolder, "command")];
  const folders = [runFolder, ...(await labFolders(everyone))];
  const claimed = (await Promise.all(folders.map(claimedIn))).flat();
  await Promise.all(claimed.map((one) => end(one, IN_ORDER)));
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function recordedAs(runFolder: string, role: Role): ProcessIdentity[] {
  const folder = recordsOf(runFolder, role);
  // One that was broken off at its beginning or end has none.
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => read(join(folder, name), identity) ?? []);
}

async function claimedIn(folder: string): Promise<ProcessIdentity[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".claim.json"))
    .flatMap((name) => read(join(folder, name), claim)?.process ?? []);
}

/** The lab makes its folders where all are, by the pid of who runs it. */
async function labFolders(runners: readonly ProcessIdentity[]): Promise<string[]> {
  const names = await readdir(tmpdir());
  return runners
    .filter((runner) => !isSameRunning(runner))
    .flatMap(({ pid }) => names.filter((name) => name.startsWith(`rollcall-lab-${pid}-`)))
    .map((name) => join(tmpdir(), name));
}

async function end(one: ProcessIdentity, steps: readonly StopStep[]): Promise<void> {
  if (!isSameRunning(one)) return;
  await stopBySteps(steps, {
    signal: (signal) => {
      if (!isSameRunning(one)) return;
      // Whoever leads a group, as a shell that runs a page's script, started all that is in it.
      sendSignal(-one.pid, signal);
      sendSignal(one.pid, signal);
    },
    gone: (withinMs) => whenTrue(() => !isSameRunning(one), withinMs),
  });
}

/** Nothing, if it went meanwhile or was cut short. */
function read<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
