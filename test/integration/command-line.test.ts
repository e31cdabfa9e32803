/** The command line as it is mistyped: exit codes, and words that say where to read on. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const COMMAND = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

function rollcall(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: "utf8" });
  return { exitCode: status, stdout, stderr };
}

test.each([
  "--bogus",
  "bogus",
  "serve --bogus",
  "import",
  "import --from x.csv --skip -1",
  "import --from x.csv --parallel many",
  "export --bogus",
  "demo --servers 99",
  "demo extra",
  "split-brain --seed x",
])("wrong usage is exit code 2, one line and where to read on: rollcall %s", (line) => {
  const { exitCode, stdout, stderr } = rollcall(...line.split(" "));
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^error: [^\n]+\n\n?\(rollcall [^\n]*--help shows how it is used\)\n$/);
});

test("help tells the exit codes, and is no wrong usage", () => {
  for (const args of [[], ["serve"], ["demo"], ["split-brain"], ["import"], ["export"]]) {
    const { exitCode, stdout } = rollcall(...args, "--help");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Exit codes: 0 it is done; 1 it could not be done; 2 wrong usage");
  }
});
