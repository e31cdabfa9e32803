/**
 * Which process a pid stands for. A pid alone is reused by the system; together with the moment at which its
 * process started it names one process, for as long as the machine is up.
 *
 * A zombie (ended, but not yet collected by its parent) counts as gone: nothing of it runs.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { hasCode } from "./error-code.ts";

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only. */
  readonly startedAt: string;
}

/** Nothing, if no such process runs. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isSameRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** Running processes whose command line, or title if they set one, contains the text. */
export function findByCommand(text: string): readonly ProcessIdentity[] {
  return commands()
    .filter(([, command]) => command.includes(text))
    .flatMap(([pid]) => identify(pid) ?? []);
}

/** `false` if it was gone already. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    throw error;
  }
}

function startOnLinux(pid: number): string | undefined {
  const stat = readOfProcess(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name in parentheses and may itself contain both: count after the last.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === "Z" || state === "X" || startTicks === undefined) return undefined;
  return `${bootId()}/${startTicks}`;
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function startByPs(pid: number): string | undefined {
  try {
    const line = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line === "" || line.startsWith("Z") ? undefined : line.slice(line.indexOf(" ")).trim();
  } catch (error) {
    if (hasExitStatus(error)) return undefined;
    throw error;
  }
}

function commands(): readonly (readonly [pid: number, command: string])[] {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), (readOfProcess(`/proc/${name}/cmdline`) ?? "").replaceAll("\0", " ")]);
  }
  return execFileSync("ps", ["-axo", "pid=,command="], { encoding: "utf8" })
    .split("\n")
    .map((line) => [Number.parseInt(line, 10), line.trim().replace(/^\d+\s+/, "")]);
}

/** Nothing, if the process ended before or while we read. */
function readOfProcess(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ESRCH")) return undefined;
    throw error;
  }
}

function hasExitStatus(error: unknown): boolean {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}
