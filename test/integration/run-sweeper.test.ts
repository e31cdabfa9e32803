/** A run of the tests leaves nothing running, however it ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { identify } from "../../src/cli/demo/process-identity.ts";
import { eventually } from "../support/eventually.ts";
import { register } from "../support/run-folder.ts";

const RUN = fileURLToPath(new URL("../support/swept-run.ts", import.meta.url));
const told = z.object({ folder: z.string(), pids: z.array(z.int()).length(2) });

test.each(["SIGINT", "SIGKILL", "in order"] as const)("what a run left is swept up: %s", async (how) => {
  const run = spawn(process.execPath, ["--import", "tsx", RUN], { stdio: ["pipe", "pipe", "inherit"] });
  register(run.pid, "command");
  const ended = once(run, "exit");
  const stranger = spawn("sleep", ["600"]);
  register(stranger.pid, "command");
  try {
    const [line]: unknown[] = await once(run.stdout, "data");
    const { folder, pids } = told.parse(JSON.parse(String(line)));
    for (const pid of pids) expect(identify(pid)).toBeDefined();

    if (how === "in order") run.stdin.write("end\n");
    else run.kill(how);
    await ended;
    await eventually(
      () => {
        expect(pids.filter((pid) => identify(pid))).toEqual([]);
        expect(existsSync(folder)).toBe(false);
      },
      { withinMs: 20_000 },
    );
    expect(identify(stranger.pid ?? 0), "what nobody registered there is left alone").toBeDefined();
  } finally {
    stranger.kill();
  }
});
