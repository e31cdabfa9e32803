/** The operators' commands against a real cluster, as a script runs them: without a terminal. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";
import { call, granted } from "../support/player-calls.ts";

const COMMAND = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster(2);
});

afterAll(() => cluster?.remove());

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function rollcall(...args: string[]): Promise<Ended> {
  return rollcallWith({}, ...args);
}

async function rollcallWith(settings: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  const { servers, opsToken } = cluster;
  const running = spawn(process.execPath, [COMMAND, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      ROLLCALL_URL: servers.map(({ url }) => url).join(","),
      ROLLCALL_TOKEN: opsToken,
      ...settings,
    },
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(running.stdout),
    text(running.stderr),
    once(running, "close") as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}

async function answered<T>(...args: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await rollcall(...args, "--json");
  expect([exitCode, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as T;
}

async function register(url: string, fields: object): Promise<{ id: string }> {
  const { apiKey: token } = cluster;
  const made = await call<{ player: { id: string } }>("POST", `${url}/v1/players`, { token, body: fields });
  return granted(made).player;
}

test("status has a row a server, and says that they show the same", async () => {
  await eventually(async () => {
    const { exitCode, stdout } = await rollcall("status");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("All 2 hold and show the same.");
  });
  const { servers } = await answered<{ servers: object[] }>("status");
  expect(servers).toMatchObject([
    { server: "server-1", state: "ready", entriesBehind: 0 },
    { server: "server-2", state: "ready", entriesBehind: 0 },
  ]);
});

test("without a terminal there are no colours, and nothing is cut", async () => {
  const { stdout } = await rollcall("members");
  expect(stdout).not.toMatch(/\p{Cc}(?<!\n)/u);
  const { members } = await answered<{ members: { incarnation: string }[] }>("members");
  for (const { incarnation } of members) expect(stdout).toContain(incarnation);
});

test("what a split made is among the conflicts of the document", async () => {
  const [left, right] = cluster.sides;
  const { id } = await register(left.url, { displayName: "Ada" });
  await eventually(async () =>
    expect((await call("GET", `${right.url}/v1/players/${id}`, {})).status).toBe(200),
  );
  await cluster.split();
  const token = cluster.apiKey;
  for (const [{ url }, displayName] of [
    [left, "left"],
    [right, "right\u202e"],
  ] as const) {
    granted(
      await call("PATCH", `${url}/v1/players/${id}`, { token, body: { metadata: { side: displayName } } }),
    );
  }
  await cluster.heal();
  const found = await eventually(
    async () => {
      const { items } = await answered<{ items: { path?: string }[] }>("conflicts", "--document", id);
      expect(items).toHaveLength(1);
      return items;
    },
    { withinMs: 30_000 },
  );
  expect(found).toMatchObject([{ kind: "field", path: "metadata/side" }]);
  const { stdout } = await rollcall("conflicts", "--kind", "field", "--since", "1h");
  expect(stdout).toContain(`field metadata/side  ${id}  rule PLY1\n`);
  expect(stdout).toContain('"left"');
  expect(stdout).toContain('"right\u{fffd}"');
});

test("what was lost is found in the history, compared, put back, and audited", async () => {
  const [left] = cluster.sides;
  const token = cluster.apiKey;
  const { id } = await register(left.url, { username: "grace", displayName: "first" });
  granted(await call("PATCH", `${left.url}/v1/players/${id}`, { token, body: { displayName: "second" } }));
  const { items } = await answered<{ items: { hash: string; reason: string }[] }>("history", "grace");
  expect(items.map(({ reason }) => reason)).toEqual(["edit", "register"]);
  const [edited = "", registered = ""] = items.map(({ hash }) => hash.slice(0, 8));
  const history = await rollcall("history", "grace");
  expect(history.stdout).toMatch(new RegExp(`^●  ${edited}  server-1 .*\n│ .*\n●  ${registered}  server-1 `));
  expect((await rollcall("history", id, "--limit", "1")).stdout).toContain("There are older ones");

  expect((await rollcall("show", "grace", "--at", registered)).stdout).toMatch(/^displayName +"first"$/m);
  expect((await rollcall("diff", "grace", registered)).stdout).toMatch(
    /^displayName +- "first"\n +\+ "second"$/m,
  );

  const asked = await rollcall("restore", "grace", "displayName", registered);
  expect([asked.exitCode, asked.stdout]).toEqual([2, ""]);
  expect(asked.stderr).toBe("rollcall: there is no terminal to ask on: --yes says that it is to be done\n");
  expect((await answered<{ document: object }>("show", id)).document).toMatchObject({
    displayName: "second",
  });

  const reason = "lost in a split";
  const done = await rollcall(
    ...["restore", "grace", "displayName", registered, "--yes"],
    ...["--reason", reason, "--operator", "Grace H."],
  );
  expect([done.exitCode, done.stdout]).toEqual([0, 'displayName is "first" now.\n']);
  expect(done.stderr).toContain('- displayName is "second"\n  + displayName becomes "first"\n');
  const audit = await answered<{ items: object[] }>("audit", "--document", "grace", "--action", "restore");
  expect(audit.items).toMatchObject([{ documentId: id, operator: "Grace H.", reason, by: "ops" }]);

  const wrong = await rollcall("restore", "grace", "region", registered, "--yes");
  expect([wrong.exitCode, wrong.stdout]).toEqual([1, ""]);
  expect(wrong.stderr).toContain(`rollcall: change ${registered} did not set region; it set `);
  expect((await rollcall("show", "nobody-is-called-so")).stderr).toContain(
    "is no id, and no player is called so",
  );
});

test("a username is taken back from who has it by now, if it is said who gives it up", async () => {
  const [left] = cluster.sides;
  const token = cluster.apiKey;
  const { id } = await register(left.url, { username: "hedy" });
  granted(await call("PATCH", `${left.url}/v1/players/${id}`, { token, body: { username: "hedy-l" } }));
  const { id: other } = await register(left.url, { username: "hedy" });
  const { items } = await answered<{ items: { hash: string; reason: string }[] }>("history", id);
  const registered = items.find(({ reason }) => reason === "register")?.hash ?? "";
  const refused = await rollcall("restore", id, "username", registered, "--yes");
  expect([refused.exitCode, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toContain("hedy");
  const done = await rollcall("restore", id, "username", registered, "--yes", "--take-from", other);
  expect([done.exitCode, done.stdout]).toEqual([0, 'username is "hedy" now.\n']);
  expect(done.stderr).toContain(`${other} gives it up, if it has it`);
  expect((await answered<{ document: object }>("show", other)).document).not.toHaveProperty("username");
});

test("doctor looks at settings, database, brokers and peers as a server would, and says what to do", async () => {
  const { brokers, databaseUrls, opsToken, servers } = cluster;
  const settings = {
    ROLLCALL_URL: undefined,
    ROLLCALL_SERVER: "server-1",
    ROLLCALL_REALM: "demo",
    ROLLCALL_PORT: new URL(servers[0]?.url ?? "").port,
    ROLLCALL_DATABASE_URL: databaseUrls[0],
    ROLLCALL_BROKER_URL: brokers[0]?.url,
    ROLLCALL_PEER_BROKER_URLS: brokers.map(({ url }) => url).join(","),
    ROLLCALL_CLUSTER_SECRET: "s".repeat(32),
    ROLLCALL_OPS_TOKEN: opsToken,
  };
  // A peer says what it holds once a second.
  await eventually(async () => {
    const { members } = await answered<{ members: { self: boolean; entriesBehind: number | null }[] }>(
      "members",
    );
    expect(members.filter(({ self, entriesBehind }) => !self && entriesBehind !== 0)).toEqual([]);
  });
  const well = await rollcallWith(settings, "doctor");
  expect([well.exitCode, well.stderr]).toEqual([0, ""]);
  expect(well.stdout).toContain("✓ fsync is on\n");
  expect(well.stdout).toContain(`✓ peer's broker ${brokers[1]?.url} publishes and subscribes\n`);
  expect(well.stdout).toMatch(/✓ peer server-2 is alive, lacks nothing, and its clock differs by -?\d+ ms\n/);
  expect(well.stdout).toMatch(/^All is well\.$/m);

  const broken = {
    ...settings,
    ROLLCALL_DATABASE_URL: inject("adminDatabaseUrl"),
    ROLLCALL_BROKER_URL: "redis://127.0.0.1:1",
  };
  const ill = await rollcallWith(broken, "doctor");
  expect(ill.exitCode).toBe(1);
  expect(ill.stdout).toContain("✗ fsync is off\n  → A crash loses acknowledged writes.");
  expect(ill.stdout).toContain("✗ own broker redis://127.0.0.1:1 cannot be used: ECONNREFUSED\n  → ");
  expect(ill.stdout).not.toContain(new URL(broken.ROLLCALL_DATABASE_URL).password);
});

test("a server that cannot be reached is passed over, and one that refuses is not", async () => {
  const [first] = cluster.sides;
  const away = "http://127.0.0.1:1";
  const found = await rollcall("members", "--url", away, "--url", first.url);
  expect(found.exitCode).toBe(0);
  expect(found.stderr).toContain(`${away} cannot be reached: `);
  expect(found.stderr).toContain(`asking ${first.url}\n`);
  const refused = await rollcall("members", "--token", "a-token-that-nobody-has");
  expect([refused.exitCode, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(/^rollcall: .* refuses the token: .*\n$/);
  const status = await rollcall("status", "--url", `${away},${first.url}`);
  expect(status.exitCode).toBe(1);
  expect(status.stdout).toMatch(/^\? +away /m);
});

test.each([
  "status --url",
  "conflicts --kind color",
  "conflicts --since yesterday",
  "conflicts --limit 0",
  "history",
  "diff grace",
  "members --operator ümlaut",
])("wrong usage is exit code 2: rollcall %s", async (line) => {
  const { exitCode, stdout, stderr } = await rollcall(...line.split(" "));
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^error: [^\n]+\n\n?\(rollcall [^\n]*--help shows how it is used\)\n$/);
});

test("verify is followed until it is done, and says whether the servers show the same", async () => {
  await eventually(async () =>
    expect((await rollcall("status")).stdout).toContain("hold and show the same."),
  );
  expect(await answered("verify")).toMatchObject({
    ...{ state: "done", faults: [], faultsFound: 0 },
    ...{ agreement: "same", alike: [], notAsked: [] },
  });
  const { exitCode, stdout } = await rollcall("verify", "--url", cluster.servers[0]?.url ?? "");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^0 faults in .*\n.*Not asked, but known as members: server-2\n$/);
});
