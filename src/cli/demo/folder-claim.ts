/**
 * Who may run something in a folder.
 *
 * Before a process is started there, `<name>.claim.json` is created, only if it does not exist; it says who
 * starts, and soon after which process was started. Of a claim that is there already,
 *   the starter runs             the folder is in use, and taking it over would destroy something;
 *   the process alone runs       an orphan (its starter was killed): it is stopped, then the folder is free;
 *   neither runs                 nothing but the claim was left: the folder is free.
 * Of two that find the same abandoned claim at the same instant, one gets the folder.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { hasCode } from "./error-code.ts";
import { LocalProcessError } from "./local-process-error.ts";
import { identify, isSameRunning, type ProcessIdentity, sendSignal } from "./process-identity.ts";
import { type StopStep, stopBySteps, whenTrue } from "./stop-steps.ts";

export interface FolderClaim {
  /** Synchronous: between a start and its record lies the time in which an orphan is not recognized. */
  record(pid: number): void;
  release(): void;
}

const identitySchema = z.object({ pid: z.int().positive(), startedAt: z.string() });
const claimSchema = z.object({ startedBy: identitySchema, process: identitySchema.optional() });
type Claim = z.infer<typeof claimSchema>;

/** Stops an orphan by these steps; throws `folder-in-use` if the folder must not be touched. */
export async function claimFolder(
  folder: string,
  name: string,
  steps: readonly StopStep[],
): Promise<FolderClaim> {
  const path = join(folder, `${name}.claim.json`);
  const startedBy = identify(process.pid);
  if (startedBy === undefined) throw new LocalProcessError("not-available", "this process cannot see itself");
  const found = readClaim(path);
  if (found !== undefined) {
    if (isSameRunning(found.startedBy)) throw inUse(folder, name, found);
    if (found.process !== undefined) await stopOrphan(name, found.process, steps);
  }
  removeAbandoned(path, () => inUse(folder, name, readClaim(path)));
  try {
    writeClaim(path, { startedBy }, "wx");
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    throw inUse(folder, name, readClaim(path));
  }
  return {
    record: (pid) => writeClaim(path, { startedBy, process: identify(pid) }, "w"),
    release: () => rmSync(path, { force: true }),
  };
}

/** Moved aside before it is removed, as meanwhile somebody else may have done all this and put theirs there. */
function removeAbandoned(path: string, inUseByThem: () => LocalProcessError): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  const moved = readClaim(aside);
  if (moved !== undefined && isSameRunning(moved.startedBy)) {
    renameSync(aside, path);
    throw inUseByThem();
  }
  rmSync(aside);
}

function readClaim(path: string): Claim | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
  // One cut short by a power failure is as good as none: after a power failure nothing runs.
  const parsed = claimSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function writeClaim(
  path: string,
  claim: { [key in keyof Claim]: Claim[key] | undefined },
  flag: string,
): void {
  writeFileSync(path, `${JSON.stringify(claim)}\n`, { mode: 0o600, flag });
}

async function stopOrphan(name: string, orphan: ProcessIdentity, steps: readonly StopStep[]): Promise<void> {
  if (!isSameRunning(orphan)) return;
  const stopped = await stopBySteps(steps, {
    signal: (signal) => {
      if (isSameRunning(orphan)) sendSignal(orphan.pid, signal);
    },
    gone: (withinMs) => whenTrue(() => !isSameRunning(orphan), withinMs),
  });
  if (!stopped)
    throw new LocalProcessError("did-not-stop", `an old ${name}, pid ${orphan.pid}, does not stop`);
}

function inUse(folder: string, name: string, claim: Claim | undefined): LocalProcessError {
  const runs =
    claim?.process === undefined
      ? `${name} is being started there`
      : `${name} (pid ${claim.process.pid}) runs there`;
  const by = claim === undefined ? "another process" : `pid ${claim.startedBy.pid}`;
  return new LocalProcessError(
    "folder-in-use",
    `${folder} is in use: ${runs}, started by ${by}. Stop that first (Ctrl-C in its terminal) or choose another folder`,
  );
}
