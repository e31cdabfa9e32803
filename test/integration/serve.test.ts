/** `rollcall serve` as an operator meets it: exit codes, the lock on the database, draining. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../src/cli/demo/free-port.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { edit, registered } from "../support/player-calls.ts";
import { register } from "../support/run-folder.ts";

const COMMAND = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

let database: TestDatabase;
let broker: TestBroker;

beforeAll(async () => {
  database = await freshDatabase();
  broker = await startTestBroker();
});

afterAll(async () => {
  await broker?.remove();
  await database?.drop();
});

test("[SET2] a missing setting is one line that names it, and exit code 2", async () => {
  const { exitCode, stderr } = await run({ ROLLCALL_SERVER: "eu-1" });
  expect(exitCode).toBe(2);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain("ROLLCALL_DATABASE_URL is not set");
});

test("[SET2] a malformed setting is one line that names it, and exit code 2", async () => {
  const { exitCode, stderr } = await run({ ...settings(1), ROLLCALL_PORT: "many" });
  expect(exitCode).toBe(2);
  expect(stderr.trim()).toMatch(/^rollcall: ROLLCALL_PORT is malformed/);
});

test("[LOG1] a second process on the same database is refused, and the first goes on", async () => {
  const port = await freePort();
  const first = start({ ...settings(port) });
  try {
    await eventually(() => expectStatus(port, "/readyz", 200), { withinMs: 20_000 });
    const second = await run({ ...settings(await freePort()), ROLLCALL_SERVER: "eu-2" });
    expect(second.exitCode).toBe(1);
    expect(second.stdout).toContain("another Rollcall process is running on this database");
    await expectStatus(port, "/readyz", 200);
  } finally {
    first.kill("SIGTERM");
    const [exitCode] = await once(first, "exit");
    expect(exitCode).toBe(0);
  }
});

test("[LOG1] fsync off is refused, unless it is allowed", async () => {
  const { ROLLCALL_ALLOW_UNSAFE_DATABASE: _, ...strict } = settings(await freePort());
  const { exitCode, stdout } = await run(strict);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("PostgreSQL has fsync = off, which loses acknowledged writes in a crash");
});

const OPS_TOKEN = "token-of-the-operators";

test("[WRT1] a server whose database is away listens, says that it is not ready, and ends at SIGTERM", async () => {
  const port = await freePort();
  const nowhere = `postgres://127.0.0.1:${await freePort()}/rollcall`;
  const server = start({ ...settings(port), ROLLCALL_DATABASE_URL: nowhere, ROLLCALL_OPS_TOKEN: OPS_TOKEN });
  await eventually(() => expectStatus(port, "/healthz", 200), { withinMs: 20_000 });
  await expectProblem(port, "/readyz", "not-ready");
  for (const path of ["/v1/cluster/digest", `/v1/positions/${"f".repeat(32)}:1`]) {
    await expectProblem(port, path, "database-unavailable");
  }
  await expectStatus(port, "/metrics", 200);
  server.kill("SIGTERM");
  const [exitCode] = await once(server, "exit");
  expect(exitCode).toBe(0);
});

test("[WRT1] a server that is broken dies of it, instead of running its faulty instruction for ever", async () => {
  const port = await freePort();
  const server = start(settings(port));
  await eventually(() => expectStatus(port, "/readyz", 200), { withinMs: 20_000 });
  server.kill("SIGSEGV");
  const [exitCode, signal] = await once(server, "exit");
  expect([exitCode, signal]).toEqual([null, "SIGSEGV"]);
});

test("[LOG1] a database that lets nobody in ends the start, and says why", async () => {
  const url = new URL(database.url);
  url.password = "wrong";
  const { exitCode, stdout } = await run({
    ...settings(await freePort()),
    ROLLCALL_DATABASE_URL: url.href,
    ROLLCALL_LOG_LEVEL: "fatal",
  });
  expect(exitCode).toBe(1);
  expect(stdout).toContain("check ROLLCALL_DATABASE_URL");
  expect(stdout, "what is promised does not depend on the level").toContain("listening on http://127.0.0.1:");
  expect(stdout).not.toContain("wrong@");
});

test("[SET5] nobody writes without a token, unless that is allowed", async () => {
  for (const [allowed, expected] of [
    ["off", 401],
    ["on", 200],
  ] as const) {
    const port = await freePort();
    const server = start({ ...settings(port), ROLLCALL_ALLOW_OPEN_WRITES: allowed });
    try {
      await eventually(() => expectStatus(port, "/readyz", 200), { withinMs: 20_000 });
      const one = { name: "eu-1", url: `http://127.0.0.1:${port}` };
      const { id } = await registered(one, {});
      expect([allowed, (await edit(one, id, { region: "eu" })).status]).toEqual([allowed, expected]);
    } finally {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
  }
});

/** The shared test PostgreSQL has fsync off. */
function settings(port: number): Record<string, string> {
  return {
    ROLLCALL_SERVER: "eu-1",
    ROLLCALL_PORT: String(port),
    ROLLCALL_DATABASE_URL: database.url,
    ROLLCALL_BROKER_URL: broker.broker.url,
    ROLLCALL_CLUSTER_SECRET: "0123456789abcdef0123456789abcdef",
    ROLLCALL_ALLOW_UNSAFE_DATABASE: "on",
  };
}

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [COMMAND, "serve"], {
    env: { PATH: process.env.PATH, ...environment },
  });
  register(child.pid, "command");
  return child;
}

async function run(environment: Record<string, string>) {
  const child = start(environment);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const [exitCode] = await once(child, "close");
  return { exitCode: exitCode as number | null, stdout, stderr };
}

async function expectProblem(port: number, path: string, code: string): Promise<void> {
  const headers = { authorization: `Bearer ${OPS_TOKEN}` };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  expect([path, await response.json()]).toMatchObject([path, { code }]);
}

async function expectStatus(port: number, path: string, status: number): Promise<void> {
  expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(status);
}
