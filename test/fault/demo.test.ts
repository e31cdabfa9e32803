/** `rollcall demo` as its reader runs it: it shows where everything is, and leaves nothing running. */
import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { identify } from "../../src/cli/demo/process-identity.ts";
import { eventually } from "../support/eventually.ts";
import { allPlayerIds, registered } from "../support/player-calls.ts";
import { register } from "../support/run-folder.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

const COMMAND = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const UP_WITHIN_MS = 50_000;
const execute = promisify(execFile);

interface Demo {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  readonly servers: { name: string; url: string; pid: number }[];
  readonly apiKey: string;
  readonly opsToken: string;
  /** All that it printed. */
  said(): string;
}

let folder: TemporaryFolder;
const started: Demo["child"][] = [];

beforeAll(async () => {
  folder = await temporaryFolder("demo");
});

afterEach(async () => {
  // Of a test that failed: asked to, it stops all that it started.
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
  }
});

afterAll(() => folder.remove());

test("[REP1] the demo serves, keeps its players between runs, and ends with nothing left running", async () => {
  const first = await startDemo();
  const [one, two] = first.servers;
  if (!one || !two) throw new RangeError("two servers were asked for");
  const { id } = await registered(one, { username: "ada" });
  // Only a trusted back end changes another's player, and only operators see the members.
  const player = `${two.url}/v1/players/${id}`;
  expect(await status(player, first.apiKey, { method: "PATCH", body: '{"region":"eu"}' })).toBe(200);
  expect(await status(`${two.url}/v1/cluster`, first.opsToken)).toBe(200);
  await eventually(async () => expect(await allPlayerIds(two)).toEqual([id]));
  const asOperator = /^( {3}export ROLLCALL_URL=.*\n(?: {3}.*\n)+)/m.exec(first.said())?.[1] ?? "";
  await eventually(async () => {
    const { stdout } = await execute("bash", ["-c", `${asOperator}rollcall status && rollcall verify`]);
    expect(stdout).toMatch(/All 2 hold and show the same\.\n0 faults in 1 documents, /);
  });
  expect(await end(first, "SIGINT")).toEqual({ code: 0, signal: null });

  const second = await startDemo();
  const [again] = second.servers;
  if (!again) throw new RangeError("two servers were asked for");
  expect(await allPlayerIds(again)).toEqual([id]);
  expect([second.apiKey, second.opsToken]).toEqual([first.apiKey, first.opsToken]);
  // As when the terminal is closed: what it says goes nowhere.
  second.child.stdout.destroy();
  expect(await end(second, "SIGHUP")).toEqual({ code: 0, signal: null });
});

test("[REP3] a part of the demo that dies is told of and started again on its port, and the servers go on", async () => {
  const demo = await startDemo();
  const [one, two] = demo.servers;
  if (!one || !two) throw new RangeError("two servers were asked for");
  const heard = async (text: string) =>
    eventually(() => expect(demo.said()).toContain(text), { withinMs: UP_WITHIN_MS });

  process.kill(await pidIn("broker-1", "redis"), "SIGKILL");
  await heard("the broker of server-1 ended (SIGKILL)");
  await heard("the broker of server-1 is back on port ");
  const { id: grace } = await registered(one, {});
  await eventually(async () => expect(await allPlayerIds(two)).toContain(grace));

  process.kill(await pidIn("postgres", "postgres"), "SIGKILL");
  await heard("PostgreSQL ended (SIGKILL)");
  await heard("PostgreSQL is back on port ");
  // It was not asked to be quick: until it is connected again, it refuses.
  const joan = await eventually(async () => (await registered(two, {})).id, { withinMs: UP_WITHIN_MS });
  await eventually(
    async () => expect(await allPlayerIds(one)).toEqual(expect.arrayContaining([grace, joan])),
    {
      withinMs: UP_WITHIN_MS,
    },
  );

  process.kill(two.pid, "SIGKILL");
  await heard("server-2 ended (SIGKILL)");
  const { id: missed } = await registered(one, {});
  await heard(", with everything it missed: ");
  expect(await allPlayerIds(two)).toContain(missed);
  two.pid = Number(/server-2 is back as process (\d+), with/.exec(demo.said())?.[1]);
  expect(await end(demo, "SIGINT")).toEqual({ code: 0, signal: null });
});

async function pidIn(part: string, name: string): Promise<number> {
  const claim = JSON.parse(await readFile(join(folder.path, part, `${name}.claim.json`), "utf8"));
  return claim.process.pid;
}

async function startDemo(): Promise<Demo> {
  const child = spawn(process.execPath, [COMMAND, "demo", "--servers", "2", "--folder", folder.path], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  started.push(child);
  register(child.pid, "command");
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await eventually(() => expect(said).toContain("Ctrl-C ends all of it"), { withinMs: UP_WITHIN_MS });
  const servers = [...said.matchAll(/^ {2}(\S+) {2}(http:\S+) {2}process (\d+)$/gm)].map(
    ([, name = "", url = "", pid]) => ({ name, url, pid: Number(pid) }),
  );
  expect(servers).toHaveLength(2);
  const [, apiKey = ""] = /API key.*: +(\S+)$/m.exec(said) ?? [];
  const [, opsToken = ""] = /token of the operators: +(\S+)$/m.exec(said) ?? [];
  return { child, servers, apiKey, opsToken, said: () => said };
}

async function end({ child, servers }: Demo, signal: NodeJS.Signals) {
  const exit = once(child, "exit");
  child.kill(signal);
  const [code, by] = await exit;
  for (const { pid } of servers) expect(identify(pid), `process ${pid} was left running`).toBeUndefined();
  return { code, signal: by };
}

async function status(url: string, token: string, init: RequestInit = {}): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(url, { ...init, headers });
  await answer.arrayBuffer();
  return answer.status;
}
