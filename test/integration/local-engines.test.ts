/** The engines of the demo and the tests: real processes, killed, frozen and started again. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "../../src/cli/demo/embedded-postgres.ts";
import { type LocalBroker, startLocalBroker } from "../../src/cli/demo/local-broker.ts";
import { startLocalProcess } from "../../src/cli/demo/local-process.ts";
import { findByCommand, identify, sendSignal } from "../../src/cli/demo/process-identity.ts";
import { pingRedis } from "../../src/cli/demo/redis-ping.ts";
import { brokerFrozen } from "../../src/lab/nemeses/processes.ts";
import { startTestBroker } from "../support/broker.ts";
import { freshDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { register } from "../support/run-folder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const STARTER = fileURLToPath(new URL("../support/engine-starter.ts", import.meta.url));

const orphanPids = z.object({ postgresPid: z.int(), redisPid: z.int() });

const cleanUps: (() => Promise<void>)[] = [];

/** Last in, first out, and all of them whatever one does. */
afterEach(async () => {
  const results: PromiseSettledResult<void>[] = [];
  for (const cleanUp of cleanUps.splice(0).reverse())
    results.push(...(await Promise.allSettled([cleanUp()])));
  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
});

async function folderForTest(): Promise<string> {
  const folder = await temporaryFolder("engine");
  cleanUps.push(() => folder.remove());
  return folder.path;
}

async function postgresForTest(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres(options);
  cleanUps.push(() => postgres.stop());
  return postgres;
}

async function brokerForTest(...options: Parameters<typeof startTestBroker>): Promise<LocalBroker> {
  const { broker, remove } = await startTestBroker(...options);
  cleanUps.push(remove);
  return broker;
}

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  // The session of a killed PostgreSQL ends with an event; the query tells the test.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function showAll(url: string, settings: readonly string[]): Promise<unknown> {
  const shown = await query(url, `SELECT ${settings.map((name) => `current_setting('${name}') AS ${name}`)}`);
  return shown[0];
}

/** Its postmaster and all its backends: they carry its cluster name. */
async function processesOf(postgres: EmbeddedPostgres): Promise<() => number> {
  const rows = await query(postgres.url("postgres"), "SELECT current_setting('cluster_name') AS mark");
  return () => findByCommand(String(rows[0]?.mark)).length;
}

describe("embedded PostgreSQL", () => {
  test("keeps what was committed through a kill, a stop and a start on the same folder", async () => {
    const folder = await folderForTest();
    const postgres = await postgresForTest({ folder, durable: true });
    const url = postgres.url("game");
    await postgres.createDatabase("game");
    await query(url, "CREATE TABLE player (name text)");
    await query(url, "INSERT INTO player VALUES ('Zoë')");
    const firstPid = postgres.pid;

    await postgres.kill();
    expect(identify(firstPid)).toBeUndefined();
    await expect(query(url, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await postgres.start();
    expect(postgres.pid).not.toBe(firstPid);
    expect(await query(url, "SELECT name FROM player")).toEqual([{ name: "Zoë" }]);

    await postgres.stop();
    const again = await postgresForTest({ folder, durable: true, port: postgres.port });
    expect(again.url("game")).toBe(url);
    expect(await query(url, "SELECT name FROM player")).toEqual([{ name: "Zoë" }]);
    expect(await again.createDatabaseIfMissing("game")).toBe(false);
    expect(await again.createDatabaseIfMissing("other")).toBe(true);
  });

  test("is durable, in UTF-8, on the loopback alone, and takes the settings given", async () => {
    const folder = await folderForTest();
    const postgres = await postgresForTest({ folder, durable: true, settings: { work_mem: "5MB" } });
    const names = ["fsync", "synchronous_commit", "full_page_writes", "max_wal_size", "work_mem"];
    expect(await showAll(postgres.url("postgres"), names)).toEqual({
      fsync: "on",
      synchronous_commit: "on",
      full_page_writes: "on",
      max_wal_size: "1GB",
      work_mem: "5MB",
    });
    const exposure = ["listen_addresses", "unix_socket_directories", "server_encoding"];
    expect(await showAll(postgres.url("postgres"), exposure)).toEqual({
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
      server_encoding: "UTF8",
    });
    const locale = "SELECT datlocale, version() AS v FROM pg_database WHERE datname = 'postgres'";
    expect(await query(postgres.url("postgres"), locale)).toEqual([
      { datlocale: "C.UTF-8", v: expect.stringMatching(/^PostgreSQL 18\./) },
    ]);
  });

  test("lets nobody in without the password, which only its owner can read", async () => {
    const folder = await folderForTest();
    const postgres = await postgresForTest({ folder, durable: false });
    const url = new URL(postgres.url("postgres"));
    const passwordFile = join(folder, "cluster", "password");
    expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
    expect((await readFile(passwordFile, "utf8")).trim()).toBe(url.password);
    url.password = "guessed";
    await expect(query(url.href, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
  });

  test("leaves no process behind a stop or a kill, also with sessions open and queries running", async () => {
    const postgres = await postgresForTest({ folder: await folderForTest(), durable: false });
    const count = await processesOf(postgres);
    for (const end of ["stop", "kill"] as const) {
      await postgres.start();
      const broken = expect(query(postgres.url("postgres"), "SELECT pg_sleep(600)")).rejects.toThrow();
      await eventually(async () => {
        const busy = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        expect(await query(postgres.url("postgres"), busy)).toHaveLength(1);
      });
      expect(count()).toBeGreaterThan(1);
      await postgres[end]();
      expect(count()).toBe(0);
      await broken;
    }
    await postgres.stop();
  });

  test("starts beside nobody: a folder in use is refused with what to do", async () => {
    const folder = await folderForTest();
    const postgres = await postgresForTest({ folder, durable: false });
    await expect(startEmbeddedPostgres({ folder, durable: false })).rejects.toMatchObject({
      code: "folder-in-use",
      message: expect.stringContaining(`pid ${postgres.pid}`),
    });
    expect(await query(postgres.url("postgres"), "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("recovers when somebody else killed its postmaster and another process now has that pid", async () => {
    const folder = await folderForTest();
    const postgres = await postgresForTest({ folder, durable: false });
    const lock = join(folder, "cluster", "data", "postmaster.pid");
    sendSignal(postgres.pid, "SIGKILL");
    await eventually(() => expect(identify(postgres.pid)).toBeUndefined());
    const lines = (await readFile(lock, "utf8")).split("\n");
    const { uid, gid } = await stat(lock);
    const stranger = spawn("sleep", ["600"], process.getuid?.() === 0 ? { uid, gid } : {});
    register(stranger.pid, "command");
    try {
      await writeFile(lock, [stranger.pid, ...lines.slice(1)].join("\n"));
      await postgres.start();
      expect(await query(postgres.url("postgres"), "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });

  test.each([
    ["claimed", false],
    ["the claim of one lost", true],
  ])("stops orphans, %s, whose starter was killed, and takes over their data", async (_, claimLost) => {
    const folder = await folderForTest();
    const starter = spawn(process.execPath, ["--import", "tsx", STARTER, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line]: unknown[] = await once(starter.stdout, "data");
    const { postgresPid, redisPid } = orphanPids.parse(JSON.parse(String(line)));
    starter.kill("SIGKILL");
    await once(starter, "exit");
    for (const pid of [postgresPid, redisPid]) expect(identify(pid)).toBeDefined();
    if (claimLost) await rm(join(folder, "postgres.claim.json"));

    const postgres = await postgresForTest({ folder, durable: false });
    expect(identify(postgresPid)).toBeUndefined();
    expect(await query(postgres.url("kept"), "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    const broker = await startLocalBroker({ folder: join(folder, "redis") });
    cleanUps.push(() => broker.stop());
    expect(identify(redisPid)).toBeUndefined();
  });

  test("says in its error why it did not start, with the end of its log, and leaves the folder free", async () => {
    const folder = await folderForTest();
    const settings = { max_wal_size: "a lot" };
    await expect(startEmbeddedPostgres({ folder, durable: false, settings })).rejects.toMatchObject({
      code: "did-not-start",
      message: expect.stringContaining('invalid value for parameter "max_wal_size": "a lot"'),
    });
    await postgresForTest({ folder, durable: false });
  });

  test("refuses a port that is taken", async () => {
    const taken = createServer();
    taken.listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const folder = await folderForTest();
    await expect(startEmbeddedPostgres({ folder, port, durable: false })).rejects.toMatchObject({
      code: "port-in-use",
    });
    taken.close();
  });
});

describe("a local process", () => {
  test("is asked to stop before it is made to, also when frozen", async () => {
    const folder = await folderForTest();
    const child = await startLocalProcess({
      name: "polite",
      folder,
      command: "sh",
      args: ["-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"],
      stopSteps: [
        { signal: "SIGTERM", waitMs: 5_000 },
        { signal: "SIGKILL", waitMs: 5_000 },
      ],
    });
    const isReady = async () => expect(await readFile(join(folder, "polite.log"), "utf8")).toBe("ready\n");
    await child.ready(isReady, 5_000);
    child.signal("SIGSTOP");
    await child.stop();
    expect(await child.ended).toEqual({ code: 7, signal: null });
  });

  test("is killed when it does not listen, and told apart from one that never got ready", async () => {
    const deaf = "trap '' TERM; echo about to wait; while :; do sleep 0.05; done";
    const stopSteps = [
      { signal: "SIGTERM", waitMs: 100 },
      { signal: "SIGKILL", waitMs: 5_000 },
    ] as const;
    const folder = await folderForTest();
    const child = await startLocalProcess({
      name: "deaf",
      folder,
      command: "sh",
      args: ["-c", deaf],
      stopSteps,
    });
    const never = () => Promise.reject(new Error("not yet"));
    await expect(child.ready(never, 300)).rejects.toMatchObject({
      code: "did-not-start",
      message: expect.stringMatching(/not ready within 300 ms.*about to wait/s),
      cause: expect.objectContaining({ message: "not yet" }),
    });
    expect(await child.ended).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("that cannot be started at all is an error, and the folder stays free", async () => {
    const folder = await folderForTest();
    const start = (command: string) =>
      startLocalProcess({ name: "any", folder, command, args: [], stopSteps: [] });
    await expect(start("no-such-program")).rejects.toMatchObject({ code: "not-available" });
    await (await start("true")).succeeded();
  });
});

describe("a fresh database on the shared PostgreSQL", () => {
  test("is empty or a copy of its template, and goes although somebody is connected", async () => {
    const template = await freshDatabase();
    await query(template.url, "CREATE TABLE seed AS SELECT 42 AS answer");
    const copy = await freshDatabase(template.name);
    const reader = new Client({ connectionString: copy.url });
    const ended = new Promise((resolve) => reader.on("error", resolve));
    await reader.connect();
    expect((await reader.query("SELECT answer FROM seed")).rows).toEqual([{ answer: 42 }]);
    await copy.drop();
    await ended;
    await expect(query(copy.url, "SELECT 1")).rejects.toMatchObject({ code: "3D000" });
    await template.drop();
  });
});

describe.each(["the engine found", "js-redis-server"] as const)("a local broker: %s", (which) => {
  const options = which === "js-redis-server" ? { engine: which } : {};

  function client(broker: LocalBroker): Redis {
    const redis = new Redis(broker.url, { retryStrategy: () => null, lazyConnect: true });
    redis.on("error", () => undefined);
    cleanUps.push(async () => redis.disconnect());
    return redis;
  }

  test("carries binary messages, and comes back on its port after a kill and a stop", async () => {
    const broker = await brokerForTest(options);
    for (const end of ["kill", "stop", undefined] as const) {
      const [subscriber, publisher] = [client(broker), client(broker)];
      await Promise.all([subscriber.connect(), publisher.connect()]);
      const message = Buffer.from([0, 255, 13, 10, 128]);
      const received = once(subscriber, "messageBuffer");
      await subscriber.subscribe("realm");
      expect(await publisher.publish("realm", message)).toBe(1);
      expect(await received).toEqual([Buffer.from("realm"), message]);
      if (end === undefined) return;
      const { pid } = broker;
      await broker[end]();
      expect(identify(pid)).toBeUndefined();
      await expect(pingRedis(broker.port, 1_000)).rejects.toMatchObject({ code: "ECONNREFUSED" });
      await broker.start();
    }
  });

  test("answers nothing while frozen, again when thawed, and stops in either state", async () => {
    const broker = await brokerForTest(options);
    broker.freeze();
    await expect(pingRedis(broker.port, 200)).rejects.toMatchObject({ code: "ABORT_ERR" });
    broker.thaw();
    await pingRedis(broker.port, 5_000);
    broker.freeze();
    await broker.stop();
    expect(identify(broker.pid)).toBeUndefined();
    expect(() => broker.freeze()).toThrow(expect.objectContaining({ code: "not-running" }));
  });

  test("is frozen and thawed by a fault also where another killed it meanwhile (soak, seed 642056)", async () => {
    const broker = await brokerForTest(options);
    const fault = brokerFrozen({ name: "server-1", broker });
    await fault.start();
    await broker.kill();
    await fault.end();
    await fault.start();
    await broker.start();
    await pingRedis(broker.port, 5_000);
    await fault.end();
  });

  test("listens on the loopback alone", async () => {
    const broker = await brokerForTest(options);
    // All of 127/8 is this machine: what listens on every address would answer here too.
    const elsewhere = client({ ...broker, url: `redis://127.0.0.2:${broker.port}` });
    await expect(elsewhere.connect()).rejects.toThrow();
  });
});
