/** `rollcall split-brain` as its reader runs it: a verdict, a page, and nothing left, also when it is broken off. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

const COMMAND = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const BROKEN_WITHIN_MS = 50_000;

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
  expect(await leftBy(child)).toEqual([]);
});

test("broken off while servers are cut from each other, it leaves nothing behind", async () => {
  const { child, ended, said } = start("--scenario", "two-halves");
  await eventually(() => expect(said()).toContain("begins: parted"), { withinMs: BROKEN_WITHIN_MS });
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(said()).not.toMatch(/PASSED|FAILED/);
  expect(await leftBy(child)).toEqual([]);
});

test("a scenario that there is not is said in a line", async () => {
  const { ended, said } = start("--scenario", "none");
  expect(await ended).toEqual([2, null]);
  expect(said()).toMatch(/^rollcall: there is no scenario none; there are .*\n$/);
});

/** Folders that a run keeps while it lasts: engines end before their folders go. */
async function leftBy({ pid }: ChildProcess): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith(`rollcall-lab-${pid}-`));
}

function start(...options: string[]) {
  const child = spawn(process.execPath, [COMMAND, "split-brain", ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      text += chunk;
    });
  }
  return { child, ended: once(child, "exit"), said: () => text };
}
