/** What the demo prints, as a shell takes it. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCluster } from "../../../src/cli/demo/demo-text.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

/** A script that says how it was called, in a folder whose name has to be quoted. */
let script: string;
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder("it's a demo");
  script = join(folder.path, "main.js");
  const { argv, url, token } = {
    argv: "process.argv.slice(2)",
    url: "ROLLCALL_URL",
    token: "ROLLCALL_TOKEN",
  };
  writeFileSync(
    script,
    `console.log(JSON.stringify([process.env.${url}, process.env.${token}, ...${argv}]))`,
  );
});

afterAll(() => folder.remove());

function commandsOf(path: string): string[] {
  const at = (number: number) => ({
    name: `server-${number}`,
    url: `http://127.0.0.1:${number}`,
    pid: number,
  });
  const brokers = [{ engine: "redis-server" }];
  const cluster = { servers: [at(1), at(2)], brokers, opsToken: "token", apiKey: "key" };
  const text = describeCluster(cluster as unknown as Parameters<typeof describeCluster>[0], "/folder", path);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
  const plain = text.replaceAll(/\u001b\[\d+m/g, "");
  return [...plain.matchAll(/^ {3}(.+)$/gm)].map(([, command = ""]) => command);
}

function pasted(lines: readonly string[]): string[] {
  return execFileSync("bash", ["-c", lines.join("\n")], { encoding: "utf8" })
    .trim()
    .split("\n");
}

test("the printed commands register another name each time they are pasted", () => {
  const curls = commandsOf(script).filter((command) => command.includes("curl "));
  const paste = () => pasted(['curl() { shift $(($# - 1)); echo "$1"; }', ...curls]);
  const [ada = "", find, grace = ""] = paste();
  const { username, region } = JSON.parse(ada);
  expect([region, find]).toEqual(["eu", `http://127.0.0.1:2/v1/players?username=${username}`]);
  expect(JSON.parse(grace).username).toMatch(/^grace-\d+$/);
  const names = new Set(Array.from({ length: 5 }, () => JSON.parse(paste()[0] ?? "").username));
  expect(names.size).toBeGreaterThan(1);
});

test("the printed commands of operators ask all servers, with their token, from any folder", () => {
  const lines = commandsOf(script).filter((command) => /rollcall|ROLLCALL/.test(command));
  const environment = ["http://127.0.0.1:1,http://127.0.0.1:2", "token"];
  expect(pasted(["cd /", "name=ada", ...lines]).map((line) => JSON.parse(line))).toEqual([
    [...environment, "status"],
    [...environment, "history", "ada"],
    [...environment, "verify"],
  ]);
});

test("who called it by its name is not told where it is", () => {
  const isNaming = (command: string) => command.startsWith("rollcall()");
  expect(commandsOf("/usr/local/bin/rollcall").filter(isNaming)).toEqual([]);
  expect(commandsOf(script).filter(isNaming)).toHaveLength(1);
});
