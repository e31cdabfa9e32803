import { describe, expect, it, test } from "vitest";
import { bufferCheck, openCheck } from "../../../../src/cli/doctor/broker-checks.ts";
import { clockCheck } from "../../../../src/cli/doctor/check.ts";
import { type DatabaseState, stateChecks } from "../../../../src/cli/doctor/database-checks.ts";
import { doctorLines } from "../../../../src/cli/doctor/doctor-text.ts";
import { serverChecks } from "../../../../src/cli/doctor/server-checks.ts";
import { hasSettings, settingsReport } from "../../../../src/cli/doctor/settings-checks.ts";
import { HOSTILE } from "../../../support/lab-run.ts";
import { clusterOf, member } from "../../../support/operator-answers.ts";
import { screen, shown } from "../../../support/screens.ts";

const SETTINGS = {
  ROLLCALL_SERVER: "eu-1",
  ROLLCALL_DATABASE_URL: "postgres://rollcall@127.0.0.1/rollcall",
  ROLLCALL_BROKER_URL: "redis://127.0.0.1",
  ROLLCALL_PEER_BROKER_URLS: "redis://10.0.0.2",
  ROLLCALL_CLUSTER_SECRET: "s".repeat(32),
  ROLLCALL_OPS_TOKEN: "t".repeat(32),
};

const STATE: DatabaseState = {
  version: 18,
  encoding: "UTF8",
  inRecovery: false,
  mayCreate: true,
  user: "rollcall",
  database: "rollcall",
  durable: { fsync: "on", synchronous_commit: "local", full_page_writes: "on" },
  clockMs: 0,
};

describe("settings", () => {
  it("are looked at where a server is to run", () => {
    expect(hasSettings({ ROLLCALL_URL: "http://127.0.0.1:7401", ROLLCALL_TOKEN: "t" })).toBe(false);
    expect(hasSettings({ ROLLCALL_CLUSTER_SECRET_FILE: "/etc/secret" })).toBe(true);
  });

  it("are well, or each fault is one that serve would name", () => {
    expect(settingsReport(SETTINGS)).toMatchObject({
      checks: [{ verdict: "ok" }],
      settings: { server: "eu-1" },
    });
    const { checks, settings } = settingsReport({ ...SETTINGS, ROLLCALL_SERVER: "", ROLLCALL_PORT: "x" });
    expect(settings).toBeUndefined();
    expect(checks.map(({ verdict, found }) => [verdict, found])).toEqual([
      ["bad", "ROLLCALL_SERVER is not set"],
      ["bad", "ROLLCALL_PORT is malformed: expected a whole number from 0 to 65535"],
    ]);
  });

  it.each([
    [{ ROLLCALL_OPS_TOKEN: "" }, "ROLLCALL_OPS_TOKEN is not set"],
    [{ ROLLCALL_OPS_TOKEN: "short" }, "less than 22 characters"],
    [{ ROLLCALL_API_KEYS: "k".repeat(16) }, "less than 22 characters"],
    [{ ROLLCALL_PEER_BROKER_URLS: "redis://127.0.0.1" }, "names no other broker"],
    [{ ROLLCALL_ALLOW_OPEN_WRITES: "on", ROLLCALL_HOST: "0.0.0.0" }, "whoever reaches it may write"],
    [{ ROLLCALL_CLUSTER_SECRET: `${"s".repeat(32)},${"n".repeat(32)}` }, "has two secrets"],
  ])("that serve takes and that are unwise are told: %j", (change, words) => {
    const { checks } = settingsReport({ ...SETTINGS, ...change });
    expect(checks).toMatchObject([
      { verdict: "ok" },
      { verdict: "warning", found: expect.stringContaining(words) },
    ]);
  });
});

describe("a database", () => {
  const bad = (fields: Partial<DatabaseState>, unsafe = false) =>
    stateChecks({ ...STATE, ...fields }, unsafe).filter(({ verdict }) => verdict !== "ok");

  it("is well", () => {
    expect(bad({})).toEqual([]);
  });

  it.each([
    [{ version: 14 }, "Rollcall needs PostgreSQL 15 or newer"],
    [{ encoding: "SQL_ASCII" }, "encoding 'UTF8' template template0"],
    [{ inRecovery: true }, "a PostgreSQL of its own"],
    [{ mayCreate: false }, 'grant create on database "rollcall" to "rollcall";'],
    [{ durable: { ...STATE.durable, fsync: "off" } }, "alter system set fsync = on"],
    [
      { durable: { ...STATE.durable, synchronous_commit: "off" } },
      "alter system set synchronous_commit = on",
    ],
    [{ durable: { ...STATE.durable, full_page_writes: "off" } }, "alter system set full_page_writes = on"],
  ])("is told what to do: %j", (fields, todo) => {
    expect(bad(fields)).toMatchObject([{ verdict: "bad", todo: expect.stringContaining(todo) }]);
  });

  it("may be unsafe where that was asked for", () => {
    const durable = { ...STATE.durable, fsync: "off" };
    expect(bad({ durable }, true)).toMatchObject([{ verdict: "warning", found: "fsync is off" }]);
  });
});

describe("a broker", () => {
  it.each([
    ["normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60", "ok"],
    ["normal 0 0 0 pubsub 67108864 0 0", "ok"],
    [undefined, "ok"],
    ["pubsub 0 0 0", "warning"],
    ["pubsub 1048576 8388608 60", "warning"],
    ["pubsub 33554432 1048576 60", "warning"],
    ["pubsub 33554432 8388608 10", "warning"],
  ])("with the limits %j is %s", (limits, verdict) => {
    expect(bufferCheck("broker", limits)).toMatchObject({ verdict });
  });

  it.each([
    [{ isOpen: false, bind: undefined, host: "10.0.0.1" }, "ok"],
    [{ isOpen: true, bind: "127.0.0.1 -::1", host: "127.0.0.1" }, "ok"],
    [{ isOpen: true, bind: "* -::*", host: "127.0.0.1" }, "warning"],
    [{ isOpen: true, bind: "", host: "127.0.0.1" }, "warning"],
    [{ isOpen: true, bind: undefined, host: "127.0.0.1" }, "warning"],
    [{ isOpen: true, bind: "127.0.0.1", host: "10.0.0.1" }, "warning"],
  ])("that is reached so is %j", ({ isOpen, bind, host }, verdict) => {
    expect(openCheck("broker", { isOpen, bind, nodes: [{ host, port: 6379 }] })).toMatchObject({ verdict });
  });
});

test("[CLK2] a clock is off where it must be, however long the answer took", () => {
  const look = (theirsMs: number, tookMs: number) =>
    clockCheck("broker", "x", { theirsMs: 10_000 + theirsMs, askedMs: 10_000, answeredMs: 10_000 + tookMs });
  expect(look(2_500, 0)).toMatchObject({
    verdict: "warning",
    found: "the clock of x differs by 2500 ms (± 0)",
  });
  expect(look(-2_500, 10)).toMatchObject({ verdict: "warning" });
  expect(look(2_000, 0)).toMatchObject({ verdict: "ok" });
  expect(look(2_900, 2_000)).toMatchObject({
    verdict: "ok",
    found: "the clock of x differs by 1900 ms (± 1000)",
  });
});

describe("a server", () => {
  const answers = (fields: object) =>
    serverChecks({ url: "http://s", state: "ready", reasons: [], ...fields }, true).map(
      ({ verdict }) => verdict,
    );

  it("is judged by what it says of itself and its peers", () => {
    const peers = [member("server-2"), member("server-3", { state: "down" })];
    expect(answers({ cluster: clusterOf("server-1", peers) })).toEqual(["ok", "ok", "warning"]);
    const off = [member("server-2", { clockOffsetMs: -2_001 })];
    expect(answers({ cluster: clusterOf("server-1", off) })).toEqual(["ok", "warning"]);
    expect(answers({ cluster: clusterOf("server-1", []) })).toEqual(["ok", "warning"]);
    expect(answers({ state: "degraded", reasons: ["x is down"] })).toEqual(["ok", "warning"]);
    expect(answers({ state: "not ready", reasons: ["waiting for PostgreSQL"] })).toEqual(["bad", "warning"]);
  });

  it("that is away is a fault only where it was said to run", () => {
    const away = { url: "http://s", state: "away", reasons: ["http://s cannot be reached"] } as const;
    expect(serverChecks(away, true)).toMatchObject([{ verdict: "bad" }]);
    expect(serverChecks(away, false)).toMatchObject([{ verdict: "warning" }]);
  });
});

describe("what was found", () => {
  const checks = [
    ...settingsReport({ ...SETTINGS, ROLLCALL_OPS_TOKEN: "" }).checks,
    ...stateChecks({ ...STATE, version: 14 }, false).slice(0, 2),
    ...serverChecks({ url: "http://s", state: "degraded", reasons: [HOSTILE] }, true),
  ];

  it("is read in 80 columns, with what to do", () => {
    expect(shown(doctorLines(checks, screen(80)))).toMatchInlineSnapshot(`
      "
      settings
      ✓ all that serve needs, as server eu-1 of realm default
      ! ROLLCALL_OPS_TOKEN is not set: operators' calls are closed
        → Set it: openssl rand -hex 32.

      database
      ✗ PostgreSQL 14, reachable as rollcall
        → Rollcall needs PostgreSQL 15 or newer: pg_upgrade, or a new one that this
        server fills from its peers.
      ✓ fsync is on

      server
      ✓ http://s is ready
      ! <script>alert("1")</script>'&�[31m
        → It mends itself once that is back: see there.

      1 to be mended, 2 to be looked at.
      "
    `);
  });

  it("has colours on a terminal", () => {
    expect(shown(doctorLines(checks.slice(1, 4), screen(120, { colors: true })))).toMatchInlineSnapshot(`
      "
      ␛[1msettings␛[22m
      ␛[33m!␛[39m ROLLCALL_OPS_TOKEN is not set: operators' calls are closed
        ␛[36m→ Set it: openssl rand -hex 32.␛[39m

      ␛[1mdatabase␛[22m
      ␛[31m✗␛[39m PostgreSQL 14, reachable as rollcall
        ␛[36m→ Rollcall needs PostgreSQL 15 or newer: pg_upgrade, or a new one that this server fills from its peers.␛[39m
      ␛[32m✓␛[39m fsync is on

      ␛[31m1 to be mended, 1 to be looked at.␛[39m
      "
    `);
  });

  it("says when all is well", () => {
    expect(doctorLines([{ about: "settings", verdict: "ok", found: "all" }], screen(80))).toEqual([
      "settings",
      "✓ all",
      "",
      "All is well.",
    ]);
  });
});
