/** `docs/moving-in.md`, as written: its blocks of sh and SQL, one after the other. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../../src/cli/demo/free-port.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { register } from "../support/run-folder.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = readFileSync(join(ROOT, "docs/moving-in.md"), "utf8");
const WITHIN_MS = 120_000;

let folder: TemporaryFolder;
let databases: TestDatabase[];
let brokers: TestBroker[];
let shell: ChildProcess | undefined;

beforeEach(async () => {
  folder = await temporaryFolder("moving-in");
  databases = [];
  brokers = [];
  while (databases.length < 4) databases.push(await freshDatabase());
  while (brokers.length < 3) brokers.push(await startTestBroker());
});

afterEach(async () => {
  endGroup();
  await Promise.all(brokers.map((broker) => broker.remove()));
  await Promise.all(databases.map((database) => database.drop()));
  await folder.remove();
});

/** A page that waits for what never comes leaves its servers behind. */
function endGroup(): void {
  if (shell?.pid === undefined) return;
  try {
    process.kill(-shell.pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** The blocks of the page with what stands behind their fences. */
function blocks(): { kind: string; text: string }[] {
  return [...PAGE.matchAll(/^```(\S[^\n]*)\n(.*?)^```$/gms)].map(([, kind = "", text = ""]) => ({
    kind,
    text,
  }));
}

async function script(): Promise<string> {
  const lines = ["set -eu", "trap 'kill $(jobs -p) && wait' EXIT"];
  for (const [index, { kind, text }] of blocks().entries()) {
    const [language, where] = kind.split(" ");
    if (language === "sh") lines.push(text);
    if (language !== "sql") continue;
    const file = join(folder.path, `${index}.sql`);
    await writeFile(file, text);
    const url = where === "old" ? "$old" : "$database_1";
    lines.push(`node ${join(ROOT, "test/support/run-sql.mjs")} ${url} ${file}`);
  }
  return lines.join("\n");
}

test(
  "[IMP1] [IMP2] from one table to three servers, as the page says",
  async () => {
    const [old, ...own] = databases;
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ROLLCALL_ALLOW_UNSAFE_DATABASE: "on", // the PostgreSQL of the tests does not wait for the disk
      rollcall: `node ${join(ROOT, "dist/src/cli/main.js")}`,
      old: old?.url,
    };
    for (const [index, { url }] of own.entries()) {
      env[`database_${index + 1}`] = url;
      env[`broker_${index + 1}`] = brokers[index]?.broker.url;
      env[`port_${index + 1}`] = String(await freePort());
    }
    const running = spawn("bash", ["-c", await script()], { cwd: folder.path, env, detached: true });
    shell = running;
    register(running.pid, "command");
    let output = "";
    running.stdout.on("data", (chunk) => (output += chunk));
    running.stderr.on("data", (chunk) => (output += chunk));
    const [exitCode] = await once(running, "close");
    expect(exitCode, output).toBe(0);

    expect(output).toContain("1,000 players registered, 0 were there, 2 rows rejected");
    expect(output).toContain("3 players registered, 1,000 were there, 0 rows rejected");
    expect(output.match(/has 1003 players/g)).toHaveLength(3);
    const shown = blocks().find(({ kind }) => kind === "json")?.text;
    const rejected = await readFile(join(folder.path, "rejected.jsonl"), "utf8");
    const sorted = (text = ""): string[] => text.trim().split("\n").sort();
    expect(sorted(rejected)).toEqual(sorted(shown));
    for (const row of ['"7"', '"1001"', '"1003"']) expect(output).toContain(`{"account_id":${row},"id":"`);
  },
  WITHIN_MS,
);
