/** `rollcall import` and `export` against real servers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCluster, type TestCluster } from "../support/cluster.ts";
import { eventually } from "../support/eventually.ts";
import { expectConverged, registered } from "../support/player-calls.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

const COMMAND = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

let cluster: TestCluster;
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder("import");
  cluster = await startTestCluster(2);
});

afterAll(async () => {
  await cluster?.remove();
  await folder?.remove();
});

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function rollcall(server: 0 | 1, args: readonly string[], token = cluster.apiKey): Promise<Ended> {
  const env = { ...process.env, ROLLCALL_URL: cluster.sides[server].url, ROLLCALL_TOKEN: token };
  const child = spawn(process.execPath, [COMMAND, ...args], { env });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const [exitCode] = await once(child, "close");
  return { exitCode, stdout, stderr };
}

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, lines.map((line) => `${line}\n`).join(""));
  return path;
}

async function exported(server: 0 | 1): Promise<Record<string, unknown>[]> {
  const { exitCode, stdout } = await rollcall(server, ["export"]);
  expect(exitCode).toBe(0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("[IMP2] a bad line of a CSV is told of with its number and reason, and the others go in", async () => {
  const from = await file("bad.csv", [
    "id,username,region,metadata.level",
    "1,csv-one,eu,7",
    "2,csv-two,not a region,1",
    ",csv-three,eu,1",
    "4,csv-four",
    '5,"csv ""five""",eu,',
    `6,"csv-six"x,eu,1`,
    "7,csv-seven,us,2",
  ]);
  const { exitCode, stdout, stderr } = await rollcall(0, ["import", "--from", from, "--json"]);
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([
    3,
    { rows: 7, created: 3, present: 0, rejected: 4, finished: true },
  ]);
  const told = stderr.trim().split("\n").sort();
  expect(told.map((line) => line.split(":")[0])).toEqual(["line 3", "line 4", "line 5", "line 7"]);
  expect(told[0]).toContain("/region must have letters");
  expect(told[1]).toContain("column id, the key, is empty");
  const names = (await exported(0)).map(({ username }) => username);
  expect(names).toEqual(expect.arrayContaining(["csv-one", 'csv "five"', "csv-seven"]));
});

test("[IMP1] the same rows imported again, and on two servers at a time, are the same players", async () => {
  const rows = Array.from({ length: 60 }, (_, number) =>
    JSON.stringify({
      account: number,
      nick: `json-${number}`,
      steam: number % 2 === 0 ? `s${number}` : null,
      extra: { level: number },
    }),
  );
  const from = await file("rows.jsonl", [...rows, "{", "[]"]);
  const map = await file("map.json", [
    JSON.stringify({
      source: "accounts",
      key: "account",
      columns: { nick: "username", steam: "identity.steam", extra: "metadata" },
    }),
  ]);
  const rejects = join(folder.path, "rejects.jsonl");
  const before = (await exported(0)).length;
  const args = ["import", "--from", from, "--map", map, "--json"];
  const both = await Promise.all([rollcall(0, [...args, "--rejects", rejects]), rollcall(1, args)]);
  await expectConverged(cluster.servers, cluster.opsToken);
  const again = await rollcall(1, args);

  for (const { exitCode, stdout } of [...both, again]) {
    expect(exitCode).toBe(3);
    const { created, present, rejected } = JSON.parse(stdout);
    expect([created + present, rejected]).toEqual([60, 2]);
  }
  expect(JSON.parse(again.stdout)).toMatchObject({ created: 0, present: 60 });
  const lines = (await readFile(rejects, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ line }) => line).sort()).toEqual([61, 62]);
  const players = await exported(1);
  expect(players.length - before).toBe(60);
  const two = players.find(({ username }) => username === "json-2");
  expect(two).toMatchObject({
    metadata: { level: 2 },
    identities: [{ provider: "steam", subject: "s2" }],
  });
});

test("[IMP1] an import goes on where another stopped, from a query too", async () => {
  const query = "select 'sql-' || n as id, 'sql-' || n as username from generate_series(1, 20) n order by n;";
  const from = cluster.databaseUrls[0] ?? "";
  const args = ["import", "--from", from, "--query", query, "--json"];
  const first = await rollcall(0, [...args, "--skip", "15"]);
  expect(JSON.parse(first.stdout)).toMatchObject({ rows: 20, created: 5, present: 0 });
  const second = await rollcall(0, args);
  expect(JSON.parse(second.stdout)).toMatchObject({ rows: 20, created: 15, present: 5 });
});

test("what cannot be done is one line that says why, and an exit code", async () => {
  const from = await file("fine.jsonl", ['{"id":"fine"}']);
  const database = cluster.databaseUrls[0] ?? "";
  for (const [args, exitCode, says, token] of [
    [["--from", "players.txt"], 2, "neither postgres://"],
    [["--from", "missing.csv"], 1, "cannot be read"],
    [["--from", database], 2, "say which rows"],
    [["--from", database, "--query", "select * from nowhere"], 1, 'relation "nowhere" does not exist'],
    [
      ["--from", from, "--map", await file("m.json", ['{"columns":{"a":"rank"}}'])],
      2,
      "m.json: columns.a is nothing that a player has; expected username, ",
    ],
    [["--from", from], 1, "refuses the token", "wrong-key"],
    // Access is looked at before the source: a missing file is not what is told.
    [["--from", "missing.csv", "--url", "http://127.0.0.1:1"], 1, "cannot be reached: connect ECONNREFUSED"],
    [["--from", "missing.csv"], 1, "refuses the token", "wrong-key"],
    [["--from", from, "--url", "localhost"], 2, 'localhost" is no URL of a server'],
    [["--from", await file("empty.csv", [])], 1, "empty.csv has no rows"],
    [["--from", await file("header.csv", ["id,username"])], 1, "header.csv has no rows"],
    [["--from", await file("empty.jsonl", [])], 1, "empty.jsonl has no rows"],
    [
      ["--from", await file("keyless.csv", ["number,username", ...Array(50).fill("1,ada")])],
      1,
      "keyless.csv has no column id, the key; it has number, username",
    ],
    [["--from", from, "--rejects", join(folder.path, "no", "file")], 1, "file cannot be written: ENOENT"],
  ] as const) {
    const ended = await rollcall(0, ["import", ...args], token);
    expect(ended.exitCode, ended.stderr).toBe(exitCode);
    expect(ended.stderr).toMatch(/^(stopped; [^\n]+\n)?rollcall: [^\n]+\n$/);
    expect(ended.stderr).toContain(says);
  }
});

test("an export that is stopped, or whose server fails, leaves what was there and nothing half", async () => {
  await registered(cluster.sides[0], { username: "exported" });
  // What a player shows is what is compared, and a name is confirmed once all have heard of it.
  await eventually(async () => {
    for (const player of await exported(0))
      expect(player).not.toHaveProperty("usernameStatus", "provisional");
  });
  const whole = join(folder.path, "exports");
  await mkdir(whole);
  const out = join(whole, "players.jsonl");
  const ended = await rollcall(0, ["export", "--out", out]);
  expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
  const before = await readFile(out, "utf8");
  expect(before.trim().split("\n")).toEqual((await exported(0)).map((player) => JSON.stringify(player)));

  // A server that gives one page, and of the next one nothing or a refusal.
  const half = createServer((request, response) => {
    const first = !request.url?.includes("cursor");
    if (first) response.end(JSON.stringify({ items: [{ id: "half" }], next: "more" }));
    else if (refusing) response.writeHead(400).end("{}");
    else half.emit("waiting");
  });
  let refusing = true;
  half.listen(0, "127.0.0.1");
  await once(half, "listening");
  const address = half.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address?.port}`;
  try {
    const refused = await rollcall(0, ["export", "--out", out, "--url", url]);
    expect(refused).toMatchObject({ exitCode: 1, stderr: "rollcall: status 400\n" });
    refusing = false;
    const child = spawn(process.execPath, [COMMAND, "export", "--out", out, "--url", url]);
    await once(half, "waiting");
    child.kill("SIGINT");
    expect(await once(child, "close")).toEqual([130, null]);
  } finally {
    half.closeAllConnections();
    half.close();
  }
  expect(await readdir(whole)).toEqual(["players.jsonl"]);
  expect(await readFile(out, "utf8")).toBe(before);

  const nowhere = await rollcall(0, ["export", "--out", join(whole, "missing", "players.jsonl")]);
  expect(nowhere.exitCode).toBe(1);
  expect(nowhere.stderr).toMatch(/^rollcall: [^\n]+ cannot be written: ENOENT[^\n]+\n$/);
});
