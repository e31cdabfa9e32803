/** What the demo prints, as a shell takes it. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { describeCluster } from "../../../src/cli/demo/demo-text.ts";

test("the printed commands register another name each time they are pasted", () => {
  const at = (number: number) => ({
    name: `server-${number}`,
    url: `http://127.0.0.1:${number}`,
    pid: number,
  });
  const brokers = [{ engine: "redis-server" }];
  const cluster = { servers: [at(1), at(2)], brokers, opsToken: "token", apiKey: "key" };
  const text = describeCluster(cluster as unknown as Parameters<typeof describeCluster>[0], "/folder");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
  const commands = text.replaceAll(/\u001b\[\d+m/g, "").match(/^ {3}.*curl .*$/gm) ?? [];
  const script = ['curl() { shift $(($# - 1)); echo "$1"; }', ...commands.slice(0, 3)].join("\n");
  const paste = () => execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
  const [ada = "", find, grace = ""] = paste();
  const { username, region } = JSON.parse(ada);
  expect([region, find]).toEqual(["eu", `http://127.0.0.1:2/v1/players?username=${username}`]);
  expect(JSON.parse(grace).username).toMatch(/^grace-\d+$/);
  const names = new Set(Array.from({ length: 5 }, () => JSON.parse(paste()[0] ?? "").username));
  expect(names.size).toBeGreaterThan(1);
});
