/** `rollcall split-brain` as its reader runs it: a verdict, a page, and nothing left, also when it is broken off. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUGS, buildWith } from "../support/broken-build.ts";
import { eventually } from "../support/eventually.ts";
import { register } from "../support/run-folder.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

const COMMAND = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
/** Half a minute of it is the start of everything, on a busy machine more. */
const BROKEN_WITHIN_MS = 120_000;
/** A minute of it waits for servers to agree. */
const FAILED_WITHIN_MS = 180_000;

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder("split-brain");
});

afterAll(() => folder.remove());

test("a run has a verdict and a page, and leaves nothing behind", async () => {
  const reports = join(folder.path, "reports");
  const { child, ended, said } = start("--scenario", "same-name", "--seed", "1", "--report", reports);
  expect(await ended).toEqual([0, null]);
  expect(said()).toContain("PASSED");
  const page = await readFile(join(reports, "same-name-1.html"), "utf8");
  expect(page).toContain("20 by CLM1");
  expect(await readdir(reports)).toEqual(["same-name-1.html"]);
  expect(await leftBy(child)).toEqual([]);
});

test(
  "a run that finds something exits with 1, and says what it found, with which seed, and how to see it again",
  async () => {
    const build = await buildWith(BUGS.appliesByArrival);
    try {
      const reports = join(folder.path, "failed");
      const options = ["--scenario", "same-name", "--seed", "3", "--report", reports];
      const { child, ended, said } = startCommand(build.command, options);
      expect(await ended).toEqual([1, null]);
      expect(said()).toMatch(
        /^FAILED .* seed 3\. Again:\nrollcall split-brain --scenario same-name --seed 3$/m,
      );
      const page = await readFile(join(reports, "same-name-3.html"), "utf8");
      expect(page).toContain("✗ FAILED");
      const logs = ["server-1", "server-2", "server-3"].map((server) => `same-name-3-${server}.log`);
      expect((await readdir(reports)).sort()).toEqual(["same-name-3.html", ...logs].sort());
      expect(await leftBy(child)).toEqual([]);
    } finally {
      await build.remove();
    }
  },
  FAILED_WITHIN_MS,
);

test(
  "broken off while servers are cut from each other, it leaves nothing behind",
  async () => {
    const { child, ended, said } = start("--scenario", "two-halves");
    await eventually(() => expect(said()).toContain("begins: parted"), { withinMs: BROKEN_WITHIN_MS });
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(said()).not.toMatch(/PASSED|FAILED/);
    expect(await leftBy(child)).toEqual([]);
  },
  BROKEN_WITHIN_MS + 60_000,
);

test("a scenario that there is not is said in a line", async () => {
  const { ended, said } = start("--scenario", "none");
  expect(await ended).toEqual([2, null]);
  expect(said()).toMatch(/^rollcall: there is no scenario none; there are .*, soak\n$/);
});

test("minutes for a scenario that has its own time are refused", async () => {
  const { ended, said } = start("--scenario", "same-name", "--minutes", "3");
  expect(await ended).toEqual([2, null]);
  expect(said()).toContain("--minutes is of scenario soak");
});

/** Folders that a run keeps while it lasts: engines end before their folders go. */
async function leftBy({ pid }: ChildProcess): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith(`rollcall-lab-${pid}-`));
}

function start(...options: string[]) {
  return startCommand(COMMAND, options);
}

function startCommand(command: string, options: readonly string[]) {
  const { npm_lifecycle_event: _script, ...environment } = process.env;
  const child = spawn(process.execPath, [command, "split-brain", ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment, NO_COLOR: "1" },
  });
  register(child.pid, "command");
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      text += chunk;
    });
  }
  return { child, ended: once(child, "exit"), said: () => text };
}
